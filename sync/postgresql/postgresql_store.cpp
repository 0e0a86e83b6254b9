// SPDX-License-Identifier: Apache-2.0
// The store's questions as SQL for PostgreSQL.
#include "sync/postgresql/postgresql_store.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sync/collector/stored_row.hpp"
#include "sync/postgresql/connection.hpp"
#include "sync/postgresql/rows.hpp"
#include "sync/postgresql/schema.hpp"

namespace stile::sync {
namespace {

using Clock = std::chrono::steady_clock;
using Entries = std::vector<GateEntry>;
using StoredEntries = std::vector<StoredEntry>;
using RowKey = std::pair<std::int64_t, std::int64_t>;  // ledger, seq

constexpr std::size_t kRowsAtOnce = 500;  // a statement takes 65,535 values

class PostgresqlStore final : public EntryStore {
public:
    PostgresqlStore(std::string where, StoreUse use) : where_{std::move(where)}, use_{use} {}
    PostgresqlStore(const PostgresqlStore&) = delete;
    PostgresqlStore& operator=(const PostgresqlStore&) = delete;
    // The server ends a session some time after it was closed, and the next collector may be
    // faster.
    ~PostgresqlStore() override {
        if (server_ && server_->works()) (void)server_->run("SELECT pg_advisory_unlock_all()");
    }

    // Connects where there is no connection. After an attempt that failed it refuses for twice as
    // long as that took, so that most of a caller's time stays its own.
    [[nodiscard]] Result<PgConnection*> server() {
        if (server_ && server_->works()) return &*server_;
        const auto begin = Clock::now();
        if (begin < try_again_) return std::unexpected{trouble_};
        auto made = connect();
        if (made) return made;
        trouble_ = made.error();
        const auto end = Clock::now();
        try_again_ = end + 2 * (end - begin);
        return made;
    }

    [[nodiscard]] Result<PgConnection*> connect() {
        server_.reset();
        ids_.clear();
        auto made = PgConnection::open(where_);
        if (!made) return std::unexpected{made.error()};
        if (auto ready = prepare_schema(*made, use_); !ready) return std::unexpected{ready.error()};
        if (use_ == StoreUse::Collect) {
            const auto taken = take(*made, PgRole::Collector);
            if (!taken) return std::unexpected{taken.error()};
            if (!*taken)
                return fail(Errc::Denied, "another collector works on the store in this database");
        }
        if (auto loaded = load_coverage(*made, coverage_); !loaded)
            return std::unexpected{loaded.error()};
        server_ = std::move(*made);
        return &*server_;
    }

    Result<std::vector<Fate>> put(std::span<const GateEntry> batch) override {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        PutBook book{batch};
        PgTransaction change{**to};
        if (auto begun = change.begin(); !begun) return std::unexpected{begun.error()};
        for (std::size_t from = 0; from < batch.size(); from += kRowsAtOnce) {
            const auto count = std::min(kRowsAtOnce, batch.size() - from);
            if (auto done = put_rows(batch.subspan(from, count), from, book); !done)
                return std::unexpected{forget_new_ids(done.error())};
        }
        if (auto committed = change.commit(); !committed)
            return std::unexpected{forget_new_ids(committed.error())};
        return book.finish(coverage_);
    }

    [[nodiscard]] const Coverage& coverage() const override { return coverage_; }

    Result<StoredEntries> scan(std::uint64_t after, std::size_t limit) override {
        return entries_of(
            ask("SELECT e.position, l.gate, e.payload FROM stile_entries e"
                " JOIN stile_ledgers l ON l.id = e.ledger WHERE e.position > $1"
                " ORDER BY e.position LIMIT $2",
                PgValues{as_number(after), as_number(limit)}));
    }

