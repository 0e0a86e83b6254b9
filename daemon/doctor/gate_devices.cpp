// SPDX-License-Identifier: Apache-2.0
// Units, versions and devices, by the programs that know them.
#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "daemon/doctor/gate.hpp"
#include "daemon/doctor/json.hpp"
#include "daemon/doctor/probes.hpp"
#include "daemon/doctor/run.hpp"

namespace stile::doctor {
namespace {

using std::chrono::seconds;

constexpr seconds kVersionLimit{5};
constexpr seconds kUsbLimit{10};
constexpr seconds kCameraLimit{15};

bool is_camera(const config::Reader& reader) {
    return config::kind_of(reader) == config::ReaderKind::Camera;
}

Findings units(const Gate& gate) {
    const auto rules = unit_rules(gate.site);
    std::vector<std::string> names;
    names.reserve(rules.size());
    for (const UnitRule& rule : rules)
        names.push_back(rule.name);
    const auto facts = look_at_units(names);
    if (facts.front().load.empty())
        return {look(kProgramsUnits,
                     "Whether the gate's services run is not known: systemd does not answer here.",
                     "Run the doctor on the controller itself")};
    Findings found;
    for (std::size_t i = 0; i < rules.size(); ++i)
        append(found, check_unit(rules[i], facts[i]));
    return found;
}

std::vector<ProgramVersion> versions() {
    std::vector<std::pair<std::string, std::future<ProgramFact>>> asked;
    for (const char* name : {"stiled", "stile-reader", "stile-sync", "stile-display"}) {
        asked.emplace_back(name, std::async(std::launch::async, [name] {
                               return run({program_of_ours(name), "--version"}, kVersionLimit);
                           }));
    }
    std::vector<ProgramVersion> all;
    all.reserve(asked.size());
    for (auto& [name, answer] : asked)
        all.push_back({name, answer.get()});
    return all;
}

// Whose programs run, whatever the daemon says of them: one that it has not met yet has its camera.
std::set<std::string> running_readers(const Gate& gate) {
    std::vector<std::string> names;
    names.reserve(gate.site.readers.size());
    for (const config::Reader& reader : gate.site.readers)
        names.push_back("stile-reader@" + reader.name + ".service");
    std::set<std::string> running;
    if (names.empty()) return running;
    const auto facts = look_at_units(names);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (facts[i].active == "active") running.insert(gate.site.readers[i].name);
    }
    return running;
}

CameraFact look_through(const Gate& gate, const config::Reader& reader) {
    const auto told =
        run(as_reader({program_of_ours("stile-reader"), "--doctor", "--config", gate.site_file,
                       "--name", reader.name, "--json", "--seconds", "3"}),
            kCameraLimit);
    return parse_camera(told.out).value_or(CameraFact{});
}

// As root, who alone sees which other program holds a device.
std::map<std::string, UsbFact> look_at_usb(const Gate& gate) {
    const auto told =
        run({program_of_ours("stile-reader"), "--doctor-usb", "--config", gate.site_file, "--json"},
            kUsbLimit);
    return parse_usb(told.out);
}

Findings readers(const Gate& gate) {
    const auto held = running_readers(gate);
    std::map<std::string, std::future<CameraFact>> looks;
    bool usb_wanted = false;
    for (const config::Reader& reader : gate.site.readers) {
        if (holds_device(gate.running(), reader.name) || held.contains(reader.name)) continue;
        usb_wanted = usb_wanted || !is_camera(reader);
        if (is_camera(reader))
            looks[reader.name] = std::async(
                std::launch::async, [&gate, &reader] { return look_through(gate, reader); });
    }
    auto usb = usb_wanted ? look_at_usb(gate) : std::map<std::string, UsbFact>{};
    Findings found;
    for (const config::Reader& reader : gate.site.readers) {
        const auto look = looks.find(reader.name);
        if (look != looks.end()) {
            found.push_back(check_camera(reader, look->second.get()));
        } else if (holds_device(gate.running(), reader.name)) {
            found.push_back(check_running_reader(reader, gate.running()->readers.at(reader.name)));
        } else if (held.contains(reader.name)) {
            found.push_back(check_held_reader(reader));
        } else {
            found.push_back(check_usb(reader, usb[reader.name]));
        }
    }
    return found;
}

Findings turnstiles(const Gate& gate) {
    Findings found;
    for (const config::Lane& lane : gate.site.lanes) {
        const bool simulated = lane.wiring.turnstile == "simulated";
        if (gate.status && !simulated) {
            found.push_back(check_running_lane(lane, *gate.status));
        } else {
            append(found, check_wiring(lane, look_at_wiring(lane.wiring)));
        }
    }
    if (!gate.status)
        append(found, check_fire_wiring(gate.site.fire, look_at_fire(gate.site.fire)));
    return found;
}

}  // namespace

Findings examine_programs(const Gate& gate) {
    Findings found{check_daemon(gate.daemon, gate.daemon_detail)};
    append(found, units(gate));
    append(found,
           check_versions(STILE_VERSION, versions(), gate.status ? gate.status->software : ""));
    return found;
}

Findings examine_devices(const Gate& gate) {
    Findings found = readers(gate);
    append(found, turnstiles(gate));
    append(found, check_display(look_at_units({"stile-display.service"}).front(),
                                answers_at(gate.site.display.listen), gate.site.display.listen));
    return found;
}

}  // namespace stile::doctor
