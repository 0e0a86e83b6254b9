// SPDX-License-Identifier: Apache-2.0
// What the catalog holds, as JSON for tools and people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/book.hpp"
#include "daemon/catalog/orders/orders.hpp"

namespace stile {

// Of each event: its name, how many orders and positions, and how new they are. Errors: Corrupt,
// Io.
[[nodiscard]] Result<std::string> catalog_stat_json(OrderView& view);
// The same with each list's totals. Walks all orders: not for the gate thread.
[[nodiscard]] Result<std::string> catalog_stat_json(OrderView& view, const Book& book);

// All that is known under a secret, an order's code or a medium's identifier, in any event. Errors:
// NotFound, Corrupt, Io.
[[nodiscard]] Result<std::string> catalog_show_json(OrderView& view, std::string_view text);

}  // namespace stile
