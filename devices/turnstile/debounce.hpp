// SPDX-License-Identifier: Apache-2.0
// A contact that bounces, made into one change a change. Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace stile::devices {

enum class Level : std::uint8_t { Clear, Covered };

// A level counts once it has stood still for `settle`; what comes and goes faster never happened.
// With exact times nothing is lost when it is asked late.
class Debounce {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Change {
        Level level;
        Time at;  // it had stood long enough
        friend bool operator==(const Change&, const Change&) = default;
    };

    explicit Debounce(std::chrono::milliseconds settle) : settle_{settle} {}

    // The contact has this level, at the latest since `at`. A level that it has already changes
    // nothing.
    void raw(Level level, Time at) {
        if (level == raw_) return;
        raw_ = level;
        since_ = at;
    }
    // The same, exactly since `at`: what was before counts, if it stood long enough.
    void edge(Level level, Time at) {
        settle(at);
        raw(level, at);
    }
    // When to ask settled() next; nothing while no change is on its way.
    [[nodiscard]] std::optional<Time> due() const {
        if (!changes_.empty()) return changes_.front().at;
        return raw_ == level_ ? std::nullopt : std::optional{since_ + settle_};
    }
    // All changes that nobody has taken yet, in order.
    [[nodiscard]] std::vector<Change> settled(Time now) {
        settle(now);
        return std::exchange(changes_, {});
    }
    [[nodiscard]] Level level() const { return level_; }

private:
    void settle(Time now) {
        if (raw_ == level_ || now < since_ + settle_) return;
        level_ = raw_;
        changes_.push_back({level_, since_ + settle_});
    }

    std::chrono::milliseconds settle_;
    Level level_ = Level::Clear;  // as it settled last
    Level raw_ = Level::Clear;
    Time since_;  // the last change of raw_
    std::vector<Change> changes_;
};

}  // namespace stile::devices
