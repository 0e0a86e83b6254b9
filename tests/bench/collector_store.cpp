// SPDX-License-Identifier: Apache-2.0
// Puts of 100 entries against the same 100 rows by bare SQLite, both synced with every commit.
#include <cstdio>
#include <cstdlib>

#include <sqlite3.h>

#include "sync/collector/stored_row.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/sync/collector_store_bench.hpp"
#include "tests/sync/testbed/child.hpp"

namespace {

using namespace stile;        // NOLINT(google-build-using-namespace): a program of its own
using namespace stile::sync;  // NOLINT(google-build-using-namespace): as above
using Batch = std::vector<GateEntry>;

constexpr std::uint64_t kBatch = 100;

void require(bool holds) {
    if (!holds) std::abort();
}

// The table without ledgers, fates or questions.
class BareTable {
public:
    explicit BareTable(const std::string& file) {
        require(sqlite3_open(file.c_str(), &database_) == SQLITE_OK);
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE entries (position INTEGER PRIMARY KEY, ledger INTEGER, seq INTEGER,"
            " at INTEGER, kind TEXT, ticket BLOB, payload TEXT, UNIQUE (ledger, seq));"
            "CREATE INDEX by_ticket ON entries (ticket);");
        require(sqlite3_prepare_v2(database_,
                                   "INSERT INTO entries (ledger, seq, at, kind, ticket, payload)"
                                   " VALUES (1, ?, ?, ?, ?, ?)",
                                   -1, &insert_, nullptr) == SQLITE_OK);
    }
    ~BareTable() {
        sqlite3_finalize(insert_);
        sqlite3_close(database_);
    }
    BareTable(const BareTable&) = delete;
    BareTable& operator=(const BareTable&) = delete;

    void put(const Batch& batch) {
        run("BEGIN IMMEDIATE");
        for (const GateEntry& entry : batch) {
            const auto kind = name_of(entry.kind);
            sqlite3_bind_int64(insert_, 1, as_number(entry.name.seq));
            sqlite3_bind_int64(insert_, 2, *as_ms(entry.time));
            sqlite3_bind_text(insert_, 3, kind.data(), static_cast<int>(kind.size()),
                              SQLITE_STATIC);
            sqlite3_bind_blob(insert_, 4, entry.ticket->data(), 16, SQLITE_STATIC);
            sqlite3_bind_text(insert_, 5, entry.payload.data(),
                              static_cast<int>(entry.payload.size()), SQLITE_STATIC);
            require(sqlite3_step(insert_) == SQLITE_DONE);
            sqlite3_reset(insert_);
        }
        run("COMMIT");
    }

private:
    void run(const char* sql) {
        require(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    sqlite3* database_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
};

// Batch after batch, made before the clock starts.
class Batches {
public:
    explicit Batches(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto ticket = testbed::ticket_field(static_cast<std::uint8_t>(i));
            all_.push_back(testbed::entries(i * kBatch + 1, (i + 1) * kBatch, {.more = ticket}));
        }
    }
    const Batch& next() { return all_.at(next_++); }

private:
    std::vector<Batch> all_;
    std::size_t next_ = 0;
};

void compare(const char* name, const std::filesystem::path& parent, bench::Rounds rounds) {
    const testbed::TempFolder folder{parent};
    auto store = open_sqlite_store(folder.path() / "ours.sqlite", StoreUse::Collect);
    require(store.has_value());
    BareTable bare{folder.path() / "bare.sqlite"};
    const auto calls = static_cast<std::size_t>((rounds.count + 1) * rounds.calls);
    Batches ours{calls};
    Batches theirs{calls};
    bench::ratio(
        name, [&] { require((*store)->put(ours.next()).has_value()); },
        [&] { bare.put(theirs.next()); }, rounds);
}

}  // namespace

int main() {
    compare("put 100 entries, on a disk", std::filesystem::temp_directory_path(), {101, 2});
    compare("put 100 entries, in memory", testbed::quick_parent(), {101, 2});
    return 0;
}
