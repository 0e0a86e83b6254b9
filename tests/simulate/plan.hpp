// SPDX-License-Identifier: Apache-2.0
// What will happen in an evening: who comes when, with which ticket, what the gate must say, and
// what goes wrong. Pure: the same wishes give the same plan.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/reason.hpp"
#include "tests/simulate/tickets.hpp"

namespace stile::simulate {

using Minutes = std::chrono::duration<double, std::ratio<60>>;  // since the doors opened

// When something begins, and when it is mended.
struct Spell {
    Minutes from{};
    Minutes until{};
    std::size_t gate = 0;
};

// One row of the table of scenarios. Shares are of the people who bought a ticket.
struct Scenario {
    std::string_view name;
    std::string_view about;
    double refunded = 0;         // come although their money was given back
    double refunded_inside = 0;  // get it back while they are inside
    double copied = 0;           // somebody else has a screenshot of their ticket
    double forged = 0;
    double wrong_day = 0;
    double smokers = 0;             // go out and come back
    std::optional<Minutes> refund;  // when the list of refunds reaches the gates
    std::optional<Spell> broken_reader;
    std::optional<Spell> network_cut;
    std::optional<Spell> dead_gate;  // stiled is killed, and started again
};
[[nodiscard]] std::span<const Scenario> scenarios();
// Null: there is none of that name.
[[nodiscard]] const Scenario* scenario_named(std::string_view name);

// What must be true before somebody shows a ticket.
enum class Needs : std::uint8_t {
    Nothing,
    Inside,   // whoever used it is inside
    Outside,  // they have left again
    Refund,   // this gate has the list of refunds
};

struct Showing {
    Minutes at{};
    std::size_t ticket = 0;  // in Plan::tickets
    std::size_t gate = 0;
    Direction direction = Direction::Entry;
    Needs needs = Needs::Nothing;
    Reason expected = Reason::Valid;

    // A copy at a gate that does not know of the one inside.
    [[nodiscard]] bool enters_twice() const {
        return needs == Needs::Inside && direction == Direction::Entry && expected == Reason::Valid;
    }
};

struct Plan {
    std::vector<TicketOrder> tickets;
    std::vector<Showing> showings;     // in the order of their times
    std::vector<std::size_t> refunds;  // tickets on the list of refunds
    std::size_t refunded_inside = 0;   // of those, whose holders are inside
    Minutes last{};                    // showing
};

struct Wishes {
    std::size_t gates = 4;
    std::size_t people = 400;
    std::uint64_t seed = 1;
    const Scenario* scenario = nullptr;
};

inline constexpr WallTime kDoors =
    std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + std::chrono::hours{18};
inline constexpr Minutes kShow{120};  // begins so long after the doors opened
[[nodiscard]] Plan plan_evening(const Wishes& wishes);

}  // namespace stile::simulate
