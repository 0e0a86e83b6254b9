// SPDX-License-Identifier: Apache-2.0
// What stile-sync does with retained messages that are not its daemon's, and for Home Assistant.
#include "tests/sync/program.hpp"

namespace stile::sync {
namespace {

using protocol::Subject;
using testbed::Child;
using testbed::Subscriber;

class Board : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        if (IsSkipped()) return;
        ASSERT_TRUE(broker_.start());
    }
    // A retained message by somebody else.
    void publish(const std::string& topic, const std::string& payload) const {
        Child tool{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-r",
                    "-q", "1", "-t", topic, "-m", payload},
                   Child::Stream::Output};
        ASSERT_EQ(tool.wait(), 0);
    }
    void daemon_says_everything() {
        daemon_.report(Subject::Lane, "a", R"({"mode":"normal"})");
        daemon_.report(Subject::Alarm, "camera-a-qr", "");
        daemon_.report(Subject::Health, "", R"({"alarms":[]})");
    }
};

TEST_F(Board, LosesWhatARenamedLaneLeftBehind) {
    publish("stile/v1/arena/north-1/lane/old", "{}");
    publish("stile/v1/arena/north-1/alarm/lane-old-fire", R"({"state":"raised"})");
    publish("stile/v1/arena/north-1/lane/a", R"({"mode":"free"})");
    publish("stile/v1/arena/north-2/lane/old", "{}");
    Subscriber early{broker_};
    ASSERT_TRUE(early.hears("north-1/lane/old", "{}"));
    ASSERT_TRUE(early.hears("north-1/alarm/lane-old-fire", "raised"));
    const auto before = early.all().size();
    ASSERT_TRUE(daemon_.start());
    daemon_says_everything();
    run(site(quoted(broker_.address())));
    EXPECT_TRUE(says("lane/old: the daemon does not speak of it any longer"));
    EXPECT_TRUE(says("alarm/lane-old-fire: the daemon"));
    EXPECT_TRUE(early.hears("north-1/lane/old", "", before));
    EXPECT_TRUE(early.hears("north-1/alarm/lane-old-fire", "", before));
    Subscriber late{broker_};
    ASSERT_TRUE(late.hears("north-1/lane/a", R"("mode":"normal")"));
    EXPECT_TRUE(late.hears("north-2/lane/old", "{}"));
    for (const auto& heard : late.all())
        EXPECT_FALSE(heard.topic.find("north-1") != std::string::npos &&
                     heard.topic.find("old") != std::string::npos)
            << heard.topic;
}

TEST_F(Board, LosesTheLaneThatADaemonHadBeforeItsRestart) {
    ASSERT_TRUE(daemon_.start());
    daemon_.report(Subject::Lane, "old", R"({"mode":"normal"})");
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/lane/old", "normal"));
    daemon_.stop();
    testbed::FakeDaemon other{socket()};
    other.report(Subject::Lane, "a", R"({"mode":"normal"})");
    other.report(Subject::Health, "", R"({"alarms":[]})");
    ASSERT_TRUE(other.start());
    EXPECT_TRUE(says("lane/old: the daemon does not speak of it any longer"));
}

TEST_F(Board, TellsHomeAssistantWhereTheSiteWantsIt) {
    ASSERT_TRUE(daemon_.start());
    daemon_.report(Subject::Info, "", R"({"lanes":["a"],"software":"stile 1"})");
    Child home{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-v",
                "-t", "homeassistant/#"},
               Child::Stream::Output};
    run(site(quoted(broker_.address()), "discovery = \"on\"\n"));
    EXPECT_TRUE(home.lines().wait_for("homeassistant/device/stile-arena-north-1/config {"));
    EXPECT_TRUE(home.lines().wait_for(R"("unique_id":"stile-arena-north-1-lane-a-mode")"));
}

TEST_F(Board, TellsHomeAssistantNothingOtherwise) {
    ASSERT_TRUE(daemon_.start());
    daemon_.report(Subject::Info, "", R"({"lanes":["a"]})");
    Child home{
        {"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-v", "-t", "#"},
        Child::Stream::Output};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(home.lines().wait_for("north-1/info {"));
    EXPECT_FALSE(home.lines().wait_for("homeassistant", 0, testbed::Timeout{0}));
}

}  // namespace
}  // namespace stile::sync
