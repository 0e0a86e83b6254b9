// SPDX-License-Identifier: Apache-2.0
// The collector from end to end: what is stored is acknowledged, what is lost is asked for, and
// whatever dies, the same is said afterwards.
#include "tests/sync/ops_program.hpp"

#include <csignal>

#include "daemon/runtime/exit_code.hpp"

namespace stile::sync {
namespace {

using testbed::Child;

constexpr const char* kDouble = "/_ops/alarm/double-entry-0100000000000000";

TEST_F(Venue, HearsWhatIsStoredAndWhoIsInside) {
    run(config());
    ASSERT_TRUE(hears("/_ops/status", R"("state":"online")"));
    ASSERT_TRUE(enter(north_, 1, 0));
    ASSERT_TRUE(hears("/north-1/ack/main", R"("epoch":"0000000000000007","seq":2,)"));
    ASSERT_TRUE(hears("/_ops/occupancy", R"("total":{"inside":1,"entered":1,"left":0)"));
    ASSERT_TRUE(hears("/_ops/gates", R"("seq":2,"newest":2,"missing":0)"));

    ops::GateBook again{"north-1"};  // the same two entries
    ASSERT_TRUE(enter(again, 1, 0));
    ASSERT_TRUE(enter(south_, 2, 5));
    ASSERT_TRUE(hears("/south-1/ack/main", R"("seq":2,)"));
    ASSERT_TRUE(hears("/_ops/occupancy", R"("total":{"inside":2,"entered":2,"left":0)"));
    EXPECT_TRUE(hears("/_ops/alarm/full-0", R"("state":"raised")"));

    ASSERT_TRUE(gates_->say("_ops/ask", "{nonsense"));
    ASSERT_TRUE(gates_->say(
        "_ops/ask", R"({"v":1,"ask":"ticket","reply":"page-1","id":"7","ticket":"01000000"})"));
    EXPECT_TRUE(hears("/_ops/answer/page-1", R"("ok":true,"tickets":[{"ticket":"01)"));
    ASSERT_TRUE(gates_->say("_ops/ask", R"({"v":1,"ask":"everything","reply":"page-2"})"));
    EXPECT_TRUE(hears("/_ops/answer/page-2", R"("ok":false)"));

    program_->signal(SIGTERM);
    EXPECT_EQ(program_->wait(), kExitDone);
    EXPECT_TRUE(hears("/_ops/status", R"("state":"offline")"));
}

TEST_F(Venue, IsAskedForWhatTheBrokerLost) {
    run(config());
    ASSERT_TRUE(hears("/_ops/status", R"("state":"online")"));
    const auto first = north_.refuse(0);
    const auto lost = north_.refuse(1);
    ASSERT_TRUE(gates_->say(first));
    ASSERT_TRUE(gates_->say(north_.refuse(2)));
    ASSERT_TRUE(hears("/_ops/gates", R"("seq":1,"newest":3,"missing":1)"));
    // The tail is known from what the gate counts.
    ASSERT_TRUE(gates_->say("south-1/count",
                            R"({"v":1,"gate":"south-1","epoch":"0000000000000007","seq":1})"));
    ASSERT_TRUE(hears("/north-1/replay", R"("epoch":"0000000000000007","from":2,"to":2})"));
    ASSERT_TRUE(hears("/south-1/replay", R"("epoch":"0000000000000007","from":1,"to":1})"));
    ASSERT_TRUE(gates_->say(lost));
    EXPECT_TRUE(hears("/north-1/ack/main", R"("seq":3,)"));
    EXPECT_TRUE(hears("/_ops/gates", R"("seq":3,"newest":3,"missing":0)"));
}

TEST_F(Venue, HearsTheSameAfterACollectorOrABrokerDied) {
    run(config());
    ASSERT_TRUE(hears("/_ops/status", R"("state":"online")"));
    ASSERT_TRUE(enter(north_, 1, 0));
    ASSERT_TRUE(enter(south_, 1, 50));
    ASSERT_TRUE(hears(kDouble, R"("state":"raised","since":"2026-05-01T18:00:51.000Z")"));
    ASSERT_TRUE(hears("/_ops/conflicts", R"("count":1)"));
    ASSERT_TRUE(hears("/_ops/gates", R"("gate":"south-1","epoch":"0000000000000007","seq":2)"));
    const char* const kTopics[] = {"/_ops/occupancy", "/_ops/conflicts", "/_ops/gates",
                                   "/north-1/ack/main", kDouble};
    std::vector<std::string> before;
    for (const char* topic : kTopics)
        before.push_back(last(topic));
    const auto expect_the_same = [&](std::size_t from) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            ASSERT_TRUE(hears(kTopics[i], "", from)) << kTopics[i];
            EXPECT_EQ(last(kTopics[i]), before[i]) << kTopics[i];
        }
    };

