// SPDX-License-Identifier: Apache-2.0
// What a gate needs of a turnstile, whatever moves it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "crypto/base/result.hpp"
#include "daemon/ledger/grant.hpp"
#include "devices/turnstile/signal.hpp"

namespace stile::devices {

// For how many, and for how long at most. The gate locks when they have passed or the time is over;
// a device that can does it by itself as well, in case nobody tells it.
struct ReleaseTerms {
    std::uint8_t people = 1;
    std::chrono::milliseconds hold{8000};
};

// One turnstile with its sensors. Thread-bound to the gate thread; no function blocks. Every
// implementation passes tests/devices/turnstile_contract.hpp.
class Turnstile {
public:
    virtual ~Turnstile() = default;

    [[nodiscard]] virtual Capabilities capabilities() const = 0;
    // Lets people pass in the grant's direction until lock(). The grant is the proof that the entry
    // is durable. Errors: Io, Closed (the device is gone: nobody can pass).
    [[nodiscard]] virtual Result<void> release(const Grant& grant, const ReleaseTerms& terms) = 0;
    // Opens until lock(), for everybody: the lane is free, or there is fire. Needs no grant, since
    // it admits nobody. Errors: as release(); what can opens as soon as it is back.
    [[nodiscard]] virtual Result<void> open(Ways ways) = 0;
    // Locks again. Harmless when it is locked, or gone.
    virtual void lock() = 0;

    // Why the device is gone, or was the last time, for people; empty: nobody knows.
    [[nodiscard]] virtual std::string trouble() const { return {}; }

    // Who is told of every change. Called from the event loop, never from inside another function
    // of this class.
    void on_signal(std::function<void(Signal)> callback) { callback_ = std::move(callback); }

protected:
    void report(Signal signal) {
        if (callback_) callback_(signal);
    }

private:
    std::function<void(Signal)> callback_;
};

}  // namespace stile::devices
