// SPDX-License-Identifier: Apache-2.0
// Which of several positions a scanned code stands for.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "daemon/core/access_list.hpp"
#include "daemon/core/position.hpp"
#include "daemon/core/query.hpp"

namespace stile {

// A position that the code was found to name, or an add-on of one. Borrows.
struct Candidate {
    const KnownPosition* position = nullptr;  // never null
    const AccessList* list = nullptr;         // chosen for its event; null: not known
    std::size_t base = 0;  // place of the position that the code names; an add-on has another's
};

enum class FoundBy : std::uint8_t { Secret, Medium };

struct Choice {
    Refusal refusal;        // nothing: `candidate` is the claimant
    std::size_t candidate;  // else the one to speak of: with InvalidTime the one that works next,
                            // or worked last
    friend bool operator==(const Choice&, const Choice&) = default;
};

// Several positions with one secret are ambiguous. On a list that matches add-ons, each position
// stands for those of itself and its add-ons that are on the list: there must be exactly one. Of
// several that a medium stands for, those count that are valid now; an exit is not refused for
// times, and takes the one that ended last. Pure and total. Allocates nothing.
[[nodiscard]] Choice choose(std::span<const Candidate> candidates, FoundBy found_by, WallTime now,
                            Direction direction);

}  // namespace stile
