// SPDX-License-Identifier: Apache-2.0
// The store's questions as SQL for SQLite.
#include "sync/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sync/collector/stored_row.hpp"
#include "sync/sqlite/database.hpp"
#include "sync/sqlite/schema.hpp"
#include "sync/sqlite/store_lock.hpp"

namespace stile::sync {
namespace {

using Entries = std::vector<GateEntry>;
using StoredEntries = std::vector<StoredEntry>;

class SqliteStore final : public EntryStore {
public:
    SqliteStore(SqliteDatabase database, std::optional<StoreLock> lock)
        : database_{std::move(database)}, lock_{std::move(lock)} {}

    [[nodiscard]] Result<void> load() {
        SqliteQuery islands{database_,
                            "SELECT l.gate, l.epoch, min(e.seq), max(e.seq) FROM"
                            " (SELECT ledger, seq, seq - row_number() OVER"
                            " (PARTITION BY ledger ORDER BY seq) AS island FROM entries) e"
                            " JOIN ledgers l ON l.id = e.ledger GROUP BY e.ledger, e.island"};
        while (islands.next()) {
            coverage_[ledger_of(islands)].stored.add(
                {as_count(islands.number(2)), as_count(islands.number(3))});
        }
        if (auto done = islands.done(); !done) return done;
        SqliteQuery ends{database_,
                         "SELECT gate, epoch,"
                         " (SELECT max(position) FROM entries WHERE ledger = l.id),"
                         " (SELECT at FROM entries WHERE ledger = l.id ORDER BY seq DESC LIMIT 1)"
                         " FROM ledgers l"};
        while (ends.next()) {
            Coverage::Ledger& ledger = coverage_[ledger_of(ends)];
            ledger.position = as_count(ends.number(2));
            if (!ends.is_null(3)) ledger.last = WallTime{std::chrono::milliseconds{ends.number(3)}};
        }
        return ends.done();
    }

    Result<std::vector<Fate>> put(std::span<const GateEntry> batch) override {
        PutBook book{batch};
        SqliteTransaction change{database_};
        if (auto begun = change.begin(); !begun) return std::unexpected{begun.error()};
        std::map<LedgerName, std::int64_t> ids;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto id = ledger_id(batch[i].name.ledger, ids);
            if (!id) return std::unexpected{id.error()};
            if (auto done = put_one(*id, batch[i], i, book); !done)
                return std::unexpected{done.error()};
        }
        if (auto committed = change.commit(); !committed) return std::unexpected{committed.error()};
        return book.finish(coverage_);
    }

    [[nodiscard]] const Coverage& coverage() const override { return coverage_; }

    Result<StoredEntries> scan(std::uint64_t after, std::size_t limit) override {
        SqliteQuery rows{database_,
                         "SELECT e.position, l.gate, e.payload FROM entries e"
                         " JOIN ledgers l ON l.id = e.ledger WHERE e.position > ?"
                         " ORDER BY e.position LIMIT ?",
                         as_number(after), as_number(limit)};
        return entries_of(rows);
    }

    Result<Entries> in_order(const EntryFilter& filter, const EntryName& after,
                             std::size_t limit) override {
        Entries found;
        for (const LedgerStep& step : ledgers_behind(coverage_, filter, after)) {
            SqliteQuery rows{database_,
                             "SELECT e.position, l.gate, e.payload FROM ledgers l"
                             " JOIN entries e ON e.ledger = l.id"
                             " WHERE l.gate = ?1 AND l.epoch = ?2 AND e.seq > ?3"
                             " AND (?4 IS NULL OR e.at >= ?4) AND (?5 IS NULL OR e.at < ?5)"
                             " ORDER BY e.seq LIMIT ?6",
                             step.ledger.gate,
                             hex_of(step.ledger.epoch),
                             as_number(step.behind),
                             as_ms(filter.since),
                             as_ms(filter.until),
                             as_number(limit - found.size())};
            auto part = entries_of(rows);
            if (!part) return std::unexpected{part.error()};
            for (StoredEntry& row : *part)
                found.push_back(std::move(row.entry));
            if (found.size() == limit) break;
        }
        return found;
    }

