// SPDX-License-Identifier: Apache-2.0
// The devices of the site file, made: turnstiles, lamps, and the contact of the fire panel.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/lamps/lamp_player.hpp"
#include "devices/turnstile/gpio_inputs.hpp"
#include "devices/turnstile/relay_board.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile {

// A device that is not there yet is made all the same: it says so, and is found later. Thread-bound
// to the loop.
class SiteDevices {
public:
    explicit SiteDevices(EventLoop& loop) : loop_{loop} {}

    [[nodiscard]] std::unique_ptr<devices::Turnstile> turnstile(const config::Lane& lane);
    // Null: the lane has none.
    [[nodiscard]] std::unique_ptr<devices::LampPlayer> lamps(const config::Lane& lane);
    // Null: the site file names none.
    [[nodiscard]] std::unique_ptr<devices::GpioInputs> fire_panel(const config::FirePanel& panel);

private:
    using Names = std::vector<std::string_view>;
    [[nodiscard]] std::unique_ptr<devices::Outputs> outputs(const config::Wiring& wiring,
                                                            const Names& keys);
    [[nodiscard]] std::unique_ptr<devices::GpioInputs> inputs(const config::Wiring& wiring);
    [[nodiscard]] std::shared_ptr<devices::RelayBoard> board(const std::string& name);

    EventLoop& loop_;
    // Shared: a board serves all lanes that are wired to it, and their lamps.
    std::map<std::string, std::weak_ptr<devices::RelayBoard>> boards_;
};

}  // namespace stile
