// SPDX-License-Identifier: Apache-2.0
// Go back to the watermark, but only a step at a time: a collector that is gone costs little.
#include "sync/publish/catch_up.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

void CatchUp::restart(Clock::time_point now) {
    since_ = now;
    delay_ = kStandstill;
    asked_.reset();
}

void CatchUp::stored(const EntryKey& mark, Clock::time_point now) {
    beyond_.reset();
    if (published_ && mark.epoch > published_->epoch) {
        beyond_ = mark;
        return;
    }
    if (mark_ && mark == *mark_) return;
    const bool back = mark_ && mark < *mark_;
    const bool beyond = asked_ && mark > *asked_;
    mark_ = mark;
    since_ = now;
    delay_ = kStandstill;
    if (back || beyond) asked_.reset();
    if (back) since_ -= kStandstill;  // now
}

std::optional<EntryRange> CatchUp::due(const EntryKey& published, Clock::time_point now) {
    published_ = published;
    if (mark_ && mark_->epoch > published.epoch) beyond_ = std::exchange(mark_, std::nullopt);
    if (beyond_ && beyond_->epoch <= published.epoch) stored(EntryKey{*beyond_}, now);
    if (!mark_ || *mark_ >= published) {
        restart(now);
        return std::nullopt;
    }
    if (asked_ && asked_->epoch == mark_->epoch && asked_->seq - mark_->seq <= kStep / 2 &&
        *asked_ < published)
        return ask(*asked_, published);
    if (now - since_ < delay_) return std::nullopt;
    since_ = now;
    delay_ = std::min(delay_ * 2, kLongest);
    return ask(*mark_, published);
}

EntryRange CatchUp::ask(EntryKey after, const EntryKey& published) {
    asked_.reset();
    // Where an earlier epoch ends is not known here.
    if (after.epoch != published.epoch) return {after, published, kStep};
    asked_ = EntryKey{after.epoch, after.seq + std::min(kStep, published.seq - after.seq)};
    return {after, *asked_, kStep};
}

}  // namespace stile::sync
