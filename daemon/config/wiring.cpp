// SPDX-License-Identifier: Apache-2.0
// The keys of a lane's contacts, and what cannot be wired so.
#include "daemon/config/wiring.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace stile::config {
namespace {

using Way = Contact::Way;

constexpr std::string_view kFirePanel = "the fire panel";

template <class... T>
std::string about(std::string_view key, const WiredLane& lane, fmt::format_string<T...> what,
                  T&&... values) {
    return fmt::format("lane.{}: lane {}: {}", key, lane.name,
                       fmt::format(what, std::forward<T>(values)...));
}

bool has_inputs(const Wiring& wiring) {
    return std::ranges::any_of(contacts_of(wiring), [](const Contact& contact) {
        return contact.way == Way::Input && !contact.where.empty();
    });
}

bool is_board_name(std::string_view text) {
    constexpr std::size_t kIdLetters = 5;
    if (text.starts_with("id:")) return text.size() == 3 + kIdLetters;
    if (!text.starts_with("port:")) return text == "any";
    text.remove_prefix(5);
    const auto dash = text.find('-');
    const bool digits = std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.'; });
    return digits && dash != std::string_view::npos && dash > 0 && dash + 1 < text.size();
}

std::string mistake_in_simulated(const WiredLane& lane) {
    const Wiring& it = lane.wiring;
    for (const auto& [key, where, way] : contacts_of(it)) {
        if (!where.empty())
            return about(key, lane, "its turnstile is simulated and has no contacts");
    }
    if (!it.gpio_chip.empty()) return about("gpio_chip", lane, "its turnstile is simulated");
    if (!it.relay_board.empty()) return about("relay_board", lane, "its turnstile is simulated");
    return {};
}

std::string mistake_in_devices(const WiredLane& lane) {
    const Wiring& it = lane.wiring;
    const bool relay = it.turnstile == "relay";
    if (relay && it.relay_board.empty())
        return about("relay_board", lane, "missing; its turnstile is wired to a relay board");
    if (!it.relay_board.empty() && !relay)
        return about("relay_board", lane, "its turnstile is wired to GPIO lines");
    if (relay && !is_board_name(it.relay_board)) {
        return about("relay_board", lane,
                     "\"{}\" is not \"id:\" and five characters, \"port:1-1.4\", or \"any\"",
                     it.relay_board);
    }
    if (it.gpio_chip.empty() && (!relay || has_inputs(it)))
        return about("gpio_chip", lane, "missing; its contacts are lines of one");
    if (it.output == "pulse" && 2 * it.pulse > lane.each_person) {
        return about("pulse_ms", lane,
                     "a pulse and the rest after it do not fit into each_person_ms ({})",
                     lane.each_person.count());
    }
    return {};
}

std::string mistake_in_contacts(const WiredLane& lane) {
    const Wiring& it = lane.wiring;
    const bool relay = it.turnstile == "relay";
    if (it.release.empty()) return about("release", lane, "missing; it opens the turnstile");
    if (!it.sensor_inner.empty() && it.sensor.empty())
        return about("sensor_inner", lane, "it is the second one; the first is sensor");
    for (const auto& [key, where, way] : contacts_of(it)) {
        if (relay && way == Way::Output && !where.empty() && relay_number(where) == 0)
            return about(key, lane, "\"{}\" is not a relay from \"1\" to \"8\"", where);
    }
    for (const std::string& key : it.active_low) {
        const auto all = contacts_of(it);
        const auto found = std::ranges::find(all, key, &Contact::key);
        if (found == all.end() || found->where.empty())
            return about("active_low", lane, "\"{}\" is no contact that it has", key);
        if (relay && found->way == Way::Output)
            return about("active_low", lane, "{} is a relay; use its other contact", key);
    }
    return {};
}

// Where a contact is, the same for all ways to write it.
std::string place_of(const Wiring& wiring, const Contact& contact) {
    if (wiring.turnstile == "relay" && contact.way == Way::Output)
        return fmt::format("relay {} of board {}", contact.where, wiring.relay_board);
    std::string_view chip = wiring.gpio_chip;
    if (chip.starts_with("/dev/")) chip.remove_prefix(5);
    return fmt::format("line {} of {}", contact.where, chip);
}

std::string mistake_between(std::span<const WiredLane> lanes, const FirePanel& panel) {
    std::map<std::string, std::string> taken;
    if (!panel.line.empty()) {
        const Wiring as_lane{.gpio_chip = panel.gpio_chip};
        taken.emplace(place_of(as_lane, {"line", panel.line, Way::Input}), kFirePanel);
    }
    for (const WiredLane& lane : lanes) {
        for (const Contact& contact : contacts_of(lane.wiring)) {
            if (contact.where.empty()) continue;
            const std::string place = place_of(lane.wiring, contact);
            const auto [other, is_free] =
                taken.emplace(place, fmt::format("{} of lane {}", contact.key, lane.name));
            if (!is_free) return about(contact.key, lane, "{} is {} already", place, other->second);
        }
    }
    return {};
}

// Nobody can tell which of several boards "any" would be, nor whether an id and a port are one.
std::string mistake_in_boards(std::span<const WiredLane> lanes) {
    std::string_view first;
    for (const WiredLane& lane : lanes) {
        const std::string& board = lane.wiring.relay_board;
        if (board.empty()) continue;
        if (first.empty()) first = board;
        if (board != first && (board == "any" || first == "any"))
            return about("relay_board", lane, "with more than one board each needs its name");
        if (board.starts_with("id:") != first.starts_with("id:"))
            return about("relay_board", lane, "name all boards in the same way, by id or by port");
    }
    return {};
}

}  // namespace