    Result<Entries> in_order(const EntryFilter& filter, const EntryName& after,
                             std::size_t limit) override {
        if (auto there = server(); !there) return std::unexpected{there.error()};
        Entries found;
        for (const LedgerStep& step : ledgers_behind(coverage_, filter, after)) {
            auto part =
                entries_of(ask("SELECT e.position, l.gate, e.payload FROM stile_ledgers l"
                               " JOIN stile_entries e ON e.ledger = l.id"
                               " WHERE l.gate = $1 AND l.epoch = $2 AND e.seq > $3"
                               " AND ($4::bigint IS NULL OR e.at >= $4)"
                               " AND ($5::bigint IS NULL OR e.at < $5) ORDER BY e.seq LIMIT $6",
                               PgValues{step.ledger.gate, hex_of(step.ledger.epoch),
                                        as_number(step.behind), as_ms(filter.since),
                                        as_ms(filter.until), as_number(limit - found.size())}));
            if (!part) return std::unexpected{part.error()};
            for (StoredEntry& row : *part)
                found.push_back(std::move(row.entry));
            if (found.size() == limit) break;
        }
        return found;
    }

    Result<StoredEntries> by_ticket(const TicketPrefix& prefix, std::size_t limit) override {
        return entries_of(
            ask("SELECT position, gate, payload FROM"
                " (SELECT position, ledger, payload FROM stile_entries"
                "  WHERE ticket BETWEEN $1::bytea AND $2::bytea"
                " UNION SELECT a.position, a.ledger, a.payload FROM stile_entries t"
                "  JOIN stile_entries a ON a.ledger = t.ledger AND a.admission = t.seq"
                "   AND a.ticket IS NULL"
                "  WHERE t.ticket BETWEEN $1::bytea AND $2::bytea) e"
                " JOIN stile_ledgers l ON l.id = e.ledger ORDER BY position LIMIT $3",
                PgValues{Bytes{prefix.first()}, Bytes{prefix.last()}, as_number(limit)}));
    }

    Result<StoredEntries> recent(std::string_view gate, std::size_t limit) override {
        if (auto there = server(); !there) return std::unexpected{there.error()};
        StoredEntries found;
        for (const LedgerName& ledger : newest_ledgers(coverage_, gate)) {
            auto part = entries_of(
                ask("SELECT e.position, l.gate, e.payload FROM stile_ledgers l"
                    " JOIN stile_entries e ON e.ledger = l.id"
                    " WHERE l.gate = $1 AND l.epoch = $2 ORDER BY e.seq DESC LIMIT $3",
                    PgValues{ledger.gate, hex_of(ledger.epoch), as_number(limit - found.size())}));
            if (!part) return part;
            std::ranges::move(*part, std::back_inserter(found));
            if (found.size() == limit) break;
        }
        return found;
    }

    Result<void> put_sold(std::span<const SoldTicket> tickets) override {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        PgTransaction change{**to};
        if (auto begun = change.begin(); !begun) return begun;
        for (const SoldTicket& sold : tickets) {
            auto put = (*to)->run(
                "INSERT INTO stile_sold VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (ticket) DO UPDATE SET event = excluded.event,"
                " product = excluded.product, channel = excluded.channel,"
                " people = excluded.people",
                PgValues{Bytes{sold.ticket}, std::int64_t{sold.event}, as_number(sold.product),
                         sold.channel, std::int64_t{sold.people}});
            if (!put) return put;
        }
        if (auto counted = (*to)->run(kCountImport); !counted) return counted;
        return change.commit();
    }

    Result<std::vector<SoldTicket>> sold(const std::optional<crypto::TicketId>& after,
                                         std::size_t limit) override {
        return sold_of(
            ask("SELECT ticket, event, product, channel, people FROM stile_sold"
                " WHERE $1::bytea IS NULL OR ticket > $1 ORDER BY ticket LIMIT $2",
                PgValues{as_blob(after), as_number(limit)}));
    }

    Result<std::optional<SoldTicket>> find_sold(const crypto::TicketId& ticket) override {
        auto found =
            sold_of(ask("SELECT ticket, event, product, channel, people FROM stile_sold"
                        " WHERE ticket = $1",
                        PgValues{Bytes{ticket}}));
        if (!found) return std::unexpected{found.error()};
        if (found->empty()) return std::nullopt;
        return found->front();
    }

