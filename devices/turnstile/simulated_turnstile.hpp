// SPDX-License-Identifier: Apache-2.0
// A turnstile without hardware: somebody passes a moment after each release.
#pragma once

#include <chrono>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile::devices {

class SimulatedTurnstile final : public Turnstile {
public:
    // The person needs `passage` to go through; zero: nobody ever does.
    SimulatedTurnstile(EventLoop& loop, std::chrono::milliseconds passage)
        : loop_{loop}, passage_time_{passage} {}

    [[nodiscard]] Result<void> release(const Grant& grant) override;
    void lock() override { person_.reset(); }

private:
    EventLoop& loop_;
    std::chrono::milliseconds passage_time_;
    EventSource person_;
};

}  // namespace stile::devices
