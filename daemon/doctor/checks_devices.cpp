// SPDX-License-Identifier: Apache-2.0
// Readers, turnstiles and displays: by the running gate's word, or else by a look from outside.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/doctor/checks.hpp"

namespace stile::doctor {
namespace {

std::string_view check_of(const config::Reader& reader) {
    return config::kind_of(reader) == config::ReaderKind::Camera ? kDevicesCamera : kDevicesUsb;
}

std::string examine(const config::Reader& reader) {
    return config::kind_of(reader) == config::ReaderKind::Camera
               ? fmt::format("stilectl doctor camera --reader {}", reader.name)
               : std::string{"sudo stilectl doctor usb"};
}

std::string sentences(const std::vector<std::string>& advice) {
    return fmt::format("{}", fmt::join(advice, " "));
}

Finding bad_contact(std::string_view whose, const ContactFact& contact, std::string_view fix) {
    const bool taken = contact.state == ContactFact::State::Taken;
    return about(whose, bad(kDevicesTurnstile,
                            fmt::format("{} of {}: line {} {}: the lane does not work.",
                                        contact.key, whose, contact.where,
                                        taken ? "is held by \"" + contact.taken_by + "\""
                                              : "does not exist on this chip"),
                            std::string{fix}));
}

Findings contacts(std::string_view whose, const WiringFact& fact, const std::string& chip) {
    constexpr std::string_view kFix =
        "Compare the site file with the wiring; gpioinfo lists the "
        "lines (apt install gpiod)";
    if (fact.chip == Sight::Absent)
        return {about(whose, bad(kDevicesTurnstile,
                                 fmt::format("{} needs the GPIO chip {}, which this machine does "
                                             "not have: the lane does not work.",
                                             whose, chip),
                                 "gpiodetect lists the chips (apt install gpiod); mend gpio_chip "
                                 "in the site file"))};
    if (fact.chip == Sight::Hidden)
        return {about(whose, hidden(kDevicesTurnstile, "the GPIO chip " + chip))};
    Findings found;
    for (const ContactFact& contact : fact.contacts) {
        if (contact.state != ContactFact::State::Free)
            found.push_back(bad_contact(whose, contact, kFix));
    }
    return found;
}

Findings board(const config::Lane& lane, const WiringFact& fact) {
    const std::string& name = lane.wiring.relay_board;
    if (fact.board == WiringFact::Board::One)
        return {about(lane.name, look(kDevicesTurnstile,
                                      fmt::format("A relay board is plugged in. Whether it is {} "
                                                  "of {} only the running gate can tell, which "
                                                  "opens it.",
                                                  name, lane.name),
                                      "sudo systemctl start stile.target; then the doctor again"))};
    if (fact.board == WiringFact::Board::Absent)
        return {about(lane.name, bad(kDevicesTurnstile,
                                     fmt::format("The relay board {} of {} is not plugged in: the "
                                                 "lane does not open.",
                                                 name, lane.name),
                                     "Plug it in; lsusb shows it as 16c0:05df"))};
    return {};
}

}  // namespace

bool holds_device(const GateStatus* gate, const std::string& reader) {
    if (gate == nullptr) return false;
    const auto found = gate->readers.find(reader);
    return found != gate->readers.end() && found->second.state != "absent";
}

Finding check_running_reader(const config::Reader& reader, const ReaderStatus& status) {
    const auto check = check_of(reader);
    const std::string detail = status.detail.empty() ? "" : ": " + status.detail;
    if (status.state == "working") {
        const std::string rate =
            config::kind_of(reader) == config::ReaderKind::Camera
                ? fmt::format(", {:.0f} pictures a second", status.frames_per_s)
                : "";
        return about(reader.name,
                     good(check, fmt::format("{} works{} (its running program says so).",
                                             reader.name, rate)));
    }
    if (status.state == "starting")
        return about(reader.name, look(check, fmt::format("{} is starting{}.", reader.name, detail),
                                       "Run the doctor again in a minute"));
    if (status.state == "degraded")
        return about(reader.name,
                     look(check,
                          fmt::format("{} works badly{}. Guests hold their tickets for longer "
                                      "(its running program says so).",
                                      reader.name, detail),
                          examine(reader)));
    return about(reader.name, bad(check,
                                  fmt::format("{} reads nothing{}. Guests at {} are not let in by "
                                              "it.",
                                              reader.name, detail, reader.lane),
                                  examine(reader)));
}

Finding check_held_reader(const config::Reader& reader) {
    return about(reader.name,
                 look(check_of(reader),
                      fmt::format("{} is held by its running program; what that sees only the "
                                  "running gate tells.",
                                  reader.name),
                      "sudo systemctl start stile.target; then the doctor again"));
}

Finding check_camera(const config::Reader& reader, const CameraFact& fact) {
    if (fact.state.empty())
        return about(reader.name,
                     look(kDevicesCamera, fmt::format("{} could not be examined.", reader.name),
                          examine(reader)));
    if (!fact.reason.empty() || fact.pictures_a_second <= 0)
        return about(reader.name,
                     bad(kDevicesCamera,
                         fmt::format("{} sees nothing ({}{}). Guests at {} cannot show a code to "
                                     "it.",
                                     reader.name, fact.state,
                                     fact.reason.empty() ? "" : ": " + fact.reason, reader.lane),
                         fact.advice.empty() ? examine(reader) : sentences(fact.advice)));
    if (fact.state != "ok")
        return about(reader.name,
                     look(kDevicesCamera,
                          fmt::format("{} sees badly ({}): guests hold their tickets for longer.",
                                      reader.name, fact.state),
                          fact.advice.empty() ? examine(reader) : sentences(fact.advice)));
    return about(reader.name,
                 good(kDevicesCamera, fmt::format("{} sees well, {:.0f} pictures a second.",
                                                  reader.name, fact.pictures_a_second)));
}

Finding check_usb(const config::Reader& reader, const UsbFact& fact) {
    if (fact.found)
        return about(reader.name, good(kDevicesUsb, fmt::format("The device of {} is there ({}).",
                                                                reader.name, reader.source)));
    const std::string why = fact.why.empty() ? "nothing that it may use is plugged in" : fact.why;
    return about(reader.name,
                 bad(kDevicesUsb,
                     fmt::format("{} has no device ({}): {}. Guests at {} cannot use it.",
                                 reader.name, reader.source, why, reader.lane),
                     fact.advice.empty() ? examine(reader) : sentences(fact.advice)));
}

Findings check_wiring(const config::Lane& lane, const WiringFact& fact) {
    if (lane.wiring.turnstile == "simulated")
        return {about(lane.name,
                      look(kDevicesTurnstile,
                           fmt::format("{} has a simulated turnstile: tickets are judged and "
                                       "recorded, and nothing opens.",
                                       lane.name),
                           "For a real one: turnstile = \"gpio\" or \"relay\" in the site file "
                           "(WIRING.md)"))};
    Findings found = contacts(lane.name, fact, lane.wiring.gpio_chip);
    append(found, board(lane, fact));
    if (found.empty())
        found.push_back(about(
            lane.name, good(kDevicesTurnstile, fmt::format("What {} is wired to is there and free; "
                                                           "nothing was moved.",
                                                           lane.name))));
    return found;
}

Findings check_fire_wiring(const config::FirePanel& panel, const WiringFact& fact) {
    if (panel.line.empty()) return {};
    Findings found = contacts("fire", fact, panel.gpio_chip);
    if (found.empty())
        found.push_back(
            about("fire", good(kDevicesTurnstile, "The fire panel's line is there and free.")));
    return found;
}

Finding check_running_lane(const config::Lane& lane, const GateStatus& gate) {
    const auto found = gate.lanes.find(lane.name);
    if (found == gate.lanes.end())
        return about(lane.name, look(kDevicesTurnstile,
                                     fmt::format("The running gate does not know {}: the site file "
                                                 "was changed since.",
                                                 lane.name),
                                     "sudo systemctl restart stile.target"));
    const LaneStatus& status = found->second;
    if (status.state == "out-of-order" && status.mode != "out-of-order")
        return about(lane.name, bad(kDevicesTurnstile,
                                    fmt::format("{} is out of order: its turnstile does not "
                                                "answer, and nobody passes.",
                                                lane.name),
                                    "Look at its cables and power; journalctl -u stiled -n 30"));
    if (status.mode != "normal" || status.state == "fire")
        return about(lane.name, look(kDevicesTurnstile,
                                     fmt::format("{} does not work as usual now: {}.", lane.name,
                                                 status.state == "fire" ? "fire" : status.mode),
                                     fmt::format("stilectl mode {} normal, if nobody wants it so",
                                                 lane.name)));
    return about(lane.name,
                 good(kDevicesTurnstile, fmt::format("The turnstile of {} answers.", lane.name)));
}

Findings check_display(const UnitFact& unit, bool answers, std::string_view address) {
    if (answers)
        return {good(kDevicesDisplay,
                     fmt::format("The pages of the lanes answer at http://{}/.", address))};
    if (unit.active != "active") return {};  // no screens, or programs.units says it
    return {look(kDevicesDisplay,
                 fmt::format("stile-display runs and http://{}/ does not answer: guests are let "
                             "in, and the screens at the lanes show nothing.",
                             address),
                 "sudo systemctl restart stile-display")};
}

}  // namespace stile::doctor
