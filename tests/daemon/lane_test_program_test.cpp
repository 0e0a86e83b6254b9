// SPDX-License-Identifier: Apache-2.0
// stilectl test-lane against the real stiled, with a real reader that plays the codes.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/core/reason.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using protocol::Outcome;

class TestLane : public testing::Test {
protected:
    TestLane() {
        site_.write_config(
            "[[lane]]\nname = \"lane-2\"\nsimulated_passage_ms = 20\n"
            "[[reader]]\nname = \"cam-2\"\nlane = \"lane-2\"\nsource = \"" +
            codes().native() + "\"\nhold_off_ms = 100\n");
        restart();
    }
    [[nodiscard]] std::filesystem::path codes() const { return site_.folder().path() / "codes"; }
    void restart() {
        stiled_.reset();
        stiled_ = site_.start();
        EXPECT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    }
    std::unique_ptr<Process> start_test(const std::string& lane) {
        return std::make_unique<Process>(
            "stilectl",
            std::vector<std::string>{"--config", site_.config().native(), "--json", "test-lane",
                                     lane, "--auto", "--png", codes().native(), "--wait", "60"},
            site_.folder().path() / "test-lane");
    }
    // It waits for the first code.
    std::unique_ptr<Process> start_test_at_lane_1() {
        auto test = start_test("lane-1");
        while (printed("err").find("walk:") == std::string::npos && !test->wait(10ms)) {
        }
        return test;
    }
    PlayedPeer person() {
        auto channel = site_.connect("control.sock", *stiled_);
        return {std::move(*channel), {protocol::Role::Control, "test", "test"}};
    }
    // The first act of that kind in the ledger, as soon as it is there.
    Act await(ActKind kind) {
        PlayedPeer viewer = person();
        EXPECT_TRUE(viewer.send(protocol::Tail{1, 1}));  // one by one, however many there are
        for (int silent = 0; silent < 8;) {
            const auto some = viewer.next<protocol::Entries>();
            if (!some) ++silent;
            if (!some) continue;
            EXPECT_TRUE(viewer.send(protocol::Tail{some->first + some->entries.size(), 1}));
            for (const Buffer& bytes : some->entries) {
                const auto entry = decode_entry(bytes);
                const auto* act = entry ? std::get_if<Act>(&entry->body) : nullptr;
                if (act != nullptr && act->what == kind) return *act;
            }
        }
        ADD_FAILURE() << "it was never written" << site_.log();
        return {};
    }
    Json status() { return Json::parse(site_.run("stilectl", {"--json", "status"}).out); }
    std::string printed(const std::string& ending) const {
        std::ifstream in{site_.folder().path() / ("test-lane." + ending)};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void expect_nothing_counted() {
        const Json now = status();
        for (const char* total : {"admitted", "entered", "left", "released"})
            EXPECT_EQ(now["count"][total], 0) << total;
        for (const Json& lane : now["lanes"])
            EXPECT_EQ(lane["counts"]["entered"], 0);
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(TestLane, PassesByItselfWithARealReaderAndCountsNothing) {
    Process reader{"stile-reader",
                   {"--config", site_.config().native(), "--name", "cam-2"},
                   site_.folder().path() / "reader"};
    while (status()["lanes"][1]["readers"][0]["state"] == "absent")
        ASSERT_FALSE(reader.wait(10ms));
    const auto test = start_test("lane-2");
    EXPECT_EQ(await(ActKind::Test).reason, "test of the lane");
    ASSERT_EQ(test->wait(120s), kExitDone) << printed("out") << printed("err");
    const Json report = Json::parse(printed("out"));
    EXPECT_TRUE(report["passed"].get<bool>());
    EXPECT_EQ(report["steps"][1]["step"], "walk");
    EXPECT_EQ(report["steps"][1]["outcome"], "passed");
    EXPECT_EQ(await(ActKind::TestEnd).reason, "finished");
    expect_nothing_counted();
}

TEST_F(TestLane, EndsWithStilectlHoweverThatEnds) {
    const auto test = start_test_at_lane_1();
    EXPECT_EQ(status()["lanes"][0]["test"], true);
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(reader.show(Site::ticket(1))->reason, std::to_underlying(Reason::LaneClosed));
    test->signal(SIGKILL);
    EXPECT_EQ(await(ActKind::TestEnd).reason, "stilectl is gone");
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Admit);
}

TEST_F(TestLane, EndsCleanlyWithCtrlC) {
    const auto test = start_test_at_lane_1();
    test->signal(SIGINT);
    EXPECT_EQ(test->wait(60s), kExitFailed);
    EXPECT_NE(printed("out").find("you ended it"), std::string::npos) << printed("out");
    EXPECT_EQ(await(ActKind::TestEnd).reason, "finished");
}

TEST_F(TestLane, IsForgottenByADaemonThatWasKilled) {
    const auto test = start_test_at_lane_1();
    stiled_->signal(SIGKILL);
    EXPECT_EQ(test->wait(60s), kExitFailed);
    restart();
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Admit);
    EXPECT_EQ(status()["health"]["unresolved_at_start"], 0);
}

TEST_F(TestLane, IsRefusedWithTheWordsOfTheGate) {
    const auto no_lane = site_.run("stilectl", {"test-lane", "lane-9"});
    EXPECT_EQ(no_lane.exit_code, kExitFailed);
    EXPECT_NE(no_lane.err.find("the lanes are lane-1, lane-2"), std::string::npos) << no_lane.err;
    ASSERT_EQ(site_.run("stilectl", {"mode", "lane-1", "locked", "-r", "crush"}).exit_code, 0);
    const auto locked = site_.run("stilectl", {"test-lane", "lane-1"});
    EXPECT_NE(locked.err.find("is locked"), std::string::npos) << locked.err;
    EXPECT_EQ(site_.run("stilectl", {"test-lane", "lane-2", "--auto"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace stile::test
