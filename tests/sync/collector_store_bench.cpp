// SPDX-License-Identifier: Apache-2.0
// Files in temporary folders, schemas of one server.
#include "tests/sync/collector_store_bench.hpp"

#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "sync/collector/stored_row.hpp"
#include "sync/postgresql/postgresql_store.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/sync/collector_store_postgresql.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {
namespace {

class SqlitePlace final : public StorePlace {
public:
    Result<std::unique_ptr<EntryStore>> open(StoreUse use) override {
        return open_sqlite_store(folder_.path() / "entries.sqlite", use);
    }

private:
    TempFolder folder_{quick_parent()};
};

class PostgresqlPlace final : public StorePlace {
public:
    PostgresqlPlace() : schema_{"place" + std::to_string(++count_)} {
        if (!shared_server().sql("CREATE SCHEMA " + schema_)) std::abort();
    }
    Result<std::unique_ptr<EntryStore>> open(StoreUse use) override {
        return open_postgresql_store(shared_server().where(schema_), use);
    }

private:
    inline static int count_ = 0;
    std::string schema_;
};

}  // namespace

std::string entry_text(std::uint64_t seq, const EntrySpec& spec) {
    return R"({"v":1,"gate":")" + spec.gate + R"(","epoch":")" + hex_of(spec.epoch) +
           R"(","seq":)" + std::to_string(seq) + R"(,"time":")" + to_rfc3339(at(spec.second)) +
           R"(","clock":"synced","kind":")" + spec.kind + '"' + spec.more + "}";
}

GateEntry entry(std::uint64_t seq, const EntrySpec& spec) {
    auto parsed = parse_entry(spec.gate, entry_text(seq, spec));
    if (!parsed) std::abort();
    return *parsed;
}

std::vector<GateEntry> entries(std::uint64_t from, std::uint64_t to, const EntrySpec& spec) {
    std::vector<GateEntry> all;
    for (std::uint64_t seq = from; seq <= to; ++seq)
        all.push_back(entry(seq, spec));
    return all;
}

crypto::TicketId ticket(std::uint8_t head) {
    crypto::TicketId id{};
    id.fill(0xAB);
    id[0] = head;
    return id;
}

std::string ticket_field(std::uint8_t head) {
    return R"(,"ticket":")" + to_hex(ticket(head)) + '"';
}

WallTime at(int second) {
    using namespace std::chrono;  // NOLINT(google-build-using-namespace): calendar arithmetic
    return sys_days{2026y / May / 1} + hours{18} + seconds{second};
}

std::vector<StoreType> store_types() {
    return {
        {"sqlite", [] { return std::string{}; }, [] { return std::make_unique<SqlitePlace>(); }},
        {"postgresql", PostgresqlServer::missing,
         [] { return std::make_unique<PostgresqlPlace>(); }}};
}

}  // namespace stile::sync::testbed
