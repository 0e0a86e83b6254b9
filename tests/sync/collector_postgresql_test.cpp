// SPDX-License-Identifier: Apache-2.0
// What only a server can do to a store: refuse, go away, come back, crash.
#include <csignal>

#include <gtest/gtest.h>

#include "sync/postgresql/postgresql_store.hpp"
#include "tests/sync/collector_store_bench.hpp"
#include "tests/sync/collector_store_postgresql.hpp"

namespace stile::sync {
namespace {

using namespace testbed;  // NOLINT(google-build-using-namespace): everything here is of it

class CollectorPostgresql : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why = PostgresqlServer::missing(); !why.empty()) GTEST_SKIP() << why;
    }
    static std::unique_ptr<EntryStore> opened(const std::string& where) {
        auto store = open_postgresql_store(where, StoreUse::Collect);
        EXPECT_TRUE(store) << store.error().context;
        return store ? std::move(*store) : nullptr;
    }
    static Error refusal(const std::string& where, StoreUse use = StoreUse::Collect) {
        const auto store = open_postgresql_store(where, use);
        EXPECT_FALSE(store);
        return store ? Error{} : store.error();
    }
};

TEST_F(CollectorPostgresql, SaysWhenNobodyIsThere) {
    const Error error = refusal("host=/nonexistent dbname=postgres");
    EXPECT_EQ(error.code, Errc::Closed);
    EXPECT_TRUE(error.context.starts_with("the PostgreSQL server cannot be used: "))
        << error.context;
    EXPECT_EQ(error.context.find('\n'), std::string::npos);
}

TEST_F(CollectorPostgresql, SaysWhenTheUserIsNotKnown) {
    const Error error = refusal(shared_server().where("public", "mallory"));
    EXPECT_EQ(error.code, Errc::Denied);
    EXPECT_NE(error.context.find("mallory"), std::string::npos) << error.context;
}

TEST_F(CollectorPostgresql, RefusesAStringThatIsNoConnection) {
    EXPECT_NE(refusal("host=x nonsense").context, "");
}

TEST_F(CollectorPostgresql, RefusesAStoreOfALaterVersion) {
    ASSERT_TRUE(shared_server().sql("CREATE SCHEMA later"));
    const std::string where = shared_server().where("later");
    opened(where).reset();
    ASSERT_TRUE(
        shared_server().sql("UPDATE later.stile_counters SET value = 2 WHERE name = 'schema'"));
    EXPECT_EQ(refusal(where).context,
              "the store is of schema 2, and this stile-collector knows 1 only");
}

TEST_F(CollectorPostgresql, WorksWithARoleThatMayNotMakeTables) {
    PostgresqlServer& server = shared_server();
    ASSERT_TRUE(
        server.sql("CREATE SCHEMA poor; CREATE ROLE poor LOGIN;"
                   "GRANT USAGE ON SCHEMA poor TO poor"));
    const Error refused = refusal(server.where("poor", "poor"));
    EXPECT_EQ(refused.code, Errc::Denied);
    EXPECT_NE(refused.context.find("grant CREATE"), std::string::npos) << refused.context;
    opened(server.where("poor")).reset();
    ASSERT_TRUE(
        server.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA poor"
                   " TO poor"));
    const auto store = opened(server.where("poor", "poor"));
    ASSERT_TRUE(store);
    EXPECT_EQ(store->put(entries(1, 3)).value(), std::vector(3, Fate::Stored));
    EXPECT_TRUE(store->keep({"a", "b"}));
    EXPECT_TRUE(store->put_sold(std::vector{SoldTicket{}}));
    EXPECT_TRUE(store->begin_revoked());
    EXPECT_TRUE(store->put_revoked(std::vector{ticket(1)}));
    EXPECT_TRUE(store->use_revoked());
}

