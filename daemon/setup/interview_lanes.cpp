// SPDX-License-Identifier: Apache-2.0
// Questions about lanes and their readers.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/config/reader_source.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/config/wiring.hpp"
#include "daemon/setup/interview.hpp"

namespace stile {
namespace {

using config::Lane;
using config::Reader;
using Yes = Dialogue::Yes;

constexpr std::int64_t kMostLanes = 16;
// Those that the display has; others are files of a site's own.
constexpr std::string_view kLanguages[] = {"ar", "de", "en",      "es",
                                           "fr", "ja", "zh-Hans", "zh-Hant"};

struct Contact {
    std::string_view key, words;
};

constexpr Contact kOutputs[] = {
    {"release",
     "The contact that opens it: a relay from 1 to 8, or the number or name of a GPIO line."},
    {"lamp_go", "The contact of its green lamp; empty: none."},
    {"lamp_stop", "The contact of its red lamp; empty: none."},
};
constexpr Contact kInputs[] = {
    {"sensor",
     "The line of the passage sensor that somebody who enters covers first; empty: none."},
    {"sensor_inner", "The line of the second sensor, which tells the direction; empty: none."},
    {"arm_input", "The line that is active while the arm is unlocked; empty: none."},
    {"fire_input", "The line that is active in a fire, and opens all lanes; empty: none."},
};

template <class T>
std::string free_name(const std::vector<T>& list, std::string_view stem) {
    for (std::size_t number = 1;; ++number) {
        std::string name = fmt::format("{}-{}", stem, number);
        if (std::ranges::find(list, name, &T::name) == list.end()) return name;
    }
}

template <class T>
std::string twice(const std::vector<T>& list, const T& item) {
    return std::ranges::count(list, item.name, &T::name) < 2 ? "" : item.name + " is there already";
}

void forget_contacts(config::Wiring& wiring) {
    const std::string turnstile = wiring.turnstile;
    wiring = {};
    wiring.turnstile = turnstile;
}

void ask_wiring(Dialogue& dialogue, Lane& lane) {
    config::Wiring& it = lane.wiring;
    const std::string before = it.turnstile;
    const config::Fields rows = config::fields(it);
    dialogue.ask(
        "What opens its turnstile: relay (a USB board of relays), gpio (contacts of this "
        "controller itself), or simulated (nothing, to try a gate without one).",
        field_of(rows, "turnstile"));
    if (it.turnstile != before) forget_contacts(it);
    if (it.turnstile == "simulated") return;
    if (it.turnstile == "relay") {
        if (it.relay_board.empty()) it.relay_board = "any";
        dialogue.ask("The USB relay board: any if there is only one, else id:QAAMZ or port:1-1.4.",
                     field_of(rows, "relay_board"));
    }
    for (const Contact& contact : kOutputs)
        dialogue.ask(contact.words, field_of(rows, contact.key));
    if (it.gpio_chip.empty() && it.turnstile == "gpio") it.gpio_chip = "gpiochip0";
    dialogue.ask(it.turnstile == "gpio"
                     ? "The GPIO chip that has these lines: its name, its label or its path."
                     : "The GPIO chip that has the lines of its sensors: its name, its label or "
                       "its path; empty: there are none.",
                 field_of(rows, "gpio_chip"));
    if (it.gpio_chip.empty()) return;
    for (const Contact& contact : kInputs)
        dialogue.ask(contact.words, field_of(rows, contact.key));
    dialogue.ask("Which of these contacts are active at 0 volt, by their keys; empty: none.",
                 field_of(rows, "active_low"));
}

std::string mistake_in_wiring(const config::Site& site) {
    std::vector<config::WiredLane> wired;
    for (const Lane& lane : site.lanes) {
        const auto time = lane.group == "together" ? lane.each_person : config::Milliseconds::max();
        wired.push_back({lane.name, lane.wiring, time});
    }
    return config::mistake_in(wired, site.fire);
}

void ask_lane(Dialogue& dialogue, config::Site& site, Lane& lane) {
    const config::Fields rows = config::fields(lane);
    dialogue.ask("The name of a lane; displays, reports and commands know it by that.",
                 field_of(rows, "name"), [&] { return twice(site.lanes, lane); });
    dialogue.ask("Which way people go through it: entry, exit or both.",
                 field_of(rows, "direction"));
    ask_wiring(dialogue, lane);
    std::string what = mistake_in_wiring(site);
    while (!what.empty() && !dialogue.ended()) {
        dialogue.refuse(what);
        ask_wiring(dialogue, lane);
        what = mistake_in_wiring(site);
    }
    dialogue.ask("Its entrance, as guests know it, for the display; empty: not shown.",
                 field_of(rows, "entrance"));
    dialogue.ask(
        fmt::format("The language of its display: {}.", fmt::join(kLanguages, ", ")),
        field_of(rows, "language"), [&]() -> std::string {
            const bool own = !site.display.languages.empty();
            if (own || std::ranges::find(kLanguages, lane.language) != std::end(kLanguages))
                return {};
            return lane.language + " is none of them";
        });
    dialogue.ask("Greet guests by name where the platform's orders tell it: none or name.",
                 field_of(rows, "greeting"));
}

// Its rows and its readers follow a lane to its new name.
void ask_lane_and_rows(Dialogue& dialogue, config::Site& site, Lane& lane) {
    const std::string before = lane.name;
    ask_lane(dialogue, site, lane);
    for (config::Schedule& row : site.schedules) {
        if (row.lane == before) row.lane = lane.name;
    }
    for (Reader& reader : site.readers) {
        if (reader.lane == before) reader.lane = lane.name;
    }
}

// Rows and readers of lanes that are gone; the site file would be refused with them. Where the
// readers stand is asked for later.
void let_go_of_lanes(Dialogue& dialogue, config::Site& site) {
    for (Reader& reader : site.readers) {
        if (site.lane(reader.lane) == nullptr) reader.lane.clear();
    }
    for (auto row = site.schedules.begin(); row != site.schedules.end();) {
        const auto is_good = [&] { return row->lane.empty() || site.lane(row->lane) != nullptr; };
        const std::string question =
            fmt::format("The schedule has lane {}, which is gone, {} from {}. Take that out?",
                        row->lane, row->mode, row->from);
        if (!is_good() && dialogue.agrees(question, Yes::Usual)) {
            row = site.schedules.erase(row);
            continue;
        }
        if (!is_good()) {
            dialogue.ask("The lane that it is for now.", field_of(config::fields(*row), "lane"),
                         [&] { return is_good() ? "" : "there is no lane " + row->lane; });
        }
        ++row;
    }
}

std::string first_lane_for(const config::Site& site, const Reader& reader) {
    if (site.lane(reader.lane) != nullptr) return reader.lane;
    for (const Lane& lane : site.lanes) {
        if (std::ranges::find(site.readers, lane.name, &Reader::lane) == site.readers.end())
            return lane.name;
    }
    return site.lanes.front().name;
}

std::string mistake_in_lane(const config::Site& site, const Reader& reader) {
    return site.lane(reader.lane) != nullptr ? "" : "there is no lane " + reader.lane;
}

void ask_direction(Dialogue& dialogue, const config::Site& site, Reader& reader) {
    const Lane* const lane = site.lane(reader.lane);
    if (lane == nullptr || lane->direction != "both") {
        reader.direction.clear();
        return;
    }
    if (reader.direction.empty()) reader.direction = "entry";
    dialogue.ask("Whom it reads, since its lane has both: entry or exit.",
                 field_of(config::fields(reader), "direction"));
}

// Of the last reader, which is new or was there before.
void ask_place(Dialogue& dialogue, config::Site& site, Reader& reader) {
    const config::Fields rows = config::fields(reader);
    if (reader.name.empty()) reader.name = free_name(site.readers, reader.kind);
    dialogue.ask("The name of this reader.", field_of(rows, "name"), [&]() -> std::string {
        if (reader.name.size() > 32) return "longer than 32";
        return twice(site.readers, reader);
    });
    reader.lane = first_lane_for(site, reader);
    if (site.lanes.size() > 1) {
        dialogue.ask("The lane at which it stands.", field_of(rows, "lane"),
                     [&] { return mistake_in_lane(site, reader); });
    }
    ask_direction(dialogue, site, reader);
}

void ask_typed(Dialogue& dialogue, config::Site& site) {
    Reader& reader = site.readers.emplace_back();
    const config::Fields rows = config::fields(reader);
    dialogue.ask("What it is: camera, nfc (cards and phones) or scanner.", field_of(rows, "kind"));
    if (reader.kind != "camera") reader.source = "usb";
    dialogue.ask("Its source: /dev/video0, rtsp://HOST/STREAM, usb:VENDOR:PRODUCT, /dev/ttyACM0.",
                 field_of(rows, "source"),
                 [&site] { return config::mistake_in_sources(site.readers); });
    ask_place(dialogue, site, reader);
}

// A reader that stays keeps what setup does not ask of it.
void ask_known(Dialogue& dialogue, config::Site& site) {
    std::vector<Reader> before;
    before.swap(site.readers);
    for (Reader& reader : before) {
        const std::string question =
            fmt::format("Keep reader {} ({}, {})?", reader.name, reader.kind, reader.source);
        if (!dialogue.agrees(question, Yes::Usual)) continue;
        site.readers.push_back(std::move(reader));
        if (site.lane(site.readers.back().lane) == nullptr)
            ask_place(dialogue, site, site.readers.back());
        else
            ask_direction(dialogue, site, site.readers.back());
    }
}

void ask_plugged(Dialogue& dialogue, const Plugged& device, config::Site& site) {
    if (std::ranges::find(site.readers, device.source, &Reader::source) != site.readers.end())
        return;
    const bool keyboard = device.kind == "scanner";
    const std::string question =
        fmt::format("{}: {} ({}). Use it as a reader?{}", device.kind, device.name, device.source,
                    keyboard ? " Not if it is your keyboard." : "");
    if (!dialogue.agrees(question, keyboard ? Yes::NotUsual : Yes::Usual)) return;
    site.readers.push_back({.kind = device.kind, .source = device.source});
    if (const std::string what = config::mistake_in_sources(site.readers); !what.empty()) {
        dialogue.refuse(what);
        site.readers.pop_back();
        return;
    }
    ask_place(dialogue, site, site.readers.back());
}

}  // namespace

void ask_lanes(Dialogue& dialogue, config::Site& site) {
    auto count = std::max<std::int64_t>(std::ssize(site.lanes), 1);
    dialogue.ask("How many lanes this controller has.",
                 {.key = "lanes", .target = &count, .least = 1, .most = kMostLanes});
    const auto wanted = static_cast<std::size_t>(count);
    while (site.lanes.size() > wanted)
        site.lanes.pop_back();
    let_go_of_lanes(dialogue, site);  // before another lane takes such a name
    for (std::size_t i = 0; i < wanted && !dialogue.ended(); ++i) {
        if (i == site.lanes.size()) {
            std::string name = free_name(site.lanes, "lane");
            site.lanes.emplace_back().name = std::move(name);
        }
        ask_lane_and_rows(dialogue, site, site.lanes[i]);
    }
}

void ask_readers(Dialogue& dialogue, const Surroundings& around, config::Site& site) {
    if (dialogue.ended()) return;
    ask_known(dialogue, site);
    for (const Plugged& device : around.plugged)
        ask_plugged(dialogue, device, site);
    if (around.plugged.empty())
        dialogue.say("No camera and no reader is plugged in, or none can be seen from here.\n");
    while (dialogue.agrees("Another reader, that you name?",
                           site.readers.empty() ? Yes::Usual : Yes::NotUsual)) {
        ask_typed(dialogue, site);
    }
}

}  // namespace stile
