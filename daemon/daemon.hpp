// SPDX-License-Identifier: Apache-2.0
// The machine of stiled: every part made, wired together, and ended in order.
#pragma once

#include <memory>

#include "crypto/base/result.hpp"
#include "daemon/clock/clock.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/site_rules.hpp"
#include "devices/turnstile/signal.hpp"

namespace stile {

// Construct on the gate thread before any other thread exists (LMDB files are checked in a child
// process).
class Daemon {
public:
    // `clock`: all that the gate knows of the time; how long something takes is the loop's.
    // Errors: Config (the secret), Corrupt or Denied or Full (databases), Io (sockets).
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> make(Rules rules, EventLoop& loop,
                                                              std::unique_ptr<Clock> clock);
    virtual ~Daemon() = default;

    // FireOn or FireOff, of a fire panel that is no contact of this controller.
    virtual void panel_signal(devices::Signal signal) = 0;
    // Reads the site file and all that it names anew, on another thread, and takes over what is
    // good as a whole and needs no restart; else everything goes on as it was.
    virtual void reload() = 0;
    // Writes what waits. Call after the loop has ended.
    virtual void stop() = 0;
};

}  // namespace stile
