// SPDX-License-Identifier: Apache-2.0
// The questions of setup, in the order in which an installer meets what they are about.
#pragma once

#include <string>
#include <vector>

#include "daemon/setup/answers.hpp"
#include "daemon/setup/dialogue.hpp"
#include "daemon/setup/place.hpp"
#include "daemon/setup/plugged.hpp"

namespace stile {

// What lies on the disk already, and what is plugged in.
struct Surroundings {
    GateRoot place;
    std::vector<Plugged> plugged;
    std::size_t known_keys = 0;  // in the key file
    bool has_secret = false;
    bool has_password = false;
};

// `answers` holds the defaults, and then what was answered. When the input ended they are of no
// use: dialogue.ended().
void interview(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers);

// Its parts, in order.
void ask_gate(Dialogue& dialogue, config::Gate& gate);
void ask_lanes(Dialogue& dialogue, config::Site& site);
void ask_readers(Dialogue& dialogue, const Surroundings& around, config::Site& site);
void ask_broker(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers);
void ask_tickets(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers);

}  // namespace stile
