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

    // Whether to say `what` now: the first time, and again when the period has passed. Of more
    // than kMost different ones within a period the others are not said.
    [[nodiscard]] bool due(const std::string& what, Clock::time_point now = Clock::now()) {
        const auto known = said_.find(what);
        if (known != said_.end() && now - known->second < period_) return false;
        if (known == said_.end() && said_.size() >= kMost) {
            std::erase_if(said_, [&](const auto& one) { return now - one.second >= period_; });
            if (said_.size() >= kMost) return false;
        }
        said_[what] = now;
        return true;
    }

private:
    static constexpr std::size_t kMost = 64;
    Clock::duration period_;
    std::map<std::string, Clock::time_point> said_;
};

}  // namespace stile::sync
