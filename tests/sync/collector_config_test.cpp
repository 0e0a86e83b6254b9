// SPDX-License-Identifier: Apache-2.0
// The collector's configuration: the sample, the defaults, and the mistakes.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "sync/collector/config.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync {
namespace {

using testbed::TempFolder;

constexpr std::string_view kLeast = "[collector]\nvenue = \"arena\"\nname = \"main\"\n";

Result<CollectorConfig> loaded(const std::string& more) {
    const TempFolder folder;
    return load_collector(folder.write("collector.toml", std::string{kLeast} + more));
}

std::string mistake(const std::string& more) {
    const auto config = loaded(more);
    EXPECT_FALSE(config);
    if (config) return {};
    EXPECT_EQ(config.error().code, Errc::Config);
    const std::string& text = config.error().context;
    return text.substr(text.find(".toml") + 5);
}

TEST(CollectorConfigFile, IsThereAsASample) {
    const auto config = load_collector(std::string{STILE_SOURCE_DIR} + "/systemd/collector.toml");
    ASSERT_TRUE(config) << config.error().context;
    EXPECT_EQ(config->venue, "arena");
    EXPECT_EQ(config->events.at(0).number, 2026);
    EXPECT_EQ(config->areas.at(0).capacity, 80'000);
    EXPECT_EQ(config->products.at(0).name, "Standing");
    EXPECT_EQ(config->store.keys, std::string{STILE_SOURCE_DIR} + "/systemd/keys.toml");
}

// What stands behind a "#" sign is the default: with all of them it says the same.
TEST(CollectorConfigFile, ShowsTheDefaultsInTheSample) {
    std::ifstream in{std::string{STILE_SOURCE_DIR} + "/systemd/collector.toml"};
    std::string all;
    for (std::string line; std::getline(in, line);) {
        const bool is_key = line.starts_with("# ") && line.contains(" = ");
        const bool is_default =
            !line.contains("counts_from") && !line.contains("# sold") && !line.contains("# zone");
        all += (is_key && is_default ? line.substr(2) : line) + "\n";
    }
    const TempFolder folder;
    const auto given = load_collector(folder.write("a.toml", all));
    ASSERT_TRUE(given) << given.error().context;
    const auto left_out = loaded("");
    ASSERT_TRUE(left_out);
    EXPECT_EQ(given->store.path, left_out->store.path);
    EXPECT_EQ(given->store.receipt_key, left_out->store.receipt_key);
    EXPECT_EQ(given->store.kind, left_out->store.kind);
    EXPECT_EQ(given->voice, left_out->voice);
    EXPECT_EQ(given->metrics_listen, left_out->metrics_listen);
    EXPECT_EQ(given->broker.client_id, left_out->broker.client_id);
    EXPECT_EQ(given->broker.brokers, left_out->broker.brokers);
    EXPECT_EQ(given->broker.keep_alive, left_out->broker.keep_alive);
    EXPECT_EQ(given->broker.window, left_out->broker.window);
    EXPECT_EQ(given->broker.retry_first, left_out->broker.retry_first);
    EXPECT_EQ(given->broker.retry_longest, left_out->broker.retry_longest);
    EXPECT_EQ(given->areas.at(0).parent, 0);
}

TEST(CollectorConfigFile, NeedsOnlyItsTwoNames) {
    const auto config = loaded("");
    ASSERT_TRUE(config) << config.error().context;
    EXPECT_EQ(config->broker.client_id, "stile-arena-collector-main");
    EXPECT_EQ(config->store.kind, StoreKind::Sqlite);
    EXPECT_EQ(config->voice, Voice::Speaks);
    EXPECT_TRUE(config->events.empty());
}

TEST(CollectorConfigFile, KnowsEventsByTheirTimes) {
    const auto config = loaded(
        "[[event]]\nnumber = 1\nname = \"A\"\nstarts = 2026-05-01T20:00:00Z\n"
        "counts_from = 2026-05-01T06:00:00Z\nsold = 5\n");
    ASSERT_TRUE(config) << config.error().context;
    EXPECT_EQ(config->events.at(0).starts - *config->events.at(0).counts_from,
              std::chrono::hours{14});
    EXPECT_EQ(config->events.at(0).sold, 5);
}

TEST(CollectorConfigFile, LeavesTheNameOfACredentialAsItIs) {
    const auto config = loaded("[store]\nkind = \"postgresql\"\nconnection_file = \"stile.db\"\n");
    ASSERT_TRUE(config) << config.error().context;
    EXPECT_EQ(config->store.connection_file, "stile.db");
    EXPECT_EQ(config->store.kind, StoreKind::Postgresql);
}

TEST(CollectorConfigFile, IsRefusedWithTheLineOfTheMistake) {
    EXPECT_EQ(mistake("[store]\npaht = \"x\"\n"), ":5: store.paht: unknown key");
    EXPECT_EQ(mistake("[shop]\n"), ":4: shop: unknown section");
    EXPECT_EQ(mistake("publishes = true\n"), ":4: collector.publishes: must be a text in quotes");
    EXPECT_EQ(mistake("publishes = \"yes\"\n"),
              ":4: collector.publishes: \"yes\" is not one of: on, off");
    EXPECT_EQ(mistake("[store]\nkind = \"oracle\"\n"),
              ":5: store.kind: \"oracle\" is not one of: sqlite, postgresql");
    EXPECT_EQ(mistake("[[event]]\nnumber = 1\nname = \"A\"\n"), ":4: event.starts: missing");
    EXPECT_EQ(mistake("[[area]]\nnumber = -1\nname = \"A\"\n"),
              ":5: area.number: -1 is not between 0 and 65535");
    EXPECT_EQ(mistake("[mqtt]\nhealth_period_ms = 5000\n"),
              ":5: mqtt.health_period_ms: unknown key");
    EXPECT_EQ(mistake("x ="), ":4: Error while parsing key-value pair: encountered end-of-file");
}

TEST(CollectorConfigFile, IsRefusedForWhatDoesNotFitTogether) {
    EXPECT_EQ(mistake("[store]\nkind = \"postgresql\"\n"),
              ": store.connection_file: missing; postgresql needs it");
    EXPECT_EQ(mistake("[store]\nconnection_file = \"/x\"\n"),
              ": store.connection_file: the store is an SQLite file and has no connection");
    EXPECT_EQ(mistake("[[area]]\nnumber = 1\nname = \"A\"\n[[area]]\nnumber = 1\nname = \"B\"\n"),
              ": area.number: two have the number 1");
    EXPECT_EQ(mistake("[[area]]\nnumber = 1\nname = \"A\"\nparent = 2\n"),
              ": area.parent: A lies in area 2, which is not there");
    EXPECT_EQ(mistake("[[area]]\nnumber = 1\nname = \"A\"\nparent = 1\n"),
              ": area.parent: A lies in area 1, which is not there");
    EXPECT_EQ(mistake("[mqtt]\nbrokers = []\n"), ": mqtt.brokers: at least one broker is needed");
    EXPECT_EQ(mistake("[mqtt]\nbrokers = [\"http://x:1\"]\n"),
              ": mqtt.brokers: \"http://x:1\" is not of the form tcp://host:port or "
              "ssl://host:port");
    EXPECT_EQ(mistake("[metrics]\nlisten = \"here\"\n"),
              ": metrics.listen: \"here\" is not of the form 127.0.0.1:9465");
}

TEST(CollectorConfigFile, IsRefusedWithoutItsNames) {
    const TempFolder folder;
    EXPECT_FALSE(load_collector(folder.write("a.toml", "")));
    EXPECT_FALSE(load_collector(folder.write("b.toml", "[collector]\nvenue = \"Arena\"\n")));
    EXPECT_EQ(load_collector(folder.path() / "c.toml").error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile::sync
