// SPDX-License-Identifier: Apache-2.0
// Two site files: what a running gate takes over, and what waits for which restart.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/config/changes.hpp"

namespace stile::config {
namespace {

using enum InForce;

Site two_lanes() {
    Site site;
    site.site = {.venue = "arena", .gate = "north-1"};
    site.lanes = {{.name = "north"}, {.name = "south"}};
    site.readers = {{.name = "cam-1", .lane = "north"}};
    return site;
}

struct ChangeRow {
    std::string what;
    InForce when;
    std::string unit;
    std::function<void(Site&)> change;
};

std::vector<ChangeRow> change_rows() {
    const std::string gate = "stile.target";
    return {
        {"site.time_zone", AtOnce, "", [](Site& s) { s.site.time_zone = "Europe/Paris"; }},
        {"paths.keys", AtOnce, "", [](Site& s) { s.paths.keys = "/k"; }},
        {"paths.policy", AtOnce, "", [](Site& s) { s.paths.policy = "/p"; }},
        {"roles.security", AtOnce, "", [](Site& s) { s.roles.security = {"guards"}; }},
        {"policy.events", AtOnce, "", [](Site& s) { s.policy.events = {7}; }},
        {"policy.reentry", AtOnce, "", [](Site& s) { s.policy.reentry = "always"; }},
        {"platform.lists", AtOnce, "", [](Site& s) { s.platform.lists = {"e:1"}; }},
        {"platform.keys", AtOnce, "", [](Site& s) { s.platform.keys = "platform"; }},
        {"cards.hce", AtOnce, "", [](Site& s) { s.cards.hce = "off"; }},
        {"staff.products", AtOnce, "", [](Site& s) { s.staff.products = {99}; }},
        {"lane north.lists", AtOnce, "", [](Site& s) { s.lanes[0].lists = {"e:2"}; }},
        {"lane south.passage_timeout_ms", AtOnce, "",
         [](Site& s) { s.lanes[1].passage_timeout = Milliseconds{5000}; }},
        {"lane north.each_person_ms", AtOnce, "",
         [](Site& s) { s.lanes[0].each_person = Milliseconds{1}; }},
        {"lane north.group", AtOnce, "", [](Site& s) { s.lanes[0].group = "single"; }},
        {"lane north.entrance", AtOnce, "", [](Site& s) { s.lanes[0].entrance = "B"; }},
        {"lane north.greeting", AtOnce, "", [](Site& s) { s.lanes[0].greeting = "name"; }},
        {"reader cam-1.direction", AtOnce, "", [](Site& s) { s.readers[0].direction = "entry"; }},
        {"reader cam-1.most_scans", AtOnce, "", [](Site& s) { s.readers[0].most_scans = 10; }},
        {"schedule", AtOnce, "",
         [](Site& s) { s.schedules = {{.lane = "north", .days = {}, .from = "07:30"}}; }},
        {"mqtt.brokers", WithSync, "stile-sync", [](Site& s) { s.mqtt.brokers = {"tcp://b"}; }},
        {"metrics.listen", WithSync, "stile-sync", [](Site& s) { s.metrics.listen = ""; }},
        {"display.sound", WithDisplay, "stile-display", [](Site& s) { s.display.sound = "off"; }},
        {"lane north.language", WithDisplay, "stile-display",
         [](Site& s) { s.lanes[0].language = "de"; }},
        {"reader cam-1.rate", WithReader, "stile-reader@cam-1",
         [](Site& s) { s.readers[0].rate = 15; }},
        {"reader cam-1.lane", WithGate, gate, [](Site& s) { s.readers[0].lane = "south"; }},
        {"reader cam-1.kind", WithGate, gate, [](Site& s) { s.readers[0].kind = "nfc"; }},
        {"reader cam-1: gone", WithGate, gate, [](Site& s) { s.readers.clear(); }},
        {"reader cam-2: new", WithGate, gate,
         [](Site& s) { s.readers.push_back({.name = "cam-2", .lane = "north"}); }},
        {"lane south: gone", WithGate, gate, [](Site& s) { s.lanes.pop_back(); }},
        {"lane east: new", WithGate, gate, [](Site& s) { s.lanes.push_back({.name = "east"}); }},
        {"lane north.direction", WithGate, gate, [](Site& s) { s.lanes[0].direction = "exit"; }},
        {"lane north.turnstile", WithGate, gate,
         [](Site& s) { s.lanes[0].wiring.turnstile = "gpio"; }},
        {"lane north.sensor_stuck_ms", WithGate, gate,
         [](Site& s) { s.lanes[0].sensor_stuck = Milliseconds{2000}; }},
        {"site.gate", WithGate, gate, [](Site& s) { s.site.gate = "north-2"; }},
        {"paths.state", WithGate, gate, [](Site& s) { s.paths.state = "/elsewhere"; }},
        {"paths.secret", WithGate, gate, [](Site& s) { s.paths.secret = "/s"; }},
        {"sockets.sync_user", WithGate, gate, [](Site& s) { s.sockets.sync_user = "x"; }},
        {"ledger.map_mib", WithGate, gate, [](Site& s) { s.ledger.map_mib = 64; }},
        {"clock.assumed_error_ms", WithGate, gate,
         [](Site& s) { s.clock.assumed_error = Milliseconds{1}; }},
        {"mqtt.collectors", WithGate, gate, [](Site& s) { s.mqtt.collectors = {"c"}; }},
        {"fire.line", WithGate, gate, [](Site& s) { s.fire.line = "3"; }},
    };
}

TEST(ConfigChanges, AreNamedWithTheRestartThatTheyNeed) {
    for (const ChangeRow& row : change_rows()) {
        Site running = two_lanes();
        Site read = two_lanes();
        row.change(read);
        EXPECT_EQ(take_over(running, read), (std::vector{Change{row.what, row.when, row.unit}}))
            << row.what;
    }
}

TEST(ConfigChanges, AreTakenOverOnceAndThoseOfTheGateSaidAgainUntilItsRestart) {
    for (const ChangeRow& row : change_rows()) {
        Site running = two_lanes();
        Site read = two_lanes();
        row.change(read);
        const auto first = take_over(running, read);
        const auto again = take_over(running, read);
        EXPECT_EQ(again, row.when == WithGate ? first : std::vector<Change>{}) << row.what;
    }
}

TEST(ConfigChanges, LeaveEverythingElseAsItIs) {
    for (const ChangeRow& row : change_rows()) {
        Site running = two_lanes();
        Site read = two_lanes();
        row.change(read);
        (void)take_over(running, read);
        const auto back = take_over(running, two_lanes());
        EXPECT_EQ(back.size(), row.when == WithGate ? 0U : 1U) << row.what;
    }
}

TEST(ConfigChanges, AreNoneBetweenTwoFilesWithTheSameWords) {
    Site running = two_lanes();
    EXPECT_EQ(take_over(running, two_lanes()), std::vector<Change>{});
}

TEST(ConfigChanges, AreNoneWhenSectionsChangePlaces) {
    Site running = two_lanes();
    Site read = two_lanes();
    std::swap(read.lanes[0], read.lanes[1]);
    EXPECT_EQ(take_over(running, read), std::vector<Change>{});
    EXPECT_EQ(running.lanes[0].name, "north");
}

TEST(ConfigChanges, TakeTheTextOfTheFileForItsDigest) {
    Site running = two_lanes();
    Site read = two_lanes();
    read.text = "# only a word more";
    EXPECT_EQ(take_over(running, read), std::vector<Change>{});
    EXPECT_EQ(running.text, read.text);
}

TEST(ConfigChanges, LeaveTheWeekOfALaneThatIsNotThereYet) {
    Site running = two_lanes();
    Site read = two_lanes();
    read.lanes.push_back({.name = "east"});
    read.schedules = {{.lane = "east", .days = {}, .from = "07:30"}};
    const auto changes = take_over(running, read);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].what, "lane east: new");
    EXPECT_TRUE(running.schedules.empty());
}

