// SPDX-License-Identifier: Apache-2.0
// Cursor, credit, entries.
#include "daemon/control/outbox.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

constexpr std::uint32_t kMostCredit = 4096;

}  // namespace

Result<void> Outbox::follow(Follower follower, const protocol::Follow& follow) {
    const auto cursor = ledger_.cursor(follow.consumer);
    if (!cursor) return std::unexpected{cursor.error()};
    followers_[follower] = {.consumer = follow.consumer,
                            .next = cursor->seq + 1,
                            .acknowledged = cursor->seq,
                            .credit = follow.credit};
    return pump(follower);
}

Result<void> Outbox::acknowledge(Follower follower, const protocol::Acknowledge& acknowledge) {
    const auto found = followers_.find(follower);
    if (found == followers_.end() || found->second.consumer != acknowledge.consumer) {
        return fail(Errc::Invalid, "an acknowledgement from one who does not follow");
    }
    if (acknowledge.epoch != ledger_.head().epoch || acknowledge.seq > ledger_.head().seq) {
        return fail(Errc::Invalid,
                    fmt::format("{} acknowledged entry {:x}/{}, which this ledger does not have",
                                acknowledge.consumer, acknowledge.epoch, acknowledge.seq));
    }
    State& state = found->second;
    state.credit = std::min(kMostCredit, state.credit + acknowledge.credit);
    if (acknowledge.seq < state.acknowledged)
        state.next = acknowledge.seq + 1;  // it lost some: send again
    if (acknowledge.seq != state.acknowledged) {
        state.acknowledged = acknowledge.seq;
        callbacks_.acknowledged(state.consumer, {acknowledge.epoch, acknowledge.seq});
    }
    return pump(follower);
}

Result<void> Outbox::pump() {
    // By key, since a send may end a connection and so a follower.
    std::vector<Follower> all;
    all.reserve(followers_.size());
    for (const auto& [follower, state] : followers_)
        all.push_back(follower);
    for (const Follower follower : all) {
        if (auto pumped = pump(follower); !pumped) return pumped;
    }
    return {};
}

Result<void> Outbox::pump(Follower follower) {
    for (;;) {
        const auto more = send_some(follower);
        if (!more) return std::unexpected{more.error()};
        if (!*more) return {};
    }
}

// One message; false when there is nothing to send, no credit, or nobody who reads.
Result<bool> Outbox::send_some(Follower follower) {
    const auto found = followers_.find(follower);
    if (found == followers_.end()) return false;
    const State& state = found->second;
    if (state.credit == 0 || state.next > ledger_.head().seq) return false;
    const auto most = std::min<std::size_t>(state.credit, protocol::kMaxEntriesInMessage);
    auto entries = ledger_.entries(state.next, most);
    if (!entries) return std::unexpected{std::move(entries.error())};
    if (entries->empty()) {
        return fail(Errc::Corrupt, fmt::format("ledger entry {} is missing", state.next));
    }
    const protocol::Entries message{ledger_.head().epoch, state.next, std::move(*entries)};
    if (!callbacks_.send(follower, message)) return false;
    // The send may have ended the connection, and so the follower.
    if (const auto still = followers_.find(follower); still != followers_.end()) {
        still->second.next += message.entries.size();
        still->second.credit -= static_cast<std::uint32_t>(message.entries.size());
    }
    return true;
}

std::uint64_t Outbox::depth(const std::string& consumer) const {
    for (const auto& [follower, state] : followers_) {
        if (state.consumer == consumer) return ledger_.head().seq - state.acknowledged;
    }
    const auto cursor = ledger_.cursor(consumer);
    return cursor ? ledger_.head().seq - cursor->seq : 0;
}

}  // namespace stile
