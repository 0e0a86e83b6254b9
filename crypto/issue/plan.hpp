// SPDX-License-Identifier: Apache-2.0
// Cells with their types: what one ticket will say, and what is printed beside it.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/issue/columns.hpp"

namespace stile::crypto {

enum class TicketClass : std::uint8_t { Guest, Vip, Crew, Staff };

// Printed for people; no gate reads it.
struct PrintText {
    std::string title, venue, entrance, name, note;
    std::string zone = "UTC";
    std::optional<std::chrono::sys_seconds> starts;
    TicketClass ticket_class = TicketClass::Guest;
};

struct TicketPlan {
    Gt1Fields fields;
    std::optional<std::uint64_t> serial;  // nothing: the next one
    PrintText print;
    std::string ref;
    std::string off_sale;  // why no new ticket of it is made now; empty: it is on sale
};

// Which cell is wrong, and what is wrong with it.
struct CellFault {
    Column column;
    std::string text;
};

// What must be said for a plan.
enum class Demand : std::uint8_t { Everything, NothingYet };

// With NothingYet each cell is checked by itself, as what is missing may still be said elsewhere.
[[nodiscard]] std::expected<TicketPlan, CellFault> make_plan(const Cells& cells,
                                                             std::chrono::sys_seconds now,
                                                             Demand demand = Demand::Everything);

// The cells that make the same ticket again, but for its counter.
[[nodiscard]] Cells cells_of(const Gt1Fields& fields);

// Errors: Invalid, with the form.
[[nodiscard]] Result<HolderKey> parse_holder_key(std::string_view hex);

}  // namespace stile::crypto