// Renamed in the file, the lane goes on under its old name, and its nights stay locked.
TEST(ConfigChanges, KeepTheWeekOfALaneThatIsGoneUntilTheRestart) {
    Site running = two_lanes();
    running.schedules = {{.lane = "south", .days = {}, .from = "08:00"},
                         {.lane = "north", .days = {}, .from = "22:00", .mode = "locked"},
                         {.lane = "", .days = {}, .from = "12:00"}};
    Site read = running;
    read.lanes[0].name = "main";
    read.schedules[1].lane = "main";
    const std::vector<Change> lanes{{"lane north: gone", WithGate, "stile.target"},
                                    {"lane main: new", WithGate, "stile.target"}};
    for (int times = 0; times < 2; ++times)
        EXPECT_EQ(take_over(running, read), lanes) << times;
    EXPECT_EQ(running.schedules.size(), 3U);
    EXPECT_EQ(std::ranges::count(running.schedules, "north", &Schedule::lane), 1);
}

TEST(ConfigChanges, TakeTheWeekOfTheOtherLanesBesideOneThatIsGone) {
    Site running = two_lanes();
    running.schedules = {{.lane = "north", .days = {}, .from = "22:00", .mode = "locked"},
                         {.lane = "south", .days = {}, .from = "08:00"}};
    Site read = running;
    read.lanes.erase(read.lanes.begin());
    read.schedules = {{.lane = "south", .days = {}, .from = "09:00"}};
    const auto changes = take_over(running, read);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[1].what, "schedule");
    ASSERT_EQ(running.schedules.size(), 2U);
    EXPECT_EQ(running.schedules[0].from, "09:00");
    EXPECT_EQ(running.schedules[1].mode, "locked");
}

