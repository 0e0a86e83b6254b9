// SPDX-License-Identifier: Apache-2.0
// What differs between two site files, and how much of it a gate takes over while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/site.hpp"

namespace stile::config {

// When a change comes into force: at once, or with a restart of that program. Gate: of all.
enum class InForce : std::uint8_t { AtOnce, WithGate, WithSync, WithReader, WithDisplay };

struct Change {
    std::string what;  // "policy.events", "lane north.group", "lane east: new"
    InForce when = InForce::AtOnce;
    std::string unit;  // to restart; empty: none
    friend bool operator==(const Change&, const Change&) = default;
};

// Makes `running` what `read` says, as far as that needs no restart of the gate; the rest stays as
// it is. Gives all differences by name, in the order of the tables. What goes across sections is
// to be checked again: with a lane that is not there yet, something may not fit.
[[nodiscard]] std::vector<Change> take_over(Site& running, const Site& read);

}  // namespace stile::config