    Result<StoredEntries> by_ticket(const TicketPrefix& prefix, std::size_t limit) override {
        SqliteQuery rows{database_,
                         "SELECT position, gate, payload FROM"
                         " (SELECT position, ledger, payload FROM entries"
                         "  WHERE ticket BETWEEN ?1 AND ?2"
                         " UNION SELECT a.position, a.ledger, a.payload FROM entries t"
                         "  JOIN entries a ON a.ledger = t.ledger AND a.admission = t.seq"
                         "   AND a.ticket IS NULL"
                         "  WHERE t.ticket BETWEEN ?1 AND ?2) e"
                         " JOIN ledgers l ON l.id = e.ledger ORDER BY position LIMIT ?3",
                         Bytes{prefix.first()}, Bytes{prefix.last()}, as_number(limit)};
        return entries_of(rows);
    }

    Result<StoredEntries> recent(std::string_view gate, std::size_t limit) override {
        StoredEntries found;
        for (const LedgerName& ledger : newest_ledgers(coverage_, gate)) {
            SqliteQuery rows{database_,
                             "SELECT e.position, l.gate, e.payload FROM ledgers l"
                             " JOIN entries e ON e.ledger = l.id"
                             " WHERE l.gate = ? AND l.epoch = ? ORDER BY e.seq DESC LIMIT ?",
                             ledger.gate, hex_of(ledger.epoch), as_number(limit - found.size())};
            auto part = entries_of(rows);
            if (!part) return part;
            std::ranges::move(*part, std::back_inserter(found));
            if (found.size() == limit) break;
        }
        return found;
    }

    Result<void> put_sold(std::span<const SoldTicket> tickets) override {
        SqliteTransaction change{database_};
        if (auto begun = change.begin(); !begun) return begun;
        for (const SoldTicket& sold : tickets) {
            SqliteQuery row{database_,
                            "INSERT INTO sold VALUES (?, ?, ?, ?, ?)"
                            " ON CONFLICT (ticket) DO UPDATE SET event = excluded.event,"
                            " product = excluded.product, channel = excluded.channel,"
                            " people = excluded.people",
                            Bytes{sold.ticket},
                            std::int64_t{sold.event},
                            as_number(sold.product),
                            sold.channel,
                            std::int64_t{sold.people}};
            if (auto put = row.run(); !put) return put;
        }
        if (auto counted = count_import(); !counted) return counted;
        return change.commit();
    }

    Result<std::vector<SoldTicket>> sold(const std::optional<crypto::TicketId>& after,
                                         std::size_t limit) override {
        SqliteQuery rows{database_,
                         "SELECT ticket, event, product, channel, people FROM sold"
                         " WHERE ?1 IS NULL OR ticket > ?1 ORDER BY ticket LIMIT ?2",
                         as_blob(after), as_number(limit)};
        return sold_of(rows);
    }

    Result<std::optional<SoldTicket>> find_sold(const crypto::TicketId& ticket) override {
        SqliteQuery rows{database_,
                         "SELECT ticket, event, product, channel, people FROM sold"
                         " WHERE ticket = ?",
                         Bytes{ticket}};
        auto found = sold_of(rows);
        if (!found) return std::unexpected{found.error()};
        if (found->empty()) return std::nullopt;
        return found->front();
    }

    Result<void> begin_revoked() override {
        if (lock_) {
            const auto taken = lock_->take(StoreRole::Import);
            if (!taken) return std::unexpected{taken.error()};
            if (!*taken) return fail(Errc::Denied, "another import is running");
        }
        return SqliteQuery{database_,
                           "DELETE FROM revoked WHERE list <>"
                           " (SELECT value FROM counters WHERE name = 'revoked list')"}
            .run();
    }

