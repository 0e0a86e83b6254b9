// SPDX-License-Identifier: Apache-2.0
// What is needed of a relay board that is plugged in.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "crypto/base/result.hpp"
#include "devices/turnstile/outputs.hpp"

namespace stile::devices {

// One board that was opened. Thread-bound to the board's own thread; each function may block for as
// long as the operating system lets a sick device take (seconds).
class RelayLink {
public:
    virtual ~RelayLink() = default;
    // Channels count from 1. Errors: Closed, Io (the device does not do it), Invalid (it has no
    // such channel).
    [[nodiscard]] virtual Result<void> set(std::uint8_t channel, Switch to) = 0;
    // Bit 0: channel 1 is on. Errors: Closed, Io.
    [[nodiscard]] virtual Result<std::uint8_t> states() = 0;
};

// Called on the board's own thread. Errors: NotFound (it is not plugged in), Denied, Io.
using RelayOpener = std::function<Result<std::unique_ptr<RelayLink>>()>;

}  // namespace stile::devices
