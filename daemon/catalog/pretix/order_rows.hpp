// SPDX-License-Identifier: Apache-2.0
// What changes while tickets are sold: orders, media, and the two lists of secrets, from JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/catalog/orders/order.hpp"
#include "daemon/catalog/orders/secret_list.hpp"
#include "daemon/catalog/pretix/json.hpp"

namespace stile::pretix {

struct OrderRow {
    Order order;
    // Positions that could not be understood completely: they stay, so that their secrets are
    // known, and count as cancelled. Words for people, one for each.
    std::vector<std::string> doubts;
};

// Never fails for an object: an order without a code gets one that no platform gives. Errors:
// Invalid (no object).
[[nodiscard]] Result<OrderRow> order_row(JsonView row, std::uint32_t event);

// Errors: Invalid, with the field that could not be understood.
[[nodiscard]] Result<KnownMedium> medium_row(JsonView row);

// Of the revocation list or the block list. Errors: Invalid; Unsupported for a secret that is too
// long to be scanned.
[[nodiscard]] Result<ListedSecret> secret_row(JsonView row, std::uint32_t event);

}  // namespace stile::pretix
