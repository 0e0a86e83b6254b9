// SPDX-License-Identifier: Apache-2.0
// Runs the loop of a test for some time, or until what it waits for has happened.
#pragma once

#include <chrono>

#include "daemon/runtime/event_loop.hpp"

namespace stile::test {

inline void listen(EventLoop& loop, std::chrono::milliseconds time) {
    const EventSource end = loop.after(time, [&loop] { loop.stop(0); });
    loop.run();
}

// A test that waits in vain ends by the runner's time-out.
template <class Happened>
void listen_until(EventLoop& loop, const Happened& happened) {
    const EventSource look = loop.every(std::chrono::milliseconds{1}, [&] {
        if (happened()) loop.stop(0);
    });
    loop.run();
}

}  // namespace stile::test
