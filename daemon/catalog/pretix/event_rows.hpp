// SPDX-License-Identifier: Apache-2.0
// What an organiser sets up before the sale: events, products, lists and questions, from JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/key_ring.hpp"
#include "daemon/catalog/pretix/json.hpp"
#include "daemon/core/access_list.hpp"
#include "daemon/core/question.hpp"

namespace stile::pretix {

struct EventRow {
    Event event;  // without its series
    std::vector<crypto::PublicKey> keys;
    std::size_t bad_keys = 0;  // of valid_keys, left out: their tickets stay unproven
};

struct ListRow {
    AccessList list;
    std::string rules;  // JSON; empty: no rule
};

// All errors: Invalid, with what could not be understood. A row of this kind that is not understood
// is left out as a whole.
[[nodiscard]] Result<EventRow> event_row(JsonView row, std::uint32_t event);
[[nodiscard]] Result<Subevent> subevent_row(JsonView row);
[[nodiscard]] Result<Product> product_row(JsonView row);
[[nodiscard]] Result<ListRow> list_row(JsonView row, std::uint32_t event);
[[nodiscard]] Result<Question> question_row(JsonView row, std::uint32_t event);
// Whether the event's settings demand the use of a medium.
[[nodiscard]] bool media_enforced(JsonView settings);

}  // namespace stile::pretix
