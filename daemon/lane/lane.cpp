// SPDX-License-Identifier: Apache-2.0
// Idle, open, idle again.
#include "daemon/lane/lane.hpp"

namespace stile {
namespace {

constexpr std::chrono::seconds kIgnoreAfterwards{3};

}  // namespace

bool Lane::ignores(const crypto::Identity& identity, Time now) const {
    if (released_) return released_->admission.identity == identity;
    return ignore_until_ && now < *ignore_until_ && identity == last_;
}

void Lane::open(const Released& released) {
    released_ = released;
}

std::optional<LaneOutcome> Lane::passed(Time now) {
    return close(direction_ == Direction::Entry ? PassageResult::Entered : PassageResult::Left,
                 now);
}

std::optional<LaneOutcome> Lane::timed_out(Time now) {
    return close(PassageResult::Released, now);
}

std::optional<LaneOutcome> Lane::close(PassageResult result, Time now) {
    if (!released_) return std::nullopt;
    LaneOutcome outcome{.admission = released_->admission,
                        .passage = {.result = result,
                                    .admission = released_->admission.admission,
                                    .release_us = released_->release_us,
                                    .ticket = released_->ticket,
                                    .lane = name_}};
    last_ = released_->admission.identity;
    ignore_until_ = now + kIgnoreAfterwards;
    released_.reset();
    return outcome;
}

}  // namespace stile
