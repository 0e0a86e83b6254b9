// SPDX-License-Identifier: Apache-2.0
// Everything small about the events, in memory: times, products, lists with their rules, questions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"
#include "daemon/core/access_list.hpp"
#include "daemon/core/question.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

struct BookList {
    AccessList list;
    std::string rules;  // the custom rule as JSON; empty: none
};

// One event. All look-ups give null for what is not known.
struct EventBook {
    Event event;
    std::vector<crypto::PublicKey> keys;  // of its pretix_sig1 tickets
    std::vector<Product> products;        // each of these by ascending id
    std::vector<BookList> lists;
    std::vector<Question> questions;

    [[nodiscard]] const Product* product(std::uint64_t id) const;
    [[nodiscard]] const BookList* list(std::uint64_t id) const;
    [[nodiscard]] const Question* question(std::uint64_t id) const;
    [[nodiscard]] const Subevent* subevent(std::uint64_t id) const;
};
[[nodiscard]] const Variation* find_variation(const Product& product, std::uint64_t id);

// Immutable once it is made; reentrant.
class Book {
public:
    Book() = default;
    Book(std::uint64_t version, std::vector<EventBook> events);

    [[nodiscard]] std::uint64_t version() const { return version_; }  // 0: empty
    [[nodiscard]] const std::vector<EventBook>& events() const { return events_; }
    [[nodiscard]] const EventBook* find(std::uint32_t event) const;
    [[nodiscard]] const EventBook* find(std::string_view slug) const;

private:
    std::uint64_t version_ = 0;
    std::vector<EventBook> events_;  // by ascending number
};

// Reads the documents of one snapshot: some milliseconds for a thousand of them, so not while
// somebody waits at the gate. Shared, because the gate goes on with the old book, and everything
// compiled from it, until it takes the new one. Errors: Corrupt, Io; the caller refuses.
[[nodiscard]] Result<std::shared_ptr<const Book>> load_book(const lmdb::Environment& catalog);

}  // namespace stile