// What still runs has to make sense without the new file, or no reload would succeed until then.
Result<void> merged(Site& running, const std::function<void(Site&)>& change) {
    Site read = running;
    change(read);
    const auto changes = take_over(running, read);
    EXPECT_FALSE(changes.empty());
    for (const Change& each : changes)
        EXPECT_EQ(each.when, WithGate) << each.what;
    EXPECT_TRUE(check(read, "read.toml"));
    return check(running, "running.toml");
}

TEST(ConfigChanges, LeaveTheSourceOfAReaderThatBecomesAnotherKind) {
    Site running = two_lanes();
    const auto good = merged(running, [](Site& read) {
        read.readers[0].kind = "nfc";
        read.readers[0].source = "usb:072f:2303";
    });
    EXPECT_TRUE(good) << good.error().context;
    EXPECT_EQ(running.readers[0].source, "/dev/video0");
}

TEST(ConfigChanges, LeaveADeviceToTheReaderThatHasItUntilTheRestart) {
    Site running = two_lanes();
    running.readers = {
        {.name = "nfc-1", .lane = "north", .kind = "nfc", .source = "usb:072f:2303"},
        {.name = "nfc-2", .lane = "south", .kind = "nfc", .source = "usb:076b:502a"}};
    const auto good = merged(running, [](Site& read) {
        read.readers.pop_back();
        read.readers[0].source = "usb:076b:502a";
    });
    EXPECT_TRUE(good) << good.error().context;
    EXPECT_EQ(running.readers[0].source, "usb:072f:2303");
}

TEST(ConfigChanges, LeaveTheDirectionOfAReaderWhoseLaneGetsAnother) {
    Site running = two_lanes();
    const auto good = merged(running, [](Site& read) {
        read.lanes[0].direction = "both";
        read.readers[0].direction = "exit";
    });
    EXPECT_TRUE(good) << good.error().context;
    EXPECT_EQ(running.readers[0].direction, "");
}

TEST(ConfigChanges, LeaveTheDirectionOfAReaderThatMoves) {
    Site running = two_lanes();
    running.lanes[1].direction = "exit";
    const auto good = merged(running, [](Site& read) {
        read.readers[0].lane = "south";
        read.readers[0].direction = "exit";
    });
    EXPECT_TRUE(good) << good.error().context;
}

}  // namespace
}  // namespace stile::config
