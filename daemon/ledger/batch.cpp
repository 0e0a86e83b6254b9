// SPDX-License-Identifier: Apache-2.0
// What every batch does: append, remember, commit.
#include "daemon/ledger/batch.hpp"

#include <algorithm>
#include <utility>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/rows.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

bool is_test(const EntryBody& body) {
    const auto* decided = std::get_if<Decided>(&body);
    return decided != nullptr && (decided->flags & kFlagTest) != 0;
}

bool is_refusal(const EntryBody& body) {
    const auto* decided = std::get_if<Decided>(&body);
    return decided != nullptr && decided->verdict == Verdict::Refuse;
}

void count(Totals& totals, const EntryBody& body) {
    if (const auto* decided = std::get_if<Decided>(&body)) {
        if (is_test(body)) return;
        switch (decided->verdict) {
            case Verdict::Admit:
                ++totals.admitted;
                break;
            case Verdict::Refuse:
                ++totals.refused[std::to_underlying(decided->reason) % kReasonSlots];
                break;
        }
    }
    if (const auto* lost = std::get_if<NotStored>(&body)) totals.not_stored += lost->refusals;
}

// Adds the later losses to the earlier ones.
void add(NotStored& lost, const NotStored& more) {
    if (more.refusals == 0) return;
    lost.first_ms = lost.refusals == 0 ? more.first_ms : std::min(lost.first_ms, more.first_ms);
    lost.last_ms = std::max(lost.last_ms, more.last_ms);
    lost.refusals += more.refusals;
}

NotStored one_lost(WallTime when) {
    return {1, milliseconds(when), milliseconds(when)};
}

}  // namespace

Result<Batch> Ledger::begin(Refusals refusals) {
    auto writer = environment_.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    if (is_short_of_space()) refusals = Refusals::CountOnly;
    return Batch{*this, std::move(*writer), refusals};
}

// The second half of the reserve is for admissions.
bool Ledger::is_short_of_space() const {
    const std::uint64_t used = environment_.used_bytes();
    if (used < reserve_bytes_ / 2) return false;
    const std::uint64_t ends = map_bytes_ - std::min(map_bytes_, reserve_bytes_ / 2);
    return used > ends || environment_.disk_is_full();
}

void Ledger::refusal_lost(WallTime when) {
    add(lost_, one_lost(when));
}

Batch::Batch(Ledger& ledger, lmdb::Writer writer, Refusals refusals)
    : ledger_{ledger}, writer_{std::move(writer)}, head_{ledger.head_}, refusals_{refusals} {}

Result<void> Batch::put(std::size_t table, Bytes key, Buffer value) {
    return put_row(ledger_.environment_, writer_, table, key, std::move(value));
}

Result<TicketState> Batch::state(const crypto::Identity& identity) const {
    return rows::state(ledger_.environment_, writer_, identity);
}

Result<void> Batch::visits(const crypto::Identity& identity, const ListKey& list,
                           std::vector<Visit>& into) const {
    if (!visits_) {
        auto cursor = lmdb::Cursor::open(writer_, ledger_.table(kVisit));
        if (!cursor) return std::unexpected{std::move(cursor.error())};
        visits_ = std::move(*cursor);
    }
    return rows::visits(*visits_, identity, list, into);
}

Result<AreaCount> Batch::area(std::uint32_t area) const {
    return rows::area(ledger_.environment_, writer_, area);
}

Result<std::optional<FoundAdmission>> Batch::find(std::string_view nonce) const {
    return ledger_.find_in(writer_, nonce);
}

Result<void> Batch::set_state(const crypto::Identity& identity, const TicketState& state) {
    return put(kState, identity.bytes, encode_state(state));
}

Result<std::uint64_t> Batch::append(EntryBody body, const ClockReading& now) {
    if (refusals_ == Refusals::CountOnly && is_refusal(body)) {
        if (!is_test(body)) add(lost_, one_lost(now.time));
        return 0;
    }
    now_ = now;
    count(head_.totals, body);
    const std::uint64_t seq = head_.seq + 1;
    const Entry entry{head_.epoch, seq, now.time, now.quality, std::move(body)};
    Buffer record;
    encode_entry(entry, record);
    head_.chain = next_chain(head_.chain, seq, record);
    record.insert(record.end(), head_.chain.begin(), head_.chain.end());
    const auto key = entry_key({head_.epoch, seq});
    if (auto put = writer_.append(ledger_.table(kLog), key, record); !put)
        return std::unexpected{std::move(put.error())};
    head_.seq = seq;
    head_.time = std::max(head_.time, now.time);
    if (now.quality == ClockQuality::Synced || now.quality == ClockQuality::Holdover)
        head_.certain = std::max(head_.certain, now.time);
    return seq;
}

Result<void> Batch::set_cursor(std::string_view consumer, const Watermark& watermark) {
    return put(kCursor, as_bytes(consumer), encode_watermark(watermark));
}

Result<void> Batch::begin_epoch() {
    const auto format = big_endian(kFormat);
    if (auto done = put(kMeta, as_bytes(kFormatKey), {format.begin(), format.end()}); !done)
        return done;
    if (auto done = writer_.remove(ledger_.table(kMeta), as_bytes(kCopyKey)); !done) return done;
    return put(kMeta, as_bytes(kEpochKey), encode_number(head_.epoch));
}

Result<void> Batch::write_meta() {
    if (auto done = put(kMeta, as_bytes(kTotalsKey), encode_totals(head_.totals)); !done)
        return done;
    if (head_.certain == ledger_.head_.certain) return {};
    return put(kMeta, as_bytes(kCertainKey), encode_number(milliseconds(head_.certain)));
}

Result<std::vector<Grant>> Batch::commit() && {
    const bool tells = refusals_ == Refusals::Store && ledger_.lost_.refusals != 0 && now_;
    if (tells) {
        if (auto put = append(ledger_.lost_, *now_); !put)
            return std::unexpected{std::move(put.error())};
    }
    if (auto put = write_meta(); !put) return std::unexpected{std::move(put.error())};
    visits_.reset();
    if (auto done = std::move(writer_).commit(); !done)
        return std::unexpected{std::move(done.error())};
    ledger_.head_ = head_;
    if (tells) ledger_.lost_ = {};
    add(ledger_.lost_, lost_);
    return std::move(grants_);
}

}  // namespace stile