    Result<void> put_revoked(std::span<const crypto::TicketId> tickets) override {
        SqliteTransaction change{database_};
        if (auto begun = change.begin(); !begun) return begun;
        for (const crypto::TicketId& ticket : tickets) {
            SqliteQuery row{database_,
                            "INSERT INTO revoked SELECT value + 1, ? FROM counters"
                            " WHERE name = 'revoked list' ON CONFLICT DO NOTHING",
                            Bytes{ticket}};
            if (auto put = row.run(); !put) return put;
        }
        return change.commit();
    }

    Result<void> use_revoked() override {
        SqliteTransaction change{database_};
        if (auto begun = change.begin(); !begun) return begun;
        for (const std::string_view sql :
             {"UPDATE counters SET value = value + 1 WHERE name = 'revoked list'",
              "DELETE FROM revoked WHERE list <>"
              " (SELECT value FROM counters WHERE name = 'revoked list')"}) {
            if (auto done = SqliteQuery{database_, sql}.run(); !done) return done;
        }
        if (auto counted = count_import(); !counted) return counted;
        auto committed = change.commit();
        if (lock_) lock_->give_back(StoreRole::Import);
        return committed;
    }

    Result<bool> is_revoked(const crypto::TicketId& ticket) override {
        SqliteQuery row{database_,
                        "SELECT 1 FROM revoked WHERE ticket = ? AND list ="
                        " (SELECT value FROM counters WHERE name = 'revoked list')",
                        Bytes{ticket}};
        const bool found = row.next();
        if (auto done = row.done(); !done) return std::unexpected{done.error()};
        return found;
    }

    Result<std::uint64_t> import_count() override {
        SqliteQuery row{database_, "SELECT value FROM counters WHERE name = 'imports'"};
        const std::uint64_t count = row.next() ? as_count(row.number(0)) : 0;
        if (auto done = row.done(); !done) return std::unexpected{done.error()};
        return count;
    }

    Result<void> keep(const Note& note) override {
        if (note.text.empty())
            return SqliteQuery{database_, "DELETE FROM notes WHERE name = ?", note.name}.run();
        return SqliteQuery{database_,
                           "INSERT INTO notes VALUES (?, ?)"
                           " ON CONFLICT (name) DO UPDATE SET text = excluded.text",
                           note.name, note.text}
            .run();
    }

    Result<std::vector<Note>> notes(std::string_view prefix) override {
        SqliteQuery rows{database_,
                         "SELECT name, text FROM notes WHERE substr(name, 1, length(?1)) = ?1"
                         " ORDER BY name",
                         prefix};
        std::vector<Note> found;
        while (rows.next())
            found.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}});
        if (auto done = rows.done(); !done) return std::unexpected{done.error()};
        return found;
    }

    Result<bool> is_collecting() override {
        return lock_ ? lock_->is_taken(StoreRole::Collector) : Result<bool>{true};
    }

