// SPDX-License-Identifier: Apache-2.0
// Which contact of a lane is wired where, as the site file says it.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/document.hpp"

namespace stile::config {

// Contacts are lines of the GPIO chip, by number or by name; with a relay board the outputs are its
// relays, from 1. An empty contact is not there. devices/turnstile/WIRING.md has the pictures.
struct Wiring {
    std::string turnstile = "simulated";  // simulated | gpio | relay: what releases it
    std::string gpio_chip;                // its name, its label or a path
    std::string relay_board;              // "id:QAAMZ", "port:1-1.4", or "any"
    std::string output = "pulse";         // pulse: one a person | level: on until it is locked
    std::chrono::milliseconds pulse{500};

    std::string release;
    std::string release_exit;  // empty: `release` is for both directions
    std::string lamp_go;
    std::string lamp_stop;
    std::string buzzer;

    std::string sensor;        // that somebody who enters covers first; empty: nobody is seen
    std::string sensor_inner;  // and second
    std::string arm_input;     // active while the arm is unlocked
    std::string fire_input;
    std::string tamper_input;

    std::vector<std::string> active_low;  // keys of contacts that are active at 0 volt
    std::string bias = "as-is";           // of the inputs: as-is | pull-up | pull-down
    std::chrono::milliseconds settle{5};  // an input must stand still for so long
};

// The contact of the venue's fire panel, for all lanes.
struct FirePanel {
    std::string gpio_chip;
    std::string line;              // empty: there is none
    std::string active = "high";   // high | low: the level that means fire
    std::string bias = "pull-up";  // as-is | pull-up | pull-down
};

// Of one lane, for messages that are about several.
struct WiredLane {
    std::string_view name;
    const Wiring& wiring;
    std::chrono::milliseconds each_person;  // that a group has for each of its people
};

struct Contact {
    std::string_view key;
    const std::string& where;
    enum class Way { Output, Input } way;
};
// All of them, also those that are not there.
[[nodiscard]] std::vector<Contact> contacts_of(const Wiring& wiring);
[[nodiscard]] bool is_active_low(const Wiring& wiring, std::string_view key);
// A relay from 1 to 8; 0 for anything else.
[[nodiscard]] unsigned relay_number(std::string_view text);

[[nodiscard]] Fields fields(Wiring& wiring);
[[nodiscard]] Fields fields(FirePanel& panel);

// The first mistake, "lane.release: ..."; empty: it is good. No two contacts are in one place.
[[nodiscard]] std::string mistake_in(std::span<const WiredLane> lanes, const FirePanel& panel);

}  // namespace stile::config
