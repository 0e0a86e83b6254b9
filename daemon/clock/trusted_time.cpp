// SPDX-License-Identifier: Apache-2.0
// From one reading to the next.
#include "daemon/clock/trusted_time.hpp"

#include <algorithm>

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kStep = 2s;           // smaller ones are nobody's doing
constexpr milliseconds kSyncedStep = 10min;  // a synchronised clock does not jump farther
constexpr milliseconds kHorizon = std::chrono::years{5};
constexpr std::int64_t kDriftPpm = 100;  // of a quartz in the cold
constexpr std::chrono::sys_seconds kEndOfTime =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};

ClockBounds around(WallTime time, milliseconds error) {
    return {std::chrono::floor<std::chrono::seconds>(time - error),
            std::chrono::ceil<std::chrono::seconds>(time + error)};
}

milliseconds distance(WallTime a, WallTime b) {
    return a > b ? a - b : b - a;
}

}  // namespace

void TrustedTime::learn(WallTime certain, WallTime latest) {
    certain_ = std::max(certain_, certain);
    latest_ = std::max({latest_, certain, latest});
}

WallTime TrustedTime::counted(const RawTime& raw) const {
    return anchor_->time + (raw.boot - anchor_->boot);
}

milliseconds TrustedTime::drift(const RawTime& raw) const {
    return (raw.boot - anchor_->boot) * kDriftPpm / 1'000'000;
}

void TrustedTime::anchor(const RawTime& raw, ClockQuality quality, milliseconds error) {
    anchor_ = Anchor{raw.wall, raw.boot, error, quality};
    latest_ = std::max(latest_, raw.wall);
    if (quality == ClockQuality::Synced) certain_ = std::max(certain_, raw.wall);
}

ClockDoubt TrustedTime::doubt_of(const RawTime& raw) const {
    const bool disciplined = raw.discipline == RawTime::Discipline::Synced;
    if (raw.wall + kStep < (disciplined ? certain_ : latest_)) return ClockDoubt::Behind;
    // Nothing is known yet: there is nothing to doubt it by.
    if (latest_ != WallTime{} && raw.wall > latest_ + kHorizon) return ClockDoubt::Ahead;
    if (!anchor_ || anchor_->quality == ClockQuality::Wrong) return ClockDoubt::None;
    if (disciplined && anchor_->quality == ClockQuality::Unsynced) return ClockDoubt::None;
    const milliseconds allowed = (disciplined ? kSyncedStep : kStep) + anchor_->error + drift(raw);
    return distance(raw.wall, counted(raw)) > allowed ? ClockDoubt::Stepped : ClockDoubt::None;
}

ClockReading TrustedTime::synced(const RawTime& raw) {
    anchor(raw, ClockQuality::Synced, raw.error);
    return {raw.wall, ClockQuality::Synced, around(raw.wall, raw.error), ClockDoubt::None};
}

// Counted on from the anchor, by the clock that nobody can set.
ClockReading TrustedTime::held(const RawTime& raw, ClockDoubt doubt) const {
    const WallTime time = counted(raw);
    const auto quality =
        anchor_->quality == ClockQuality::Synced ? ClockQuality::Holdover : ClockQuality::Unsynced;
    return {time, quality, around(time, anchor_->error + drift(raw)), doubt};
}

ClockReading TrustedTime::free_running(const RawTime& raw) {
    anchor(raw, ClockQuality::Unsynced, assumed_error_);
    return {raw.wall, ClockQuality::Unsynced, around(raw.wall, assumed_error_), ClockDoubt::None};
}

ClockReading TrustedTime::wrong(const RawTime& raw, ClockDoubt doubt) {
    if (!anchor_) anchor_ = Anchor{latest_, raw.boot, {}, ClockQuality::Wrong};
    const WallTime time = counted(raw);
    const auto lower = std::chrono::floor<std::chrono::seconds>(time - drift(raw));
    return {time, ClockQuality::Wrong, {lower, kEndOfTime}, doubt};
}

ClockReading TrustedTime::at(const RawTime& raw) {
    const ClockDoubt doubt = doubt_of(raw);
    const bool disciplined = raw.discipline == RawTime::Discipline::Synced;
    if (disciplined && doubt == ClockDoubt::None) return synced(raw);
    const bool anchored = anchor_ && anchor_->quality != ClockQuality::Wrong;
    // What was synchronised once is counted on better than a free clock runs.
    if (anchored && (anchor_->quality == ClockQuality::Synced || doubt != ClockDoubt::None))
        return held(raw, doubt);
    return doubt == ClockDoubt::None ? free_running(raw) : wrong(raw, doubt);
}

}  // namespace stile
