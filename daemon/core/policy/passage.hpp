// SPDX-License-Identifier: Apache-2.0
// From which area to which somebody goes, and what the areas say to that: anti-passback and
// capacity.
#pragma once

#include "daemon/core/policy/check.hpp"

namespace stile {

// Places in the tree of areas.
struct Route {
    std::size_t at = 0;  // where the holder is, as far as is known
    std::size_t from = 0;
    std::size_t to = 0;
    enum class Stay : std::uint8_t { Remembered, Forgotten } stay = Stay::Remembered;
};

// A lane without a way of its own leads nowhere in particular: whoever enters stays where they are,
// whoever leaves is outside.
[[nodiscard]] Route route_of(const AccessPolicy& policy, const PolicyFacts& facts,
                             const Terms& terms);

// How many go together, how long the turnstile stays open, and from where to where they are
// counted.
[[nodiscard]] Duties duties_of(const AccessPolicy& policy, const PolicyFacts& facts,
                               const Terms& terms, const Route& route);

struct Presence {
    std::optional<PolicyRefusal> refusal;
    enum class Mark : std::uint8_t { None, Passback } mark = Mark::None;
};

// Anti-passback of every area that an entry leads into, and whether it comes from the area around.
[[nodiscard]] Presence enter(const AccessPolicy& policy, const PolicyFacts& facts,
                             const Terms& terms, const Route& route, std::uint8_t people);

// Marks somebody who leaves an area that minds passback, and is not in it.
[[nodiscard]] Presence leave(const AccessPolicy& policy, const PolicyFacts& facts,
                             const Terms& terms, const Route& route);

// No room for them in the area, or in one around it.
[[nodiscard]] std::optional<PolicyRefusal> overfull(const AccessPolicy& policy,
                                                    const PolicyFacts& facts, const Terms& terms,
                                                    const Duties& duties);

}  // namespace stile
