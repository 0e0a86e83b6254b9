// SPDX-License-Identifier: Apache-2.0
// What stile-sync says of entries that went out: acknowledged, stored by a collector, wanted again.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {

// An acknowledgement that makes no sense changes nothing: the consumer is sent the entries again.
void Machine::take(const PeerInfo& peer, const protocol::Acknowledge& acknowledge) {
    const Watermark mark{acknowledge.epoch, acknowledge.seq};
    if (stores_.ledger.is_ahead(mark)) leave_old_numbers(acknowledge.consumer, mark);
    if (const auto taken = outbox_.acknowledge(peer.id, acknowledge); !taken) {
        log::warning(taken.error().context + ", ignoring");
    }
}

// A collector that names an entry which is not there counts once: it may say so for hours.
void Machine::take(const PeerInfo& /*peer*/, const protocol::Stored& stored) {
    const Watermark mark{stored.epoch, stored.seq};
    const auto answer = collectors_.take(stored.collector, mark);
    const std::string trouble = collectors_.trouble();
    if (answer == Collectors::Answer::Ahead) {
        log::warning(trouble + " Ignoring it");
        if (stores_.ledger.is_ahead(mark)) leave_old_numbers("collector " + stored.collector, mark);
    }
    alarms_.set(kWatermarkAheadAlarm, trouble, clock_->now().time);
}

// The disk is an older image of itself: what it wrote since has numbers that were used before.
void Machine::leave_old_numbers(std::string_view who, const Watermark& mark) {
    log::error(fmt::format("{} has stored entry {} of epoch {:016x}, and this ledger ends at {}: "
                           "it was rolled back. A new epoch begins",
                           who, mark.seq, mark.epoch, stores_.ledger.head().seq),
               {log::message_id(log::kRolledBack)});
    if (auto begun = stores_.ledger.begin_epoch(EpochCause::WatermarkAhead, clock_->now()); !begun)
        return log::error("a new epoch cannot begin: " + begun.error().context);
    pump();
}

void Machine::take(const PeerInfo& peer, const protocol::Fetch& fetch) {
    const auto most = std::min<std::size_t>(fetch.most, protocol::kMaxEntriesInFetch);
    auto run = stores_.ledger.entries_after({fetch.epoch, fetch.after}, most);
    if (!run) {
        log::warning("entries that are wanted again cannot be read: " + run.error().context);
        run = EntryRun{};
    }
    std::vector<Buffer>& entries = run->entries;
    protocol::Fetched message{
        fetch.request, protocol::Part::More, run->first.epoch, run->first.seq, {}};
    for (auto from = entries.begin(); message.part == protocol::Part::More;) {
        const auto count = std::min<std::ptrdiff_t>(std::ssize(entries) - (from - entries.begin()),
                                                    protocol::kMaxEntriesInMessage);
        message.entries.assign(std::make_move_iterator(from),
                               std::make_move_iterator(from + count));
        from += count;
        if (from == entries.end()) message.part = protocol::Part::Last;
        if (!hub_.send(peer.id, message)) return;
        message.first += static_cast<std::uint64_t>(count);
    }
}

}  // namespace stile
