// SPDX-License-Identifier: Apache-2.0
// Opening a ledger, its epochs, and reading it back.
#include "daemon/ledger/ledger.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

std::uint64_t new_epoch(WallTime now) {
    std::array<std::uint8_t, 3> random{};
    crypto::fill_random(random);
    const auto second = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    return (second << 24U) | (std::uint64_t{random[0]} << 16U) | (std::uint64_t{random[1]} << 8U) |
           random[2];
}

std::unexpected<Error> corrupt(std::string_view what) {
    return fail(
        Errc::Corrupt,
        fmt::format("ledger: {}. Restore a backup, or move the folder away to begin a new one",
                    what));
}

}  // namespace

Result<Ledger> Ledger::open(const Options& options, Clock& clock) {
    auto environment =
        lmdb::Environment::open({.folder = options.folder,
                                 .map_bytes = options.map_bytes,
                                 .reserve_bytes = options.reserve_bytes,
                                 .tables = {std::begin(kTables), std::end(kTables)}});
    if (!environment) return std::unexpected{std::move(environment.error())};
    Ledger ledger{std::move(*environment)};
    const auto old = ledger.read_head();
    if (!old) return std::unexpected{old.error()};
    clock.learn(ledger.head_.certain, ledger.head_.time);
    if (!*old) {
        if (auto begun = ledger.begin_epoch(clock); !begun) return std::unexpected{begun.error()};
    }
    if (auto started = ledger.start(options, clock); !started)
        return std::unexpected{started.error()};
    return ledger;
}

// False when the ledger is new.
Result<bool> Ledger::read_head() {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto format = reader->get(table(kMeta), as_bytes(kFormatKey));
    if (!format) return std::unexpected{format.error()};
    if (!*format) return false;
    if (!std::ranges::equal(**format, big_endian(kFormat))) {
        return fail(Errc::Unsupported,
                    "ledger: its format is of a later version; install that version");
    }
    const auto epoch = reader->get(table(kMeta), as_bytes(kEpochKey));
    const auto totals = reader->get(table(kMeta), as_bytes(kTotalsKey));
    if (!epoch || !*epoch || !totals || !*totals) return corrupt("its description is damaged");
    head_.epoch = ByteReader{**epoch}.number<std::uint64_t>();
    if (auto certain = reader->get(table(kMeta), as_bytes(kCertainKey)); certain && *certain)
        head_.certain = decode_time(**certain);
    auto read = decode_totals(**totals);
    if (!read) return std::unexpected{read.error()};
    head_.totals = *read;
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    const auto last = cursor->last();
    if (!last) return std::unexpected{last.error()};
    if (!*last) return corrupt("it has an epoch and no entries");
    const auto stored = split_record((*last)->second);
    if (!stored) return std::unexpected{stored.error()};
    const auto entry = decode_entry(stored->entry);
    if (!entry || entry->epoch != head_.epoch) return corrupt("its last entry is damaged");
    head_.seq = entry->seq;
    head_.time = entry->time;
    std::ranges::copy(stored->chain, head_.chain.begin());
    return true;
}

Result<void> Ledger::begin_epoch(Clock& clock) {
    const ClockReading now = clock.now();
    head_ = LedgerHead{.epoch = new_epoch(now.time)};
    auto batch = begin();
    if (!batch) return std::unexpected{batch.error()};
    if (auto put = batch->begin_epoch(); !put) return put;
    if (auto put = batch->append(EpochStarted{}, now); !put) return std::unexpected{put.error()};
    if (auto committed = std::move(*batch).commit(); !committed)
        return std::unexpected{committed.error()};
    return {};
}

Result<void> Ledger::start(const Options& options, Clock& clock) {
    const auto open = open_admissions();
    if (!open) return std::unexpected{open.error()};
    unresolved_ = static_cast<std::uint32_t>(open->size());
    const ClockReading now = clock.now();
    auto batch = begin();
    if (!batch) return std::unexpected{batch.error()};
    for (const OpenAdmission& admission : *open) {
        auto passage = presumed_passage(admission);
        if (!passage) return std::unexpected{passage.error()};
        if (auto put = batch->resolve(admission, std::move(*passage), now); !put) return put;
    }
    const DaemonStarted started{
        .boot = options.boot, .unresolved = unresolved_, .software = options.software};
    if (auto put = batch->append(started, now); !put) return std::unexpected{put.error()};
    if (auto committed = std::move(*batch).commit(); !committed)
        return std::unexpected{committed.error()};
    return {};
}

Result<std::vector<OpenAdmission>> Ledger::open_admissions() const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kOpen));
    if (!cursor) return std::unexpected{cursor.error()};
    std::vector<OpenAdmission> open;
    for (auto pair = cursor->first();; pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) return open;
        auto admission = decode_open((*pair)->first, (*pair)->second);
        if (!admission) return std::unexpected{admission.error()};
        open.push_back(*admission);
    }
}

// Nobody saw whether somebody passed: the admission counts, so that a ticket is not used twice.
Result<Passage> Ledger::presumed_passage(const OpenAdmission& admission) const {
    const auto stored = entries(admission.admission, 1);
    if (!stored) return std::unexpected{stored.error()};
    const auto entry =
        stored->empty() ? Result<Entry>{std::unexpect} : decode_entry(stored->front());
    const auto* decided = entry ? std::get_if<Decided>(&entry->body) : nullptr;
    if (decided == nullptr)
        return corrupt(fmt::format("open admission {} has no entry", admission.admission));
    return Passage{.result = PassageResult::PresumedEntered,
                   .admission = admission.admission,
                   .ticket = decided->ticket,
                   .lane = decided->lane};
}

Result<std::vector<Buffer>> Ledger::entries(std::uint64_t first, std::size_t most) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    std::vector<Buffer> out;
    for (auto pair = cursor->seek(big_endian(first)); out.size() < most; pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) break;
        const auto stored = split_record((*pair)->second);
        if (!stored) return std::unexpected{stored.error()};
        out.emplace_back(stored->entry.begin(), stored->entry.end());
    }
    return out;
}

Result<Watermark> Ledger::cursor(std::string_view consumer) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto stored = reader->get(table(kCursor), as_bytes(consumer));
    if (!stored) return std::unexpected{stored.error()};
    if (!*stored) return Watermark{head_.epoch, 0};
    ByteReader bytes{**stored};
    Watermark mark{bytes.number<std::uint64_t>(), bytes.number<std::uint64_t>()};
    if (!bytes.complete()) return corrupt("a consumer's cursor is damaged");
    if (mark.epoch != head_.epoch) return Watermark{head_.epoch, 0};
    return mark;
}

Result<void> Ledger::verify() const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    crypto::Digest chain{};
    std::uint64_t seq = 0;
    for (auto pair = cursor->first();; pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) break;
        ++seq;
        const auto stored = split_record((*pair)->second);
        if (!stored) return std::unexpected{stored.error()};
        chain = next_chain(chain, seq, stored->entry);
        if (!std::ranges::equal((*pair)->first, big_endian(seq)) ||
            !std::ranges::equal(chain, stored->chain)) {
            return corrupt(fmt::format("entry {} was changed, or one before it is missing", seq));
        }
    }
    if (seq != head_.seq) return corrupt("entries are missing at its end");
    return {};
}

}  // namespace stile
