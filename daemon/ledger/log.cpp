// SPDX-License-Identifier: Apache-2.0
// Reading back what was written: entries, epochs, cursors, memory.
#include <algorithm>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/log_walk.hpp"
#include "daemon/ledger/rows.hpp"
#include "daemon/ledger/scrubber.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

// Adds entries from where `pair` is, while they follow one another in one epoch.
Result<void> collect(lmdb::Cursor& cursor, Result<std::optional<lmdb::Pair>> pair, std::size_t most,
                     EntryRun& run) {
    for (; run.entries.size() < most; pair = cursor.next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) return {};
        const auto at = decode_entry_key((*pair)->first);
        if (!at) return std::unexpected{at.error()};
        if (run.entries.empty()) run.first = *at;
        if (at->epoch != run.first.epoch || at->seq != run.first.seq + run.entries.size())
            return {};
        const auto stored = split_record((*pair)->second);
        if (!stored) return std::unexpected{stored.error()};
        run.entries.emplace_back(stored->entry.begin(), stored->entry.end());
    }
    return {};
}

}  // namespace

Result<EntryRun> Ledger::entries_after(const Watermark& mark, std::size_t most) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    const EntryKey key = entry_key(mark);
    auto pair = cursor->seek(key);
    if (pair && *pair && std::ranges::equal((*pair)->first, key)) pair = cursor->next();
    EntryRun run;
    if (auto done = collect(*cursor, std::move(pair), most, run); !done)
        return std::unexpected{std::move(done.error())};
    const bool follows = run.entries.empty() || run.first.seq == 1 ||
                         run.first == Watermark{mark.epoch, mark.seq + 1};
    if (!follows) return broken_at(run.first);
    return run;
}

Result<std::vector<Buffer>> Ledger::entries(std::uint64_t first, std::size_t most) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    EntryRun run;
    if (auto done = collect(*cursor, cursor->seek(entry_key({head_.epoch, first})), most, run);
        !done)
        return std::unexpected{std::move(done.error())};
    return std::move(run.entries);
}

Result<std::vector<EpochEnd>> Ledger::epochs() const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    std::vector<EpochEnd> out;
    for (auto pair = cursor->first();;) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) return out;
        const auto first = decode_entry_key((*pair)->first);
        if (!first) return std::unexpected{first.error()};
        const EntryKey beyond = entry_key({first->epoch + 1, 0});
        const auto next = cursor->seek(beyond);
        if (!next) return std::unexpected{next.error()};
        const auto end = *next ? cursor->previous() : cursor->last();
        if (!end || !*end) return broken_at(*first);
        const auto last = decode_entry_key((*end)->first);
        const auto stored = split_record((*end)->second);
        if (!last || !stored) return broken_at(*first);
        out.push_back({last->epoch, last->seq, {}});
        std::ranges::copy(stored->chain, out.back().chain.begin());
        pair = cursor->seek(beyond);
    }
}

Result<std::uint64_t> Ledger::count_after(const Watermark& mark) const {
    if (mark.epoch >= head_.epoch)
        return mark < Watermark{head_.epoch, head_.seq} ? head_.seq - mark.seq : 0;
    const auto all = epochs();
    if (!all) return std::unexpected{all.error()};
    std::uint64_t count = 0;
    for (const EpochEnd& end : *all) {
        if (end.epoch > mark.epoch) count += end.seq;
        if (end.epoch == mark.epoch && end.seq > mark.seq) count += end.seq - mark.seq;
    }
    return count;
}

Result<Watermark> Ledger::cursor(std::string_view consumer) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto row = get_row(environment_, *reader, kCursor, as_bytes(consumer));
    if (!row) return std::unexpected{row.error()};
    if (!*row) return Watermark{};
    return decode_watermark(**row);
}

Result<void> Ledger::verify() const {
    constexpr std::size_t kRows = 100'000;  // in one snapshot
    Scrubber scrubber{environment_};
    for (auto progress = scrubber.step(kRows);; progress = scrubber.step(kRows)) {
        if (!progress) return std::unexpected{progress.error()};
        if (!scrubber.bad().empty()) return fail(Errc::Corrupt, scrubber.bad().front());
        if (*progress == Scrubber::Progress::Complete) break;
    }
    if (scrubber.log_end() < Watermark{head_.epoch, head_.seq})
        return fail(Errc::Corrupt, "ledger: entries are missing at its end");
    return {};
}

Result<TicketState> Ledger::state(const crypto::Identity& identity) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    return rows::state(environment_, *reader, identity);
}

Result<void> Ledger::visits(const crypto::Identity& identity, const ListKey& list,
                            std::vector<Visit>& into) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kVisit));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    return rows::visits(*cursor, identity, list, into);
}

Result<AreaCount> Ledger::area(std::uint32_t area) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    return rows::area(environment_, *reader, area);
}

Result<std::optional<FoundAdmission>> Ledger::find(std::string_view nonce) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    return find_in(*reader, nonce);
}

}  // namespace stile
