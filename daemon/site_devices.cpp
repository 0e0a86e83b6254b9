// SPDX-License-Identifier: Apache-2.0
// Words of the site file into lines, relays and roles.
#include "daemon/site_devices.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "devices/turnstile/gpio/gpiod_lines.hpp"
#include "devices/turnstile/gpio_outputs.hpp"
#include "devices/turnstile/relay/hidraw_relay.hpp"
#include "devices/turnstile/simulated_turnstile.hpp"
#include "devices/turnstile/wired_turnstile.hpp"

namespace stile {
namespace {

using config::Contact;
using config::Wiring;
using devices::GpioLine;
using devices::GpioRequest;
using devices::InputRole;
using devices::Trouble;

constexpr std::array kTroubles{
    std::pair{std::string_view{"nobody-passes"}, Trouble::NobodyPasses},
    std::pair{std::string_view{"slow-person"}, Trouble::SlowPerson},
    std::pair{std::string_view{"tailgater"}, Trouble::Tailgater},
    std::pair{std::string_view{"reverse-walker"}, Trouble::ReverseWalker},
    std::pair{std::string_view{"bouncing-sensor"}, Trouble::BouncingSensor},
    std::pair{std::string_view{"stuck-sensor"}, Trouble::StuckSensor},
    std::pair{std::string_view{"stuck-arm"}, Trouble::StuckArm},
    std::pair{std::string_view{"late-relay"}, Trouble::LateRelay},
    std::pair{std::string_view{"device-gone"}, Trouble::DeviceGone},
};

constexpr std::array kRoles{
    std::pair{std::string_view{"sensor"}, InputRole::Outer},
    std::pair{std::string_view{"sensor_inner"}, InputRole::Inner},
    std::pair{std::string_view{"arm_input"}, InputRole::Arm},
    std::pair{std::string_view{"fire_input"}, InputRole::Fire},
    std::pair{std::string_view{"tamper_input"}, InputRole::Tamper},
};

Trouble trouble_named(std::string_view name) {
    for (const auto& [word, trouble] : kTroubles) {
        if (word == name) return trouble;
    }
    return Trouble::None;
}

std::unique_ptr<devices::Turnstile> simulated(const config::Lane& lane, EventLoop& loop) {
    const Trouble trouble = trouble_named(lane.simulated_trouble);
    return std::make_unique<devices::SimulatedTurnstile>(
        loop,
        devices::SimulatedTurnstile::Options{
            .passage = lane.simulated_passage,
            .trouble = trouble,
            .has = {.second_sensor = lane.direction == "both" || trouble == Trouble::ReverseWalker,
                    .arm_feedback = true}});
}

const std::string& where(const Wiring& wiring, std::string_view key) {
    const auto all = config::contacts_of(wiring);
    return std::ranges::find(all, key, &Contact::key)->where;
}

GpioLine line_of(const Wiring& wiring, std::string_view key) {
    return {where(wiring, key),
            config::is_active_low(wiring, key) ? GpioLine::Active::Low : GpioLine::Active::High};
}

GpioRequest::Bias bias_named(std::string_view name) {
    if (name == "pull-up") return GpioRequest::Bias::PullUp;
    return name == "pull-down" ? GpioRequest::Bias::PullDown : GpioRequest::Bias::AsIs;
}

// "id:QAAMZ", "port:1-1.4", "any"
devices::RelayName relay_named(std::string_view text) {
    if (text.starts_with("id:")) return {.id = std::string{text.substr(3)}};
    if (text.starts_with("port:")) return {.port = std::string{text.substr(5)}};
    return {};
}

}  // namespace

std::shared_ptr<devices::RelayBoard> SiteDevices::board(const std::string& name) {
    auto& known = boards_[name];
    if (auto board = known.lock()) return board;
    auto board = std::make_shared<devices::RelayBoard>(
        loop_, devices::RelayBoard::Options{.open = devices::hidraw_relay(relay_named(name))});
    known = board;
    return board;
}

std::unique_ptr<devices::Outputs> SiteDevices::outputs(const Wiring& wiring, const Names& keys) {
    if (wiring.turnstile == "relay") {
        std::vector<std::uint8_t> channels;
        for (const std::string_view key : keys)
            channels.push_back(static_cast<std::uint8_t>(config::relay_number(where(wiring, key))));
        return std::make_unique<devices::RelayChannels>(board(wiring.relay_board),
                                                        std::move(channels));
    }
    GpioRequest request{.chip = wiring.gpio_chip, .way = GpioRequest::Way::Outputs};
    for (const std::string_view key : keys)
        request.lines.push_back(line_of(wiring, key));
    return std::make_unique<devices::GpioOutputs>(
        loop_, devices::make_gpiod_lines(loop_, std::move(request)));
}

std::unique_ptr<devices::GpioInputs> SiteDevices::inputs(const Wiring& wiring) {
    GpioRequest request{.chip = wiring.gpio_chip, .bias = bias_named(wiring.bias)};
    devices::GpioInputs::Options options{.settle = wiring.settle};
    options.slow_settle = std::max(options.slow_settle, wiring.settle);
    for (const auto& [key, role] : kRoles) {
        if (where(wiring, key).empty()) continue;
        request.lines.push_back(line_of(wiring, key));
        options.roles.push_back(role);
    }
    if (options.roles.empty()) return nullptr;
    return std::make_unique<devices::GpioInputs>(
        loop_, devices::make_gpiod_lines(loop_, std::move(request)), std::move(options));
}

std::unique_ptr<devices::Turnstile> SiteDevices::turnstile(const config::Lane& lane) {
    const Wiring& wiring = lane.wiring;
    if (wiring.turnstile == "simulated") return simulated(lane, loop_);
    using devices::WiredTurnstile;
    Names keys{"release"};
    if (!wiring.release_exit.empty()) keys.emplace_back("release_exit");
    const WiredTurnstile::Options options{
        .drive =
            wiring.output == "level" ? WiredTurnstile::Drive::Level : WiredTurnstile::Drive::Pulse,
        .exits = keys.size() > 1 ? WiredTurnstile::Exits::Own : WiredTurnstile::Exits::Shared,
        .pulse = wiring.pulse};
    return std::make_unique<WiredTurnstile>(loop_, outputs(wiring, keys), inputs(wiring), options);
}

std::unique_ptr<devices::LampPlayer> SiteDevices::lamps(const config::Lane& lane) {
    Names keys;
    const auto outlet = [&](std::string_view key) -> std::optional<std::size_t> {
        if (where(lane.wiring, key).empty()) return std::nullopt;
        keys.push_back(key);
        return keys.size() - 1;
    };
    const devices::LampPlayer::Outlets outlets{
        .go = outlet("lamp_go"), .stop = outlet("lamp_stop"), .buzzer = outlet("buzzer")};
    if (keys.empty()) return nullptr;
    return std::make_unique<devices::LampPlayer>(loop_, outputs(lane.wiring, keys), outlets);
}

std::unique_ptr<devices::GpioInputs> SiteDevices::fire_panel(const config::FirePanel& panel) {
    if (panel.line.empty()) return nullptr;
    GpioRequest request{.chip = panel.gpio_chip, .bias = bias_named(panel.bias)};
    request.lines.push_back(
        {panel.line, panel.active == "low" ? GpioLine::Active::Low : GpioLine::Active::High});
    return std::make_unique<devices::GpioInputs>(
        loop_, devices::make_gpiod_lines(loop_, std::move(request)),
        devices::GpioInputs::Options{.roles = {InputRole::Fire}});
}

}  // namespace stile
