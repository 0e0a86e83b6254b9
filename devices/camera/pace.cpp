// SPDX-License-Identifier: Apache-2.0
// A condition variable that nobody signals: only time or a request to stop ends the wait.
#include "devices/camera/pace.hpp"

#include <condition_variable>
#include <mutex>

namespace stile::devices {

bool wait_until(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_until(lock, stop, deadline, [] { return false; });
    return !stop.stop_requested();
}

bool Pace::wait(const std::stop_token& stop) {
    constexpr std::chrono::seconds kStandstill{1};
    const auto now = std::chrono::steady_clock::now();
    if (now - next_ > kStandstill) next_ = now;
    const bool go_on = wait_until(stop, next_);
    next_ += period_;
    return go_on;
}

}  // namespace stile::devices
