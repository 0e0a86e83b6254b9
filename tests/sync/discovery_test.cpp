// SPDX-License-Identifier: Apache-2.0
// What Home Assistant is told of a gate, as its own schema wants it.
#include "sync/publish/discovery.hpp"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stile::sync {
namespace {

using Json = nlohmann::json;

const Topics kTopics{"arena", "north-1"};

Result<Outgoing> discover(std::string_view info) {
    return discovery_message(kTopics, "arena", info, std::chrono::seconds{30});
}

Json payload(std::string_view info = R"({"lanes":["a","b-2"],"software":"stile 1"})") {
    const auto message = discover(info);
    EXPECT_TRUE(message);
    return message ? Json::parse(message->payload) : Json{};
}

TEST(Discovery, IsRetainedWhereHomeAssistantLooks) {
    const auto message = discover(R"({"lanes":[]})");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "homeassistant/device/stile-arena-north-1/config");
    EXPECT_EQ(message->retain, Retain::Yes);
    EXPECT_EQ(message->qos, Qos::AtLeastOnce);
}

TEST(Discovery, NamesTheDeviceAndItsOrigin) {
    const Json told = payload();
    EXPECT_EQ(told["device"]["identifiers"], Json::array({"stile-arena-north-1"}));
    EXPECT_EQ(told["device"]["name"], "Gate arena north-1");
    EXPECT_EQ(told["origin"]["name"], "stile-sync");
    EXPECT_EQ(told["origin"]["sw_version"], STILE_VERSION);
}

TEST(Discovery, TakesItsAvailabilityFromTheStatus) {
    const Json told = payload();
    ASSERT_EQ(told["availability"].size(), 1U);
    EXPECT_EQ(told["availability"][0]["topic"], "stile/v1/arena/north-1/status");
    EXPECT_EQ(told["availability"][0]["value_template"],
              "{{ 'online' if value_json.state in ['online', 'degraded'] else 'offline' }}");
}

TEST(Discovery, ShowsCountsOutboxAndTroubles) {
    const Json all = payload()["components"];
    EXPECT_EQ(all["entered"],
              Json::parse(R"({"platform":"sensor","unique_id":"stile-arena-north-1-entered",
                  "name":"Entered","state_topic":"stile/v1/arena/north-1/count",
                  "value_template":"{{ value_json.entered }}","state_class":"total_increasing"})"));
    EXPECT_EQ(all["outbox"]["state_topic"], "stile/v1/arena/north-1/health");
    EXPECT_EQ(all["outbox"]["value_template"], "{{ value_json.outbox_depth | default(none) }}");
    EXPECT_EQ(all["outbox"]["expire_after"], 30);
    EXPECT_EQ(all["alarm"]["platform"], "binary_sensor");
    EXPECT_EQ(all["alarm"]["device_class"], "problem");
}

// "none" is "unknown" there: who is told nothing must not read that all is well.
TEST(Discovery, NeverCallsItWellWhatItIsNotTold) {
    const Json all = payload()["components"];
    EXPECT_EQ(all["alarm"]["value_template"],
              "{{ none if value_json.alarms is not defined else 'ON' if value_json.alarms else "
              "'OFF' }}");
    EXPECT_EQ(all["ledger"]["value_template"],
              "{{ none if value_json.ledger is not defined else 'OFF' if value_json.ledger == 'ok' "
              "else 'ON' }}");
    EXPECT_EQ(all["clock"]["value_template"],
              "{{ none if value_json.clock is not defined else 'ON' if value_json.clock == 'wrong' "
              "else 'OFF' }}");
}

TEST(Discovery, HasASensorForTheModeOfEachLane) {
    const Json all = payload()["components"];
    EXPECT_EQ(all["lane-a-mode"]["state_topic"], "stile/v1/arena/north-1/lane/a");
    EXPECT_EQ(all["lane-b-2-mode"]["device_class"], "enum");
    EXPECT_EQ(all["lane-b-2-mode"]["options"].size(), 5U);
}

TEST(Discovery, GivesEachSensorANameOfItsOwn) {
    const Json all = payload()["components"];
    std::set<std::string> names;
    for (const auto& [key, one] : all.items()) {
        EXPECT_TRUE(names.insert(one["unique_id"].get<std::string>()).second) << key;
        EXPECT_TRUE(one["state_topic"].get<std::string>().starts_with("stile/v1/arena/north-1/"));
    }
}

TEST(Discovery, RefusesAReportThatDoesNotNameTheLanes) {
    for (const char* info : {"", "{", "[]", "7", "{}", R"({"lanes":"a"})", R"({"lanes":[7]})",
                             R"({"lanes":["a/b"]})", R"({"lanes":["#"]})", R"({"lanes":[""]})"})
        EXPECT_FALSE(discover(info)) << info;
}

}  // namespace
}  // namespace stile::sync