private:
    static LedgerName ledger_of(const SqliteQuery& row) {
        return {std::string{row.text(0)}, epoch_of(row.text(1))};
    }

    Result<std::int64_t> ledger_id(const LedgerName& ledger,
                                   std::map<LedgerName, std::int64_t>& known) {
        const auto [place, is_new] = known.try_emplace(ledger, 0);
        if (!is_new) return place->second;
        SqliteQuery make{database_,
                         "INSERT INTO ledgers (gate, epoch) VALUES (?, ?)"
                         " ON CONFLICT DO NOTHING",
                         ledger.gate, hex_of(ledger.epoch)};
        if (auto made = make.run(); !made) return std::unexpected{made.error()};
        SqliteQuery row{database_, "SELECT id FROM ledgers WHERE gate = ? AND epoch = ?",
                        ledger.gate, hex_of(ledger.epoch)};
        if (row.next()) place->second = row.number(0);
        if (auto done = row.done(); !done) return std::unexpected{done.error()};
        return place->second;
    }

    Result<void> put_one(std::int64_t ledger, const GateEntry& entry, std::size_t place,
                         PutBook& book) {
        std::optional<std::int64_t> admission;
        if (entry.admission) admission = as_number(*entry.admission);
        SqliteQuery insert{database_,
                           "INSERT INTO entries (ledger, seq, at, kind, ticket, admission, payload)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ledger, seq) DO NOTHING",
                           ledger,
                           as_number(entry.name.seq),
                           as_ms(entry.time),
                           name_of(entry.kind),
                           as_blob(entry.ticket),
                           admission,
                           entry.payload};
        if (auto done = insert.run(); !done) return done;
        if (database_.changes() == 1) {
            book.stored(place, as_count(database_.last_row()));
            return {};
        }
        SqliteQuery known{database_, "SELECT payload FROM entries WHERE ledger = ? AND seq = ?",
                          ledger, as_number(entry.name.seq)};
        if (known.next()) book.found(place, known.text(0));
        return known.done();
    }

    Result<StoredEntries> entries_of(SqliteQuery& rows) {
        StoredEntries found;
        while (rows.next()) {
            auto row = stored_entry(as_count(rows.number(0)), rows.text(1), rows.text(2));
            if (!row) return std::unexpected{row.error()};
            found.push_back(std::move(*row));
        }
        if (auto done = rows.done(); !done) return std::unexpected{done.error()};
        return found;
    }

    static Result<std::vector<SoldTicket>> sold_of(SqliteQuery& rows) {
        std::vector<SoldTicket> found;
        while (rows.next()) {
            found.push_back({.ticket = ticket_of(rows.blob(0)),
                             .event = static_cast<std::uint32_t>(rows.number(1)),
                             .product = as_count(rows.number(2)),
                             .channel = std::string{rows.text(3)},
                             .people = static_cast<std::uint32_t>(rows.number(4))});
        }
        if (auto done = rows.done(); !done) return std::unexpected{done.error()};
        return found;
    }

    Result<void> count_import() {
        return SqliteQuery{database_,
                           "UPDATE counters SET value = value + 1 WHERE name = 'imports'"}
            .run();
    }

    SqliteDatabase database_;
    std::optional<StoreLock> lock_;  // none: in memory
    Coverage coverage_;
};

Result<std::optional<StoreLock>> lock(const std::filesystem::path& file, StoreUse use) {
    if (file == ":memory:") return std::nullopt;
    auto lock = StoreLock::open(file);
    if (!lock) return std::unexpected{lock.error()};
    if (use == StoreUse::Look) return std::move(*lock);
    const auto taken = lock->take(StoreRole::Collector);
    if (!taken) return std::unexpected{taken.error()};
    if (!*taken) {
        return fail(Errc::Denied,
                    fmt::format("another collector works on the store {}", file.native()));
    }
    return std::move(*lock);
}

}  // namespace

Result<std::unique_ptr<EntryStore>> open_sqlite_store(const std::filesystem::path& file,
                                                      StoreUse use) {
    using Missing = SqliteDatabase::Missing;
    const bool collects = use == StoreUse::Collect;
    std::error_code ignored;
    if (!collects && !std::filesystem::exists(file, ignored)) {
        return fail(Errc::NotFound, fmt::format("there is no store {}: the collector makes it when "
                                                "it first runs",
                                                file.native()));
    }
    auto locked = lock(file, use);
    if (!locked) return std::unexpected{locked.error()};
    auto database = SqliteDatabase::open(file, collects ? Missing::Create : Missing::Refuse);
    if (!database) return std::unexpected{database.error()};
    if (auto ready = prepare_schema(*database); !ready)
        return fail(file.native(), std::move(ready.error()));
    auto store = std::make_unique<SqliteStore>(std::move(*database), std::move(*locked));
    if (auto loaded = store->load(); !loaded) return std::unexpected{loaded.error()};
    return store;
}

}  // namespace stile::sync