    Result<void> begin_revoked() override {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        const auto taken = take(**to, PgRole::Import);
        if (!taken) return std::unexpected{taken.error()};
        if (!*taken) return fail(Errc::Denied, "another import is running");
        return (*to)->run(kForgetLists);
    }

    Result<void> put_revoked(std::span<const crypto::TicketId> tickets) override {
        for (; !tickets.empty(); tickets = tickets.subspan(std::min(kRowsAtOnce, tickets.size()))) {
            PgValues values;
            const auto part = tickets.first(std::min(kRowsAtOnce, tickets.size()));
            for (const crypto::TicketId& ticket : part)
                values.add(Bytes{ticket});
            auto put =
                run("INSERT INTO stile_revoked SELECT c.value + 1, t.ticket"
                    " FROM stile_counters c, (VALUES " +
                        places(part.size(), {"bytea"}) +
                        ") t (ticket) WHERE c.name = 'revoked list' ON CONFLICT DO NOTHING",
                    values);
            if (!put) return put;
        }
        return {};
    }

    Result<void> use_revoked() override {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        PgTransaction change{**to};
        if (auto begun = change.begin(); !begun) return begun;
        for (const char* sql :
             {"UPDATE stile_counters SET value = value + 1 WHERE name = 'revoked list'",
              kForgetLists, kCountImport}) {
            if (auto done = (*to)->run(sql); !done) return done;
        }
        auto committed = change.commit();
        give_back(**to, PgRole::Import);
        return committed;
    }

    Result<bool> is_revoked(const crypto::TicketId& ticket) override {
        const auto rows =
            ask("SELECT 1 FROM stile_revoked WHERE ticket = $1 AND list ="
                " (SELECT value FROM stile_counters WHERE name = 'revoked list')",
                PgValues{Bytes{ticket}});
        if (!rows) return std::unexpected{rows.error()};
        return rows->count() > 0;
    }

    Result<std::uint64_t> import_count() override {
        const auto rows = ask("SELECT value FROM stile_counters WHERE name = 'imports'");
        if (!rows) return std::unexpected{rows.error()};
        return rows->count() == 0 ? 0 : as_count(rows->number(0, 0));
    }

    Result<void> keep(const Note& note) override {
        if (note.text.empty())
            return run("DELETE FROM stile_notes WHERE name = $1", PgValues{note.name});
        return run(
            "INSERT INTO stile_notes VALUES ($1, $2)"
            " ON CONFLICT (name) DO UPDATE SET text = excluded.text",
            PgValues{note.name, note.text});
    }

    Result<std::vector<Note>> notes(std::string_view prefix) override {
        const auto rows =
            ask("SELECT name, text FROM stile_notes"
                " WHERE starts_with(name, $1) ORDER BY name",
                PgValues{prefix});
        if (!rows) return std::unexpected{rows.error()};
        std::vector<Note> found;
        for (int i = 0; i < rows->count(); ++i)
            found.push_back({std::string{rows->text(i, 0)}, std::string{rows->text(i, 1)}});
        return found;
    }

    Result<bool> is_collecting() override {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        return is_taken(**to, PgRole::Collector);
    }

private:
    static constexpr const char* kForgetLists =
        "DELETE FROM stile_revoked WHERE list <>"
        " (SELECT value FROM stile_counters WHERE name = 'revoked list')";
    static constexpr const char* kCountImport =
        "UPDATE stile_counters SET value = value + 1 WHERE name = 'imports'";

    Result<PgRows> ask(const std::string& sql, const PgValues& values = {}) {
        const auto to = server();
        if (!to) return std::unexpected{to.error()};
        return (*to)->ask(sql, values);
    }
    Result<void> run(const std::string& sql, const PgValues& values) {
        auto rows = ask(sql, values);
        if (!rows) return std::unexpected{std::move(rows.error())};
        return {};
    }