TEST_F(CollectorPostgresql, TakesABatchOfMoreRowsThanOneStatement) {
    ASSERT_TRUE(shared_server().sql("CREATE SCHEMA large"));
    const auto store = opened(shared_server().where("large"));
    EXPECT_EQ(store->put(entries(1, 1'201)).value(), std::vector(1'201, Fate::Stored));
    EXPECT_EQ(store->put(entries(1, 1'201)).value(), std::vector(1'201, Fate::Known));
    EXPECT_EQ(store->coverage().watermarks().at(0).seq, 1'201U);
}

TEST_F(CollectorPostgresql, StoresNothingOfABatchThatFails) {
    ASSERT_TRUE(shared_server().sql("CREATE SCHEMA picky"));
    const auto store = opened(shared_server().where("picky"));
    ASSERT_TRUE(shared_server().sql("ALTER TABLE picky.stile_entries ADD CHECK (seq < 600)"));
    EXPECT_FALSE(store->put(entries(1, 700)));
    EXPECT_TRUE(store->coverage().watermarks().empty());
    EXPECT_EQ(store->put(entries(1, 10)).value(), std::vector(10, Fate::Stored));
    EXPECT_EQ(store->coverage().watermarks().at(0).seq, 10U);
}

TEST_F(CollectorPostgresql, ConnectsAgainAfterTheServerEndedItsSession) {
    ASSERT_TRUE(shared_server().sql("CREATE SCHEMA again"));
    const auto store = opened(shared_server().where("again"));
    ASSERT_TRUE(store->put(entries(1, 2)));
    ASSERT_TRUE(
        shared_server().sql("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
                            " WHERE application_name = 'stile-collector'"));
    const auto broken = store->put(entries(3, 4));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, Errc::Closed);
    EXPECT_EQ(store->put(entries(2, 4)).value(),
              (std::vector{Fate::Known, Fate::Stored, Fate::Stored}));
    EXPECT_EQ(store->coverage().watermarks().at(0).seq, 4U);
}

TEST_F(CollectorPostgresql, GivesUpWhereSomebodyHasLockedTheTable) {
    ASSERT_TRUE(shared_server().sql("CREATE SCHEMA locked"));
    const auto store = opened(shared_server().where("locked"));
    Child other{
        {"/usr/lib/postgresql/15/bin/psql", "-XqAt", "-d", shared_server().where("locked"), "-c",
         "BEGIN; LOCK TABLE stile_entries; SELECT 'locked'", "-c", "SELECT pg_sleep(60)"},
        Child::Stream::Output};
    ASSERT_TRUE(other.lines().wait_for("locked"));
    const auto refused = store->put(entries(1, 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Timeout) << refused.error().context;
}

// A server that dies.
class CollectorPostgresqlCrash : public CollectorPostgresql {
protected:
    static void TearDownTestSuite() { server_.reset(); }
    void SetUp() override {
        CollectorPostgresql::SetUp();
        if (IsSkipped()) return;
        if (!server_) server_ = std::make_unique<PostgresqlServer>();
        server_->stop();
    }
    static void start(const std::vector<std::string>& extra = {}) {
        ASSERT_TRUE(server_->start(extra)) << server_->trouble();
    }
    // Puts until `crash`, and looks what is left.
    static void run(const std::string& schema, const std::function<void()>& crash) {
        start();
        ASSERT_TRUE(server_->sql("CREATE SCHEMA " + schema));
        const auto store = opened(server_->where(schema));
        ASSERT_TRUE(store);
        for (std::uint64_t seq = 1; seq <= 10; ++seq)
            ASSERT_TRUE(store->put(entries(10 * seq - 9, 10 * seq)));
        const auto promised = store->coverage().watermarks();
        crash();
        const auto lost = store->put(entries(101, 101));
        ASSERT_FALSE(lost);
        EXPECT_EQ(lost.error().code, Errc::Closed) << lost.error().context;
        EXPECT_EQ(store->coverage().watermarks(), promised);
        start();
        const auto again = store->put(entries(91, 101));
        ASSERT_TRUE(again) << again.error().context;
        EXPECT_EQ(again->front(), Fate::Known);
        EXPECT_EQ(store->coverage().watermarks().at(0).seq, 101U);
        EXPECT_EQ(store->scan(0, 1'000).value().size(), 101U);
    }

    inline static std::unique_ptr<PostgresqlServer> server_;
};

TEST_F(CollectorPostgresqlCrash, LosesNothingThatWasPutWhenTheServerIsKilled) {
    run("killed", [] { server_->kill(); });
}

TEST_F(CollectorPostgresqlCrash, LosesNothingThatWasPutWhenTheServerStopsAtOnce) {
    run("stopped", [] { server_->stop(); });
}

TEST_F(CollectorPostgresqlCrash, RefusesAServerThatDoesNotSync) {
    start({"-c", "fsync=off"});
    const Error refused = refusal(server_->where("public"));
    EXPECT_EQ(refused.code, Errc::Unsupported);
    EXPECT_NE(refused.context.find("fsync = off"), std::string::npos) << refused.context;
}

}  // namespace
}  // namespace stile::sync
