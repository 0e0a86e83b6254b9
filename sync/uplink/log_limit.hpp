// SPDX-License-Identifier: Apache-2.0
// Keeps a fault that repeats from filling the journal.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace stile::sync {

class LogLimit {
public:
    using Clock = std::chrono::steady_clock;
    explicit LogLimit(Clock::duration period = std::chrono::minutes{1}) : period_{period} {}

    // Whether to say `what` now: the first time, and again when the period has passed. At most
    // kMost different ones are told apart; beyond that all are said (and forgotten).
    [[nodiscard]] bool due(const std::string& what, Clock::time_point now = Clock::now()) {
        if (said_.size() > kMost) said_.clear();
        const auto [last, fresh] = said_.try_emplace(what, now);
        if (!fresh && now - last->second < period_) return false;
        last->second = now;
        return true;
    }

private:
    static constexpr std::size_t kMost = 64;
    Clock::duration period_;
    std::map<std::string, Clock::time_point> said_;
};

}  // namespace stile::sync
