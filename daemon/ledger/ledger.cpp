// SPDX-License-Identifier: Apache-2.0
// Opening a ledger, and its epochs.
#include "daemon/ledger/ledger.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/rows.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

constexpr unsigned kEpochRandomBits = 24;

// Later than `before`, whatever the clock says, so that the log stays in order.
std::uint64_t new_epoch(WallTime now, std::uint64_t before) {
    std::array<std::uint8_t, 3> random{};
    crypto::fill_random(random);
    const auto second = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    const std::uint64_t later = std::max(second, (before >> kEpochRandomBits) + 1);
    return (later << kEpochRandomBits) | (std::uint64_t{random[0]} << 16U) |
           (std::uint64_t{random[1]} << 8U) | random[2];
}

std::unexpected<Error> corrupt(std::string_view what) {
    return fail(
        Errc::Corrupt,
        fmt::format("ledger: {}. Restore a backup, or move the folder away to begin a new one",
                    what));
}

std::unexpected<Error> no_format(Error error) {
    if (error.code == Errc::Corrupt) return corrupt("its description is damaged");
    return std::unexpected{std::move(error)};
}

}  // namespace

Result<Ledger> Ledger::open(const Options& options, Clock& clock) {
    auto environment =
        lmdb::Environment::open({.folder = options.folder,
                                 .map_bytes = options.map_bytes,
                                 .reserve_bytes = options.reserve_bytes,
                                 .tables = {std::begin(kTables), std::end(kTables)}});
    if (!environment) return std::unexpected{std::move(environment.error())};
    Ledger ledger{std::move(*environment), options};
    const auto found = ledger.read_head();  // a damaged one is not migrated
    if (!found) return std::unexpected{found.error()};
    if (auto same = migrate(ledger.environment_, options.folder, migration_steps(), kFormat,
                            options.on_migration);
        !same)
        return no_format(std::move(same.error()));
    clock.learn(ledger.head_.certain, ledger.head_.time);
    Result<void> begun;
    switch (*found) {
        case Found::Nothing:
            begun = ledger.begin_epoch(EpochCause::NewLedger, clock.now());
            break;
        case Found::Copy:
            begun = ledger.begin_epoch(EpochCause::Restored, clock.now());
            break;
        case Found::Ledger:
            break;
    }
    if (begun) begun = ledger.start(options, clock);
    if (!begun) return std::unexpected{std::move(begun.error())};
    return ledger;
}

Result<Ledger> Ledger::open_read_only(const std::filesystem::path& folder, lmdb::PageCheck check) {
    auto environment = lmdb::Environment::open({.folder = folder,
                                                .tables = {std::begin(kTables), std::end(kTables)},
                                                .access = lmdb::Access::ReadOnly,
                                                .check = check});
    if (!environment) return std::unexpected{std::move(environment.error())};
    Ledger ledger{std::move(*environment), Options{.folder = folder}};
    const auto found = ledger.read_head();
    if (!found) return std::unexpected{found.error()};
    if (*found == Found::Nothing) return corrupt("it has no description");
    return ledger;
}

Result<Ledger::Found> Ledger::read_head() {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto format = format_of(environment_);
    if (!format) return no_format(format.error());
    if (!*format) return Found::Nothing;
    if (!is_readable(**format)) return unreadable(**format);
    Result<void> read = read_meta(*reader);
    if (read) read = read_log_end(*reader);
    if (!read) return std::unexpected{std::move(read.error())};
    const auto copy = reader->get(table(kMeta), as_bytes(kCopyKey));
    if (!copy) return std::unexpected{copy.error()};
    return *copy ? Found::Copy : Found::Ledger;
}