std::vector<Contact> contacts_of(const Wiring& wiring) {
    return {{"release", wiring.release, Way::Output},
            {"release_exit", wiring.release_exit, Way::Output},
            {"lamp_go", wiring.lamp_go, Way::Output},
            {"lamp_stop", wiring.lamp_stop, Way::Output},
            {"buzzer", wiring.buzzer, Way::Output},
            {"sensor", wiring.sensor, Way::Input},
            {"sensor_inner", wiring.sensor_inner, Way::Input},
            {"arm_input", wiring.arm_input, Way::Input},
            {"fire_input", wiring.fire_input, Way::Input},
            {"tamper_input", wiring.tamper_input, Way::Input}};
}

bool is_active_low(const Wiring& wiring, std::string_view key) {
    return std::ranges::find(wiring.active_low, key) != wiring.active_low.end();
}

unsigned relay_number(std::string_view text) {
    const bool good = text.size() == 1 && text[0] >= '1' && text[0] <= '8';
    return good ? static_cast<unsigned>(text[0] - '0') : 0;
}

Fields fields(Wiring& s) {
    return {{.key = "turnstile", .target = &s.turnstile, .one_of = {"simulated", "gpio", "relay"}},
            {.key = "gpio_chip", .target = &s.gpio_chip, .form = Field::Form::Filled},
            {.key = "relay_board", .target = &s.relay_board, .form = Field::Form::Filled},
            {.key = "output", .target = &s.output, .one_of = {"pulse", "level"}},
            {.key = "pulse_ms", .target = &s.pulse, .least = 20, .most = 5'000},
            {.key = "release", .target = &s.release, .form = Field::Form::Filled},
            {.key = "release_exit", .target = &s.release_exit, .form = Field::Form::Filled},
            {.key = "lamp_go", .target = &s.lamp_go, .form = Field::Form::Filled},
            {.key = "lamp_stop", .target = &s.lamp_stop, .form = Field::Form::Filled},
            {.key = "buzzer", .target = &s.buzzer, .form = Field::Form::Filled},
            {.key = "sensor", .target = &s.sensor, .form = Field::Form::Filled},
            {.key = "sensor_inner", .target = &s.sensor_inner, .form = Field::Form::Filled},
            {.key = "arm_input", .target = &s.arm_input, .form = Field::Form::Filled},
            {.key = "fire_input", .target = &s.fire_input, .form = Field::Form::Filled},
            {.key = "tamper_input", .target = &s.tamper_input, .form = Field::Form::Filled},
            {.key = "active_low", .target = &s.active_low},
            {.key = "bias", .target = &s.bias, .one_of = {"as-is", "pull-up", "pull-down"}},
            {.key = "settle_ms", .target = &s.settle, .least = 1, .most = 500}};
}

Fields fields(FirePanel& s) {
    return {{.key = "gpio_chip",
             .target = &s.gpio_chip,
             .need = Need::Required,
             .form = Field::Form::Filled},
            {.key = "line", .target = &s.line, .need = Need::Required, .form = Field::Form::Filled},
            {.key = "active", .target = &s.active, .one_of = {"high", "low"}},
            {.key = "bias", .target = &s.bias, .one_of = {"as-is", "pull-up", "pull-down"}}};
}

std::string mistake_in(std::span<const WiredLane> lanes, const FirePanel& panel) {
    for (const WiredLane& lane : lanes) {
        if (lane.wiring.turnstile == "simulated") {
            if (auto what = mistake_in_simulated(lane); !what.empty()) return what;
            continue;
        }
        if (auto what = mistake_in_devices(lane); !what.empty()) return what;
        if (auto what = mistake_in_contacts(lane); !what.empty()) return what;
    }
    if (auto what = mistake_in_boards(lanes); !what.empty()) return what;
    return mistake_between(lanes, panel);
}

}  // namespace stile::config
