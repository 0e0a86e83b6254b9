// SPDX-License-Identifier: Apache-2.0
// Level-triggered: whoever finds trouble says so each time; what nobody says any more is over.
#include "sync/collector/venue_alarms.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

void VenueAlarms::want(const Trouble& trouble, WallTime now) {
    const auto known = alarms_.find(trouble.alarm.code);
    if (known == alarms_.end() && alarms_.size() >= kMost) return;
    Held& held = known != alarms_.end() ? known->second : alarms_[trouble.alarm.code];
    AlarmOnBoard& board = held.board;
    const bool fresh = known == alarms_.end() || board.state == AlarmState::Cleared;
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
        changed(code);
    }
    std::erase_if(alarms_, [&](const auto& entry) {
        const AlarmOnBoard& board = entry.second.board;
        const bool old = board.state == AlarmState::Cleared && now - board.changed >= kRemembered;
        if (old) changed(entry.first);
        return old;
    });
}

void VenueAlarms::adopt(const AlarmOnBoard& earlier, WallTime now) {
    const auto [at, fresh] = alarms_.try_emplace(earlier.alarm.code);
    AlarmOnBoard& board = at->second.board;
    if (fresh) {
        at->second = {.board = earlier, .wanted = now};
        board.changed = std::min(board.changed, now);
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
