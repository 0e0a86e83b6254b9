// SPDX-License-Identifier: Apache-2.0
// Asks the catalog who holds a scanned secret or medium, and what else is known of them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/loads.hpp"
#include "daemon/catalog/orders/order.hpp"
#include "daemon/catalog/orders/secret_list.hpp"
#include "daemon/core/access_list.hpp"
#include "daemon/core/position.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// Positions and media that keep their memory, so that looking up allocates nothing after the first
// few.
template <class Value>
class Slots {
public:
    void clear() { used_ = 0; }
    [[nodiscard]] Value& add() {
        if (used_ == values_.size()) values_.emplace_back();
        return values_[used_++];
    }
    void drop_last() { --used_; }
    [[nodiscard]] std::span<Value> all() { return std::span{values_}.first(used_); }
    [[nodiscard]] std::span<const Value> all() const { return std::span{values_}.first(used_); }
    [[nodiscard]] std::size_t size() const { return used_; }

private:
    std::vector<Value> values_;
    std::size_t used_ = 0;
};
using FoundPositions = Slots<KnownPosition>;
using FoundMedia = Slots<KnownMedium>;

struct Tally {
    std::uint64_t total = 0;       // positions that the list is about
    std::uint64_t checked_in = 0;  // of them, with an entry on it that the platform knows
};

// What one list has to do with an event's orders.
struct ListCount : Tally {
    std::map<std::uint64_t, Tally> products;  // by id; only those that were sold
};

// Look-ups in one snapshot. Thread-bound. All that find add to what `into` holds; all errors:
// Corrupt, Io; the caller refuses.
class OrderView {
public:
    OrderView(OrderView&& other) noexcept : session_{std::exchange(other.session_, nullptr)} {}
    OrderView& operator=(OrderView&&) = delete;
    OrderView(const OrderView&) = delete;
    OrderView& operator=(const OrderView&) = delete;
    ~OrderView();

    // Positions of these events with exactly this secret; several are a defined case.
    [[nodiscard]] Result<void> find_by_secret(std::span<const std::uint32_t> events,
                                              std::string_view secret, FoundPositions& into);
    // Media by what a reader reads; the platform has one at most.
    [[nodiscard]] Result<void> find_medium(std::string_view type, std::string_view identifier,
                                           FoundMedia& into);
    // In the order of `ids`.
    [[nodiscard]] Result<void> positions_by_id(std::span<const std::uint32_t> events,
                                               std::span<const std::uint64_t> ids,
                                               FoundPositions& into);
    [[nodiscard]] Result<void> order(std::uint32_t event, std::string_view code,
                                     FoundPositions& into);
    [[nodiscard]] Result<void> addons_of(const KnownPosition& position, FoundPositions& into);
    // Whether any medium, also an inactive one, is linked to the position.
    [[nodiscard]] Result<bool> has_medium(std::uint64_t position);
    // The platform's lists of secrets: is one of these names on them?
    [[nodiscard]] Result<bool> is_listed(SecretList list, std::uint32_t event,
                                         std::span<const crypto::Identity> identities);

    // Number 0: none was ever loaded.
    [[nodiscard]] Result<Load> load(LoadOf of) const;
    [[nodiscard]] Result<std::vector<std::pair<LoadOf, Load>>> loads() const;
    // The platform's word for the event; empty when it has not said.
    [[nodiscard]] Result<std::string> slug(std::uint32_t event) const;
    // A newer one: load_book() anew.
    [[nodiscard]] Result<std::uint64_t> book_version() const;
    // Walks every order: for people, not for decisions.
    [[nodiscard]] Result<ListCount> count(const AccessList& list);
    using Visitor = std::function<void(const KnownPosition&)>;
    [[nodiscard]] Result<void> each_position(std::uint32_t event, const Visitor& visit);

private:
    friend class Orders;
    struct Session {
        const lmdb::Environment* catalog;
        lmdb::Reader reader;
        lmdb::Cursor secrets;
    };
    explicit OrderView(Session& session) : session_{&session} {}
    using Wanted = bool (*)(const OrderRecord::Head&, const void*);
    [[nodiscard]] Result<void> find(std::uint32_t event, IndexKind kind, std::uint64_t number,
                                    Wanted wanted, const void* what, FoundPositions& into);
    [[nodiscard]] Result<void> read_place(std::uint32_t event, std::uint32_t load, Place place,
                                          Wanted wanted, const void* what, FoundPositions& into);
    [[nodiscard]] Result<OrderRecord> record(std::uint32_t event, std::uint32_t load,
                                             std::uint32_t ordinal) const;
    [[nodiscard]] Result<std::optional<OrderRecord>> find_order(std::uint32_t event,
                                                                std::string_view code) const;
    // Calls `use` for each number under the key.
    template <class Use>
    [[nodiscard]] Result<void> each(std::uint32_t load, IndexKind kind, std::uint64_t number,
                                    const Use& use) const;
    [[nodiscard]] lmdb::Table table(CatalogTable of) const {
        return table_of(*session_->catalog, of);
    }

    Session* session_;  // of the Orders; null after a move
};

// The gate's way to the orders. Thread-bound.
class Orders {
public:
    // Borrows the environment, which open_catalog made.
    explicit Orders(const lmdb::Environment& catalog) : catalog_{catalog} {}

    // The newest snapshot; keep it for one decision. One at a time: the former must be gone. No
    // allocation after the first. Errors: Corrupt, Io.
    [[nodiscard]] Result<OrderView> view();

private:
    const lmdb::Environment& catalog_;
    std::unique_ptr<OrderView::Session> session_;
};

}  // namespace stile
