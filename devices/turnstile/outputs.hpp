// SPDX-License-Identifier: Apache-2.0
// What a turnstile and its lamps are switched by: lines of a GPIO chip, or channels of a relay
// board.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "crypto/base/result.hpp"

namespace stile::devices {

enum class Switch : std::uint8_t { Off, On };

// Some outputs of one device, counted from 0 in the order in which they were named. They are off
// when the device was just opened. Thread-bound to its loop; no function blocks.
class Outputs {
public:
    // Called from the event loop, never from inside another function of this class.
    struct Listener {
        std::function<void(std::size_t output, Switch to)> switched;  // done, and read back
        std::function<void()> gone;  // it does not answer, or not as it should; once
        std::function<void()> back;  // once; all outputs are off
    };
    virtual ~Outputs() = default;

    // Orders are carried out one after the other. Errors: Closed, Io (the device is gone).
    [[nodiscard]] virtual Result<void> set(std::size_t output, Switch to) = 0;

    // Looks now whether the device is still there, and not only at its next turn.
    virtual void look() = 0;
    // Why the device is gone, or was the last time.
    [[nodiscard]] virtual std::string trouble() const = 0;

    void listen(Listener listener) { listener_ = std::move(listener); }

protected:
    void tell_switched(std::size_t output, Switch to) const {
        if (listener_.switched) listener_.switched(output, to);
    }
    void tell_gone() const {
        if (listener_.gone) listener_.gone();
    }
    void tell_back() const {
        if (listener_.back) listener_.back();
    }

private:
    Listener listener_;
};

}  // namespace stile::devices
