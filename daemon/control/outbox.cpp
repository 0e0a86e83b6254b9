// SPDX-License-Identifier: Apache-2.0
// Cursor, credit, entries.
#include "daemon/control/outbox.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

constexpr std::uint32_t kMostCredit = 4096;
// Of a tail: fits into a socket that nobody reads, and costs the gate little at once.
constexpr std::uint16_t kMostTailCredit = 64;

}  // namespace

Result<void> Outbox::follow(Follower follower, const protocol::Follow& follow) {
    const auto cursor = ledger_.cursor(follow.consumer);
    if (!cursor) return std::unexpected{cursor.error()};
    followers_[follower] = {.consumer = follow.consumer,
                            .sent = *cursor,
                            .acknowledged = *cursor,
                            .credit = follow.credit};
    callbacks_.begins(follower, *cursor);
    return pump(follower);
}

Result<void> Outbox::acknowledge(Follower follower, const protocol::Acknowledge& acknowledge) {
    const auto found = followers_.find(follower);
    if (found == followers_.end() || found->second.consumer != acknowledge.consumer) {
        return fail(Errc::Invalid, "an acknowledgement from one who does not follow");
    }
    const Watermark mark{acknowledge.epoch, acknowledge.seq};
    if (mark > Watermark{ledger_.head().epoch, ledger_.head().seq}) {
        return fail(Errc::Invalid,
                    fmt::format("{} acknowledged entry {:x}/{}, which this ledger does not have",
                                acknowledge.consumer, acknowledge.epoch, acknowledge.seq));
    }
    State& state = found->second;
    state.credit = std::min(kMostCredit, state.credit + acknowledge.credit);
    if (mark < state.acknowledged) state.sent = mark;  // it lost some: send again
    if (mark != state.acknowledged) {
        state.acknowledged = mark;
        callbacks_.acknowledged(state.consumer, mark);
    }
    return pump(follower);
}

void Outbox::tail(Follower follower, const protocol::Tail& tail) {
    const LedgerHead& head = ledger_.head();
    const bool from_the_end = tail.first == 0 || tail.first > head.seq;
    followers_[follower] = {.sent = {head.epoch, from_the_end ? head.seq : tail.first - 1},
                            .credit = std::min(tail.credit, kMostTailCredit)};
}

Result<void> Outbox::pump() {
    // By key, since a send may end a connection and so a follower.
    std::vector<Follower> all;
    all.reserve(followers_.size());
    for (const auto& [follower, state] : followers_)
        all.push_back(follower);
    Result<void> result;
    for (const Follower follower : all) {
        if (auto pumped = pump(follower); !pumped) result = std::move(pumped);
    }
    return result;
}

Result<void> Outbox::pump(Follower follower) {
    for (;;) {
        auto more = send_some(follower);
        if (!more) return give_up(follower, std::move(more.error()));
        if (!*more) return {};
    }
}

// A consumer has to have every entry; a tail may go.
Result<void> Outbox::give_up(Follower follower, Error why) {
    const auto found = followers_.find(follower);
    if (found == followers_.end() || !found->second.consumer.empty())
        return std::unexpected{std::move(why)};
    followers_.erase(found);
    callbacks_.tail_failed(follower, why);
    return {};
}

// One message; false when there is nothing to send, no credit, or nobody who reads.
Result<bool> Outbox::send_some(Follower follower) {
    const auto found = followers_.find(follower);
    if (found == followers_.end()) return false;
    const State& state = found->second;
    if (state.credit == 0 || state.sent >= Watermark{ledger_.head().epoch, ledger_.head().seq})
        return false;
    const auto most = std::min<std::size_t>(state.credit, protocol::kMaxEntriesInMessage);
    auto run = ledger_.entries_after(state.sent, most);
    if (!run) return std::unexpected{std::move(run.error())};
    if (run->entries.empty()) {
        return fail(Errc::Corrupt, fmt::format("the entry after {} is missing", state.sent.seq));
    }
    const protocol::Entries message{run->first.epoch, run->first.seq, std::move(run->entries)};
    if (!callbacks_.send(follower, message)) return false;
    // The send may have ended the connection, and so the follower.
    if (const auto still = followers_.find(follower); still != followers_.end()) {
        still->second.sent = {message.epoch, message.first + message.entries.size() - 1};
        still->second.credit -= static_cast<std::uint32_t>(message.entries.size());
    }
    return true;
}

std::uint64_t Outbox::depth(const std::string& consumer) const {
    for (const auto& [follower, state] : followers_) {
        if (state.consumer == consumer) return ledger_.count_after(state.acknowledged).value_or(0);
    }
    const auto cursor = ledger_.cursor(consumer);
    return cursor ? ledger_.count_after(*cursor).value_or(0) : 0;
}

}  // namespace stile