    const auto killed = heard();
    program_->kill();
    ASSERT_TRUE(hears("/_ops/status", R"("state":"lost")", killed));
    const auto restarted = heard();
    run(config());
    expect_the_same(restarted);

    broker_.kill();
    ASSERT_TRUE(program_->lines().wait_for("trying on"));
    ASSERT_TRUE(broker_.start());  // it has forgotten everything
    subscriber_ = std::make_unique<testbed::Subscriber>(broker_);
    expect_the_same(0);
}

TEST_F(Venue, HearsOfAGateThatIsSilent) {
    run(config());
    ASSERT_TRUE(hears("/_ops/status", R"("state":"online")"));
    const char* const kOnline = R"({"v":1,"boot":"b1","state":"online"})";
    ASSERT_TRUE(gates_->say("north-1/status", kOnline, Retain::Yes));
    gates_->vanish();
    ASSERT_TRUE(hears("/_ops/alarm/gate-silent-north-1", R"("state":"raised")"));
    ASSERT_TRUE(gates_->connect(broker_));
    ASSERT_TRUE(gates_->say("north-1/status", kOnline, Retain::Yes));
    EXPECT_TRUE(hears("/_ops/alarm/gate-silent-north-1", R"("state":"cleared")"));
}

TEST_F(Venue, HearsNothingButWatermarksOfASilentCollector) {
    run(config("publishes = \"off\"\n"));
    const auto count = R"({"v":1,"gate":"north-1","epoch":"0000000000000007","seq":2})";
    ASSERT_TRUE(gates_->say("north-1/count", count, Retain::Yes));
    do {  // it does not say when it has subscribed
        ops::GateBook same{"north-1"};
        ASSERT_TRUE(enter(same, 1, 0));
    } while (!subscriber_->hears("/north-1/ack/main", R"("seq":2)", 0, testbed::Timeout{200}));
    program_->signal(SIGTERM);
    EXPECT_EQ(program_->wait(), kExitDone);
    for (const testbed::Heard& message : subscriber_->all())
        EXPECT_EQ(message.topic.find("_ops"), std::string::npos) << message.topic;
}

class CollectorProgram : public testing::Test {
protected:
    int run(const std::vector<std::string>& words, const std::string& part) {
        std::vector<std::string> command{STILE_BIN_DIR "/stile-collector"};
        command.insert(command.end(), words.begin(), words.end());
        Child child{command, Child::Stream::Errors};
        EXPECT_TRUE(part.empty() || child.lines().wait_for(part)) << part;
        return child.wait().value_or(-1);
    }
    testbed::TempFolder folder_;
};

TEST_F(CollectorProgram, SaysWhatIsWrongWithItsConfiguration) {
    const auto good = folder_.write("good.toml", "[collector]\nvenue = \"a\"\nname = \"main\"\n");
    const auto bad =
        folder_.write("bad.toml", "[collector]\nvenue = \"a\"\nname = \"main\"\nnam = 1\n");
    EXPECT_EQ(run({"check-config", "--config", good}, ""), kExitDone);
    EXPECT_EQ(run({"check-config", "--config", bad}, "bad.toml:4"), kExitConfig);
    const auto unread = folder_.write(
        "unread.toml",
        "[collector]\nvenue = \"a\"\nname = \"main\"\n[mqtt]\nbrokers = [\"ssl://b:1\"]\n"
        "ca_file = \"ca.pem\"\n");
    EXPECT_EQ(run({"check-config", "--config", unread}, folder_.path() / "ca.pem"), kExitConfig);
    EXPECT_EQ(run({"run", "--config", bad}, "bad.toml:4"), kExitConfig);
    EXPECT_EQ(run({"run", "--config", folder_.path() / "none"}, "none"), kExitConfig);
}

TEST_F(CollectorProgram, KnowsItsOwnWords) {
    EXPECT_EQ(run({"--help"}, ""), kExitDone);
    EXPECT_EQ(run({}, "subcommand"), kExitUsage);
    EXPECT_EQ(run({"collect"}, "subcommand"), kExitUsage);
}

}  // namespace
}  // namespace stile::sync
