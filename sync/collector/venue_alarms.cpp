// SPDX-License-Identifier: Apache-2.0
// Level-triggered: whoever finds trouble says so each time; what nobody says any more is over.
#include "sync/collector/venue_alarms.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

void VenueAlarms::want(const Trouble& trouble, WallTime now) {
    const auto known = alarms_.find(trouble.alarm.code);
    const bool fresh = known == alarms_.end() || known->second.board.state == AlarmState::Cleared;
    if (fresh && raised_ >= kMost) return;
    raised_ += fresh ? 1 : 0;
    Held& held = known != alarms_.end() ? known->second : alarms_[trouble.alarm.code];
    AlarmOnBoard& board = held.board;
    held.wanted = now;
    held.hold = trouble.hold;
    AlarmOnBoard next = board;
    next.alarm = trouble.alarm;
    next.state = AlarmState::Raised;
    if (fresh) next.since = trouble.since.value_or(now);
    if (trouble.since) next.since = *trouble.since;
    if (fresh) next.changed = now;
    if (next == board) return;
    board = std::move(next);
    changed(trouble.alarm.code);
}

void VenueAlarms::update(const std::vector<Trouble>& troubles, WallTime now) {
    for (const Trouble& trouble : troubles)
        want(trouble, now);
    for (auto& [code, held] : alarms_) {
        if (held.board.state == AlarmState::Cleared || held.wanted == now) continue;
        // A clock that was set back must not keep an alarm for ever.
        held.wanted = std::min(held.wanted, now);
        if (now - held.wanted < held.hold) continue;
        held.board.state = AlarmState::Cleared;
        held.board.changed = now;
        --raised_;
        changed(code);
    }
    forget_some(now);
}

void VenueAlarms::forget_some(WallTime now) {
    std::vector<std::pair<WallTime, std::string>> cleared;
    for (const auto& [code, held] : alarms_) {
        if (held.board.state == AlarmState::Cleared) cleared.emplace_back(held.board.changed, code);
    }
    std::ranges::sort(cleared);
    for (std::size_t i = 0; i < cleared.size(); ++i) {
        const auto& [when, code] = cleared[i];
        if (cleared.size() - i <= kMostCleared && now - when < kRemembered) break;
        alarms_.erase(code);
        changed(code);
    }
}

void VenueAlarms::adopt(const AlarmOnBoard& earlier, WallTime now) {
    if (alarms_.size() >= kMost && !alarms_.contains(earlier.alarm.code)) return;
    const auto [at, fresh] = alarms_.try_emplace(earlier.alarm.code);
    AlarmOnBoard& board = at->second.board;
    if (fresh) {
        at->second = {.board = earlier, .wanted = now};
        board.changed = std::min(board.changed, now);
        raised_ += board.state == AlarmState::Raised ? 1 : 0;
    } else if (board.state == earlier.state && earlier.since < board.since) {
        board.since = earlier.since;
    }
    changed(earlier.alarm.code);  // it is ours from now on: the next broker may not know it
}

const AlarmOnBoard* VenueAlarms::find(const std::string& code) const {
    const auto found = alarms_.find(code);
    return found == alarms_.end() ? nullptr : &found->second.board;
}

bool VenueAlarms::is_raised(const std::string& code) const {
    const AlarmOnBoard* const found = find(code);
    return found != nullptr && found->state == AlarmState::Raised;
}

std::vector<std::string> VenueAlarms::take_changed() {
    const auto changed = std::exchange(changed_, {});
    return {changed.begin(), changed.end()};
}

}  // namespace stile::sync
