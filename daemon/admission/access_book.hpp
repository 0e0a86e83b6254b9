// SPDX-License-Identifier: Apache-2.0
// The book of events, with everything that is compiled from it once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"
#include "daemon/catalog/orders/book.hpp"
#include "daemon/core/rules/program.hpp"
#include "daemon/core/zone.hpp"

namespace stile {

// Where somebody asks. Null: not known. Lives as long as the book.
struct Door {
    const EventBook* book = nullptr;
    const AccessList* list = nullptr;
    const rules::Program* rule = nullptr;  // null: it could not be compiled
    const Zone* zone = nullptr;
};

// Immutable once it is made; reentrant.
class AccessBook {
public:
    // Compiles rules and reads time zones: some milliseconds, so not while somebody waits.
    explicit AccessBook(std::shared_ptr<const Book> book);

    [[nodiscard]] Door find(const ListKey& list) const;
    [[nodiscard]] const Book& book() const { return *book_; }
    // Rules that could not be compiled and zones that nobody knows, for people: what needs them
    // refuses.
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

private:
    struct Part {
        std::unique_ptr<Zone> zone;
        std::vector<std::unique_ptr<rules::Program>> rules;  // one for each list of the event
    };
    [[nodiscard]] Part compile(const EventBook& event);

    std::shared_ptr<const Book> book_;  // shared with whoever loaded it; never changes
    std::vector<Part> parts_;           // one for each event
    std::vector<std::string> warnings_;
};

// Reads and compiles the newest book. Shared, since scans on their way keep the one that they were
// looked up in. Errors: Corrupt, Io; the caller refuses.
[[nodiscard]] Result<std::shared_ptr<const AccessBook>> load_access_book(
    const lmdb::Environment& catalog);

// The events' own keys for pretix_sig1 tickets, as far as they are sound. A gate that pins keys by
// its policy does not use them.
[[nodiscard]] crypto::KeyRing platform_keys(const Book& book);

}  // namespace stile