    // They may be of the transaction that was taken back.
    Error forget_new_ids(Error error) {
        ids_.clear();
        return error;
    }
    Result<std::int64_t> ledger_id(const LedgerName& ledger) {
        const auto known = ids_.find(ledger);
        if (known != ids_.end()) return known->second;
        const PgValues name{ledger.gate, hex_of(ledger.epoch)};
        if (auto made = server_->run("INSERT INTO stile_ledgers (gate, epoch) VALUES ($1, $2)"
                                     " ON CONFLICT DO NOTHING",
                                     name);
            !made)
            return std::unexpected{made.error()};
        const auto row =
            server_->ask("SELECT id FROM stile_ledgers WHERE gate = $1 AND epoch = $2", name);
        if (!row) return std::unexpected{row.error()};
        return ids_[ledger] = row->number(0, 0);
    }

    Result<void> put_rows(std::span<const GateEntry> batch, std::size_t from, PutBook& book) {
        PgValues values;
        std::map<RowKey, std::vector<std::size_t>> waiting;  // places of a key, in order
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const GateEntry& entry = batch[i];
            const auto id = ledger_id(entry.name.ledger);
            if (!id) return std::unexpected{id.error()};
            waiting[{*id, as_number(entry.name.seq)}].push_back(from + i);
            std::optional<std::int64_t> admission;
            if (entry.admission) admission = as_number(*entry.admission);
            values.add(*id);
            values.add(as_number(entry.name.seq));
            values.add(as_ms(entry.time));
            values.add(name_of(entry.kind));
            values.add(as_blob(entry.ticket));
            values.add(admission);
            values.add(std::string_view{entry.payload});
        }
        const auto stored = server_->ask(
            "INSERT INTO stile_entries (ledger, seq, at, kind, ticket, admission, payload) "
            "VALUES " +
                places(batch.size(),
                       {"bigint", "bigint", "bigint", "text", "bytea", "bigint", "text"}) +
                " ON CONFLICT (ledger, seq) DO NOTHING RETURNING ledger, seq, position",
            values);
        if (!stored) return std::unexpected{stored.error()};
        for (int i = 0; i < stored->count(); ++i) {
            const auto key = waiting.find({stored->number(i, 0), stored->number(i, 1)});
            book.stored(key->second.front(), as_count(stored->number(i, 2)));
            key->second.erase(key->second.begin());
            if (key->second.empty()) waiting.erase(key);
        }
        return compare(waiting, book);
    }

    // What was not stored has a key that is there.
    Result<void> compare(const std::map<RowKey, std::vector<std::size_t>>& waiting, PutBook& book) {
        if (waiting.empty()) return {};
        PgValues values;
        for (const auto& [key, at] : waiting) {
            values.add(key.first);
            values.add(key.second);
        }
        const auto known =
            server_->ask("SELECT ledger, seq, payload FROM stile_entries WHERE (ledger, seq) IN (" +
                             places(waiting.size(), {"bigint", "bigint"}) + ")",
                         values);
        if (!known) return std::unexpected{known.error()};
        for (int i = 0; i < known->count(); ++i) {
            for (const std::size_t place : waiting.at({known->number(i, 0), known->number(i, 1)}))
                book.found(place, known->text(i, 2));
        }
        return {};
    }

    std::string where_;
    StoreUse use_;
    std::optional<PgConnection> server_;
    Clock::time_point try_again_;  // not before
    Error trouble_;                // of the last attempt
    std::map<LedgerName, std::int64_t> ids_;
    Coverage coverage_;
};

}  // namespace

Result<std::unique_ptr<EntryStore>> open_postgresql_store(const std::string& where, StoreUse use) {
    auto store = std::make_unique<PostgresqlStore>(where, use);
    if (auto connected = store->server(); !connected) return std::unexpected{connected.error()};
    return store;
}

}  // namespace stile::sync
