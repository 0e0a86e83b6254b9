// SPDX-License-Identifier: Apache-2.0
// Writing: entries, states and cursors that become durable together.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

std::uint64_t milliseconds(WallTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

void count(Totals& totals, const Decided& decided) {
    switch (decided.verdict) {
        case Verdict::Admit:
            ++totals.admitted;
            break;
        case Verdict::Refuse:
            ++totals.refused[std::to_underlying(decided.reason) % kReasonSlots];
            break;
    }
}

void count(Totals& totals, const Passage& passage) {
    switch (passage.result) {
        case PassageResult::Entered:
        case PassageResult::PresumedEntered:
            ++totals.entered;
            break;
        case PassageResult::Left:
            ++totals.left;
            break;
        case PassageResult::Released:
            ++totals.released;
            break;
    }
}

void count(Totals& totals, const EntryBody& body) {
    if (const auto* decided = std::get_if<Decided>(&body)) count(totals, *decided);
    if (const auto* passage = std::get_if<Passage>(&body)) count(totals, *passage);
}

}  // namespace

Result<Batch> Ledger::begin() {
    auto writer = environment_.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    return Batch{*this, std::move(*writer)};
}

Batch::Batch(Ledger& ledger, lmdb::Writer writer)
    : ledger_{ledger}, writer_{std::move(writer)}, head_{ledger.head_} {}

Result<void> Batch::begin_epoch() {
    if (auto put = writer_.put(ledger_.table(kMeta), as_bytes(kFormatKey), big_endian(kFormat));
        !put)
        return put;
    return writer_.put(ledger_.table(kMeta), as_bytes(kEpochKey), big_endian(head_.epoch));
}

Result<TicketState> Batch::state(const crypto::Identity& identity) const {
    const auto stored = writer_.get(ledger_.table(kState), identity.bytes);
    if (!stored) return std::unexpected{stored.error()};
    if (!*stored) return TicketState{};
    return decode_state(**stored);
}

Result<void> Batch::set_state(const crypto::Identity& identity, const TicketState& state) {
    return writer_.put(ledger_.table(kState), identity.bytes, encode_state(state));
}

Result<std::uint64_t> Batch::append(EntryBody body, const ClockReading& now) {
    count(head_.totals, body);
    const std::uint64_t seq = head_.seq + 1;
    const Entry entry{head_.epoch, seq, now.time, now.quality, std::move(body)};
    Buffer record;
    encode_entry(entry, record);
    head_.chain = next_chain(head_.chain, seq, record);
    record.insert(record.end(), head_.chain.begin(), head_.chain.end());
    if (auto put = writer_.append(ledger_.table(kLog), big_endian(seq), record); !put) {
        return std::unexpected{std::move(put.error())};
    }
    head_.seq = seq;
    head_.time = std::max(head_.time, now.time);
    if (now.quality == ClockQuality::Synced || now.quality == ClockQuality::Holdover)
        head_.certain = std::max(head_.certain, now.time);
    return seq;
}

Result<void> Batch::admit(Decided decided, const crypto::Identity& identity, TicketState state,
                          const ClockReading& now) {
    const Direction direction = decided.direction;
    const auto seq = append(std::move(decided), now);
    if (!seq) return std::unexpected{seq.error()};
    const OpenAdmission open{*seq, identity, direction};
    state.pending = *seq;
    if (auto put = set_state(identity, state); !put) return put;
    if (auto put = writer_.append(ledger_.table(kOpen), big_endian(*seq), encode_open(open)); !put)
        return put;
    grants_.push_back(Grant{open});
    return {};
}

Result<void> Batch::resolve(const OpenAdmission& admission, Passage passage,
                            const ClockReading& now) {
    auto state = this->state(admission.identity);
    // A damaged state stays as it is and refuses its ticket; it must not hold up the others.
    if (!state && state.error().code != Errc::Corrupt) return std::unexpected{state.error()};
    passage.admission = admission.admission;
    if (state) {
        if (passage.result == PassageResult::Released) {
            state->pending = 0;
        } else {
            state->pass(admission.direction, milliseconds(now.time));
        }
        if (auto put = set_state(admission.identity, *state); !put) return put;
    }
    if (auto put = writer_.remove(ledger_.table(kOpen), big_endian(admission.admission)); !put)
        return put;
    if (auto put = append(std::move(passage), now); !put) return std::unexpected{put.error()};
    return {};
}

Result<void> Batch::set_cursor(std::string_view consumer, const Watermark& watermark) {
    Buffer value;
    ByteWriter writer{value};
    writer.number(watermark.epoch);
    writer.number(watermark.seq);
    return writer_.put(ledger_.table(kCursor), as_bytes(consumer), value);
}

Result<void> Batch::write_meta() {
    const lmdb::Table meta = ledger_.table(kMeta);
    if (auto put = writer_.put(meta, as_bytes(kTotalsKey), encode_totals(head_.totals)); !put)
        return put;
    if (head_.certain == ledger_.head_.certain) return {};
    return writer_.put(meta, as_bytes(kCertainKey), encode_time(head_.certain));
}

Result<std::vector<Grant>> Batch::commit() && {
    if (auto put = write_meta(); !put) return std::unexpected{std::move(put.error())};
    if (auto done = std::move(writer_).commit(); !done)
        return std::unexpected{std::move(done.error())};
    ledger_.head_ = head_;
    return std::move(grants_);
}

}  // namespace stile
