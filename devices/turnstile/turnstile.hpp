// SPDX-License-Identifier: Apache-2.0
// What a gate needs of a turnstile, whatever moves it.
#pragma once

#include <functional>

#include "crypto/base/result.hpp"
#include "daemon/ledger/grant.hpp"

namespace stile::devices {

// One turnstile with its passage sensor. Thread-bound to the gate thread; no function blocks.
class Turnstile {
public:
    virtual ~Turnstile() = default;

    // Opens for one passage in the grant's direction. The grant is the proof that the entry is
    // durable. Errors: Io, Closed (the device is gone: the lane is out of order).
    [[nodiscard]] virtual Result<void> release(const Grant& grant) = 0;
    // Locks again. Harmless when it is locked.
    virtual void lock() = 0;

    // Who is told that somebody passed. Called from the event loop, never from inside release().
    void on_passage(std::function<void()> callback) { passage_ = std::move(callback); }

protected:
    void report_passage() {
        if (passage_) passage_();
    }

private:
    std::function<void()> passage_;
};

}  // namespace stile::devices
