// SPDX-License-Identifier: Apache-2.0
// Schema 1. A later one brings a step that leads from each earlier one to it.
#include "sync/sqlite/schema.hpp"

#include <fmt/format.h>

namespace stile::sync {
namespace {

constexpr std::int64_t kApplication = 0x7374'636C;  // "stcl"
constexpr std::int64_t kSchema = 1;

// The write-ahead log lets commands read while the collector writes. FULL syncs it with every
// commit: NORMAL may lose the last ones with the power, and watermarks have promised them.
constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = OFF;";

constexpr const char* kTables = R"(
CREATE TABLE ledgers (
  id INTEGER PRIMARY KEY,
  gate TEXT NOT NULL,
  epoch TEXT NOT NULL,       -- 16 hexadecimal digits
  UNIQUE (gate, epoch));
CREATE TABLE entries (
  position INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL REFERENCES ledgers,
  seq INTEGER NOT NULL,
  at INTEGER,                -- milliseconds since 1970
  kind TEXT NOT NULL,
  ticket BLOB,
  admission INTEGER,
  payload TEXT NOT NULL,
  UNIQUE (ledger, seq));
CREATE INDEX entries_of_ticket ON entries (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX entries_of_admission ON entries (ledger, admission)
  WHERE ticket IS NULL AND admission IS NOT NULL;
CREATE TABLE sold (
  ticket BLOB PRIMARY KEY,
  event INTEGER NOT NULL,
  product INTEGER NOT NULL,
  channel TEXT NOT NULL,
  people INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE revoked (
  list INTEGER NOT NULL,
  ticket BLOB NOT NULL,
  PRIMARY KEY (list, ticket)) WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES ('imports', 0), ('revoked list', 0);
CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
)";

Result<std::int64_t> number_of(SqliteDatabase& database, std::string_view sql) {
    SqliteQuery query{database, sql};
    const std::int64_t number = query.next() ? query.number(0) : 0;
    if (auto done = query.done(); !done) return std::unexpected{done.error()};
    return number;
}

Result<void> make_tables(SqliteDatabase& database) {
    const std::string sql = fmt::format("{}; PRAGMA application_id = {}; PRAGMA user_version = {};",
                                        kTables, kApplication, kSchema);
    return database.run(sql.c_str());
}

Result<void> check_or_make(SqliteDatabase& database) {
    const auto tables = number_of(database, "SELECT count(*) FROM sqlite_schema");
    const auto application = number_of(database, "PRAGMA application_id");
    const auto version = number_of(database, "PRAGMA user_version");
    if (!tables) return std::unexpected{tables.error()};
    if (!application) return std::unexpected{application.error()};
    if (!version) return std::unexpected{version.error()};
    if (*tables == 0) return make_tables(database);
    if (*application != kApplication)
        return fail(Errc::Corrupt, "this is an SQLite file, but not a collector's store");
    if (*version != kSchema) {
        return fail(Errc::Unsupported,
                    fmt::format("the store is of schema {}, and this stile-collector knows {} only",
                                *version, kSchema));
    }
    return {};
}

}  // namespace

Result<void> prepare_schema(SqliteDatabase& database) {
    if (auto set = database.run(kSettings); !set) return set;
    SqliteTransaction change{database};
    if (auto begun = change.begin(); !begun) return begun;
    if (auto made = check_or_make(database); !made) return made;
    return change.commit();
}

}  // namespace stile::sync
