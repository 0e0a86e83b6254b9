// SPDX-License-Identifier: Apache-2.0
// The lines of a GPIO chip of this controller, through libgpiod.
#pragma once

#include <memory>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/gpio_lines.hpp"

namespace stile::devices {

[[nodiscard]] std::unique_ptr<GpioLines> make_gpiod_lines(EventLoop& loop, GpioRequest request);

}  // namespace stile::devices
