// SPDX-License-Identifier: Apache-2.0
// Chain values of one record after the other, and the seams between epochs.
#include "daemon/ledger/log_walk.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/entry/entry.hpp"
#include "daemon/ledger/layout.hpp"

namespace stile {
namespace {

// The first entry of an epoch names the end of the one before.
bool joins(const Entry& entry, const Watermark& end, const crypto::Digest& chain) {
    const auto* started = std::get_if<EpochStarted>(&entry.body);
    if (started == nullptr) return false;
    return end.epoch == 0 || (started->previous_epoch == end.epoch &&
                              started->previous_seq == end.seq && started->previous_head == chain);
}

}  // namespace

std::unexpected<Error> broken_at(const Watermark& entry) {
    return fail(Errc::Corrupt,
                fmt::format("ledger: entry {} of epoch {:016x} was changed, or one before it is "
                            "missing",
                            entry.seq, entry.epoch));
}

Result<void> LogWalk::take(Bytes key, Bytes stored) {
    const auto at = layout::decode_entry_key(key);
    if (!at) return std::unexpected{at.error()};
    const auto record = layout::split_record(stored);
    if (!record) return broken_at(*at);
    const bool begins = at->epoch != end_.epoch;
    if (at->seq != (begins ? 1 : end_.seq + 1)) return broken_at(*at);
    if (begins) {
        const auto entry = decode_entry(record->entry);
        if (!entry || !joins(*entry, end_, chain_)) return broken_at(*at);
        chain_ = {};
    }
    chain_ = layout::next_chain(chain_, at->seq, record->entry);
    if (!std::ranges::equal(chain_, record->chain)) return broken_at(*at);
    end_ = *at;
    return {};
}

void LogWalk::go_on_after(Bytes key, Bytes stored) {
    const auto at = layout::decode_entry_key(key);
    const auto record = layout::split_record(stored);
    if (!at || !record || record->chain.size() != chain_.size()) return;
    end_ = *at;
    std::ranges::copy(record->chain, chain_.begin());
}

}  // namespace stile