Result<void> Ledger::read_meta(const lmdb::Reader& reader) {
    const auto epoch = get_row(environment_, reader, kMeta, as_bytes(kEpochKey));
    const auto totals = get_row(environment_, reader, kMeta, as_bytes(kTotalsKey));
    if (!epoch || !*epoch || !totals || !*totals) return corrupt("its description is damaged");
    const auto number = decode_number(**epoch);
    auto read = decode_totals(**totals);
    if (!number || !read) return corrupt("its description is damaged");
    head_.epoch = *number;
    head_.totals = *read;
    // What cannot be read bounds nothing.
    const auto certain = get_row(environment_, reader, kMeta, as_bytes(kCertainKey));
    if (certain && *certain) head_.certain = wall_time(decode_number(**certain).value_or(0));
    return {};
}

Result<void> Ledger::read_log_end(const lmdb::Reader& reader) {
    auto cursor = lmdb::Cursor::open(reader, table(kLog));
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
    return {};
}

Result<void> Ledger::begin_epoch(EpochCause cause, const ClockReading& now) {
    auto batch = begin();
    if (!batch) return std::unexpected{batch.error()};
    const EpochStarted started{cause, head_.epoch, head_.seq, head_.chain};
    batch->head_ = LedgerHead{
        .epoch = new_epoch(now.time, head_.epoch), .time = head_.time, .certain = head_.certain};
    if (auto put = batch->begin_epoch(); !put) return put;
    if (auto put = batch->append(started, now); !put) return std::unexpected{put.error()};
    if (auto committed = std::move(*batch).commit(); !committed)
        return std::unexpected{committed.error()};
    rolled_back_ = rolled_back_ || cause == EpochCause::WatermarkAhead;
    return {};
}

// A disk image is rolled back while the daemon is down, so one epoch a run is enough; one that is
// of tomorrow was never ours.
bool Ledger::is_ahead(const Watermark& mark) const {
    constexpr std::uint64_t kSecondsADay = 86'400;
    const std::uint64_t latest = milliseconds(head_.time) / 1000 + kSecondsADay;
    if (rolled_back_ || mark.epoch >> kEpochRandomBits > latest) return false;
    return mark.epoch > head_.epoch || (mark.epoch == head_.epoch && mark.seq > head_.seq);
}

Result<void> Ledger::start(const Options& options, Clock& clock) {
    const ClockReading now = clock.now();
    auto batch = begin();
    if (!batch) return std::unexpected{batch.error()};
    if (auto done = resolve_open(*batch, now); !done) return done;
    const DaemonStarted started{
        .boot = options.boot, .unresolved = unresolved_, .software = options.software};
    if (auto put = batch->append(started, now); !put) return std::unexpected{put.error()};
    if (auto committed = std::move(*batch).commit(); !committed)
        return std::unexpected{committed.error()};
    return {};
}

// Nobody saw whether somebody passed: the admissions count, so that no ticket is used twice.
Result<void> Ledger::resolve_open(Batch& batch, const ClockReading& now) {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kOpen));
    if (!cursor) return std::unexpected{cursor.error()};
    for (auto pair = cursor->first();; pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) return {};
        const Bytes key = (*pair)->first;
        const auto value = checked(kOpen, key, (*pair)->second);
        const auto record = value ? decode_admission(key, *value) : std::unexpected{value.error()};
        const bool test = record && (record->admission.flags & kFlagTest) != 0;
        if (!test) ++unresolved_;
        // The visit of a damaged row stays open, which counts as well.
        auto done = record ? batch.resolve(record->admission,
                                           presumed_passage(*reader, record->admission), now)
                           : batch.writer_.remove(table(kOpen), key);
        if (!done) return done;
    }
}

// What the log cannot tell of it is left out.
Passage Ledger::presumed_passage(const lmdb::Reader& reader, const OpenAdmission& admission) const {
    Passage passage{.result = PassageResult::PresumedEntered};
    const auto stored = reader.get(table(kLog), entry_key({admission.epoch, admission.admission}));
    if (!stored || !*stored) return passage;
    const auto record = split_record(**stored);
    const auto entry = record ? decode_entry(record->entry) : Result<Entry>{std::unexpect};
    const auto* decided = entry ? std::get_if<Decided>(&entry->body) : nullptr;
    if (decided == nullptr) return passage;
    passage.ticket = decided->ticket;
    passage.lane = decided->lane;
    return passage;
}

}  // namespace stile
