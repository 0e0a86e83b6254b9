// SPDX-License-Identifier: Apache-2.0
// What the movements of one ticket say: who is inside where, and who cannot be the same person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sync/collector/admissions.hpp"

namespace stile::sync {

// Area to the area around it; an area that is not named here lies in none.
using AreaTree = std::map<std::uint64_t, std::uint64_t>;

struct Headcount {
    std::uint64_t entered = 0;
    std::uint64_t left = 0;
    std::uint64_t inside = 0;

    Headcount& operator+=(const Headcount& other);
    Headcount& operator-=(const Headcount& other);
    friend bool operator==(const Headcount&, const Headcount&) = default;
};

// A ticket entered although all of its people were inside: by `at` (the first of those inside, then
// the one).
struct Conflict {
    static constexpr std::size_t kMostMovements = 8;
    crypto::TicketId ticket{};
    std::vector<Movement> at;
    [[nodiscard]] WallTime time() const { return at.back().time; }
    friend bool operator==(const Conflict&, const Conflict&) = default;
};

// Somebody came who had not been there before.
struct Arrival {
    WallTime time;
    std::uint32_t people = 0;
    std::uint64_t event = 0;
    friend bool operator==(const Arrival&, const Arrival&) = default;
};

struct Visits {
    static constexpr std::size_t kMostConflicts = 16;
    Headcount total;
    std::map<std::uint64_t, Headcount> areas;  // without 0
    std::vector<Conflict> conflicts;           // the newest
    std::vector<Arrival> arrivals;             // of each minute together
    friend bool operator==(const Visits&, const Visits&) = default;
};

struct VisitRules {
    const AreaTree& areas;
    // Nobody is inside who came before; arrivals count all the same.
    WallTime since;
    // People that the ticket is for. What a gate's own ledger let in while it knew of all the
    // others, and did not flag, is within it too.
    std::uint32_t people = 1;
};

// `movements` are of one ticket, sorted. Reentrant.
[[nodiscard]] Visits visits(std::span<const Movement> movements, const VisitRules& rules);

}  // namespace stile::sync
