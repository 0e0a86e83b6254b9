// SPDX-License-Identifier: Apache-2.0
// Puts orders and media into a load, with everything by which they are found again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/catalog/orders/loads.hpp"
#include "daemon/catalog/orders/order.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

enum class Stored : std::uint8_t { New, Replaced, Older };

// One transaction's worth of changes. Borrows all that it is made of. All errors: Invalid (the row
// is too large), Full, Corrupt, Io.
class OrderWriter {
public:
    // `load` grows as rows are put. `previous` is the load that is in use while this one is built:
    // what it knows of an order that ours does not is carried over. 0: none.
    OrderWriter(const lmdb::Environment& catalog, lmdb::Writer& writer, Load& load,
                std::uint32_t previous)
        : catalog_{catalog}, writer_{writer}, load_{load}, previous_{previous} {}

    // Replaces the whole order of this code, unless ours is newer. The identities of its positions
    // stay in memory; their old secrets open nothing any more.
    [[nodiscard]] Result<Stored> put(std::uint32_t event, Order order);
    [[nodiscard]] Result<Stored> put(const KnownMedium& medium);
    [[nodiscard]] Result<void> remove_medium(std::uint64_t id);

    // About as many as were written, for the size of batches.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    struct Found {
        std::uint32_t ordinal = 0;
        Order order;
    };
    [[nodiscard]] Result<std::optional<Found>> find(std::uint32_t load, std::uint32_t event,
                                                    std::string_view code) const;
    // The ordinal of the order; its old version is gone.
    [[nodiscard]] Result<std::uint32_t> room_for(const std::optional<Found>& ours,
                                                 std::string_view code);
    [[nodiscard]] Result<void> write(std::uint32_t ordinal, const Order& order);
    [[nodiscard]] Result<void> index(std::uint32_t ordinal, const Order& order);
    [[nodiscard]] Result<void> forget(std::uint32_t ordinal, const Order& order);
    [[nodiscard]] Result<void> add(IndexKind kind, std::uint64_t number, std::uint64_t value);
    [[nodiscard]] Result<void> take(IndexKind kind, std::uint64_t number, std::uint64_t value);
    [[nodiscard]] lmdb::Table table(CatalogTable of) const { return table_of(catalog_, of); }

    const lmdb::Environment& catalog_;
    lmdb::Writer& writer_;
    Load& load_;
    std::uint32_t previous_;
    std::size_t bytes_ = 0;
};

}  // namespace stile
