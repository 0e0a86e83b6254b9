// SPDX-License-Identifier: Apache-2.0
// stile-sync with collectors: watermarks, what it sends again by itself and when it is asked to,
// and how little waits outside the ledger.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "tests/sync/program.hpp"
#include "tests/sync/testbed/fake_broker.hpp"
#include "tests/sync/testbed/http_client.hpp"

namespace stile::sync {
namespace {

using testbed::FakeBroker;
using testbed::Subscriber;

constexpr std::string_view kEpochText = "123456789abcdef0";  // of the scripted daemon

std::string text_of(std::uint64_t seq) {
    return fmt::format("\"seq\":{},", seq);
}

class ProgramOutbox : public Program {
protected:
    // With one collector, and everything up.
    void start(const std::string& more = "", const std::string& metrics = "") {
        ASSERT_TRUE(broker_.start());
        ASSERT_TRUE(daemon_.start());
        run(site(quoted(broker_.address()), "collectors = [\"main\"]\n" + more, metrics));
        Subscriber watch{broker_};
        ASSERT_TRUE(watch.hears("/status", "online")) << "it subscribes before it says so";
    }
    // As somebody at the broker.
    void say(const std::string& topic, const std::string& payload) const {
        std::vector<std::string> command{"mosquitto_pub",
                                         "-h",
                                         "127.0.0.1",
                                         "-p",
                                         std::to_string(broker_.port()),
                                         "-q",
                                         "1",
                                         "-t",
                                         "stile/v1/arena/north-1/" + topic,
                                         "-m",
                                         payload};
        if (topic.starts_with("ack/")) command.emplace_back("-r");
        testbed::Child publisher{command, testbed::Child::Stream::Errors};
        ASSERT_EQ(publisher.wait(), 0);
    }
    void store(std::uint64_t seq, const std::string& collector = "main",
               std::string_view epoch = kEpochText) const {
        say("ack/" + collector, fmt::format(R"({{"v":1,"collector":"{}","epoch":"{}","seq":{}}})",
                                            collector, epoch, seq));
    }
    void want(std::uint64_t from, std::uint64_t to) const {
        say("replay", fmt::format(R"({{"v":1,"from_whom":"peer","epoch":"{}","from":{},"to":{}}})",
                                  kEpochText, from, to));
    }
    // Waits until an answer over HTTP has that part.
    static bool monitoring_says(std::uint16_t port, const std::string& path,
                                const std::string& part) {
        const auto deadline = std::chrono::steady_clock::now() + testbed::kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            if (testbed::http_get(port, path).contains(part)) return true;
        }
        return false;
    }
    // Waits until the entry comes after message number `from`.
    static bool hears(Subscriber& subscriber, std::uint64_t seq, std::size_t from = 0) {
        return subscriber.hears("/entry", text_of(seq), from);
    }
    static std::size_t copies(Subscriber& subscriber, std::uint64_t seq) {
        std::size_t count = 0;
        for (const auto& heard : subscriber.all()) {
            if (heard.topic.ends_with("/entry") && heard.payload.contains(text_of(seq))) ++count;
        }
        return count;
    }
};

TEST_F(ProgramOutbox, PublishesOnWhateverCollectorsHaveStored) {
    start();
    daemon_.add_decisions(600);
    ASSERT_TRUE(daemon_.wait_for_cursor(600)) << "no collector was ever there";
    store(7);
    EXPECT_TRUE(daemon_.wait_for_stored("main", 7));
    store(600);
    EXPECT_TRUE(daemon_.wait_for_stored("main", 600));
}

TEST_F(ProgramOutbox, KnowsARetainedWatermarkFromTheStart) {
    ASSERT_TRUE(broker_.start());
    store(5);
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(9);
    run(site(quoted(broker_.address()), "collectors = [\"main\"]\n"));
    EXPECT_TRUE(daemon_.wait_for_stored("main", 5));
}

TEST_F(ProgramOutbox, TellsADaemonThatCameBackWhatItKnows) {
    start();
    daemon_.add_decisions(9);
    store(5);
    ASSERT_TRUE(daemon_.wait_for_stored("main", 5));
    daemon_.stop();
    daemon_.forget_stored();
    ASSERT_TRUE(daemon_.start());
    EXPECT_TRUE(daemon_.wait_for_stored("main", 5));
}

TEST_F(ProgramOutbox, SendsAgainWhatACollectorHasNotStored) {
    start();
    daemon_.add_decisions(20);
    ASSERT_TRUE(daemon_.wait_for_cursor(20));
    Subscriber late{broker_};  // the broker lost them
    store(12);
    ASSERT_TRUE(hears(late, 20)) << "after a standstill of three seconds";
    EXPECT_EQ(copies(late, 13), 1U);
    EXPECT_EQ(copies(late, 12), 0U);
    EXPECT_EQ(daemon_.cursor(), 20U);
}

TEST_F(ProgramOutbox, SendsAgainAtOnceAfterAStepBackUntilAllIsStored) {
    start();
    daemon_.add_decisions(2000);
    ASSERT_TRUE(daemon_.wait_for_cursor(2000));
    store(2000);
    ASSERT_TRUE(daemon_.wait_for_stored("main", 2000));
    Subscriber late{broker_};
    store(100);
    ASSERT_TRUE(hears(late, 612)) << "a step";
    for (std::uint64_t stored = 612; stored < 2000; stored += 512) {
        store(stored);
        ASSERT_TRUE(hears(late, std::min<std::uint64_t>(stored + 512, 2000)));
    }
    EXPECT_EQ(copies(late, 100), 0U);
}

TEST_F(ProgramOutbox, BelievesNoWatermarkThatIsMalformedOrOfAnotherCollector) {
    start();
    daemon_.add_decisions(20);
    say("ack/main", "{\"v\":1}");
    ASSERT_TRUE(says("ack/main: \"collector\" is missing or wrong, ignoring it"));
    say("ack/main", std::string(60'000, '['));
    ASSERT_TRUE(says("ack/main: longer than 1024 bytes"));
    store(3, "stranger");
    store(4);
    EXPECT_TRUE(daemon_.wait_for_stored("main", 4));
    EXPECT_FALSE(daemon_.wait_for_stored("stranger", 3, testbed::Timeout{0}));
}

TEST_F(ProgramOutbox, PassesOnAWatermarkThatIsAheadAndSendsNothingForIt) {
    start();
    daemon_.add_decisions(20);
    store(4711);
    EXPECT_TRUE(daemon_.wait_for_stored("main", 4711)) << "the daemon judges it";
    EXPECT_EQ(daemon_.fetches(), 0U);
}

TEST_F(ProgramOutbox, SendsAgainWhatAPeerAsksFor) {
    start();
    daemon_.add_decisions(300);
    ASSERT_TRUE(daemon_.wait_for_cursor(300));
    Subscriber late{broker_};
    want(11, 250);
    ASSERT_TRUE(hears(late, 250));
    EXPECT_EQ(late.entries_until(250).size(), 240U);
    EXPECT_EQ(late.entries_until(250).front(), 11U);
    want(290, 999);
    ASSERT_TRUE(hears(late, 300)) << "as far as they are there";
}

TEST_F(ProgramOutbox, RefusesARequestThatIsTooLongOrMalformed) {
    start();
    daemon_.add_decisions(20);
    want(1, 10'001);
    EXPECT_TRUE(says("replay: more than 10000 entries, ignoring it"));
    say("replay", "give me all");
    EXPECT_TRUE(says("replay: not a JSON object, ignoring it"));
    want(2, 3);
    EXPECT_TRUE(says("peer wants entries 2 to 3"));
}

TEST_F(ProgramOutbox, BringsNewEntriesWhileItSendsAgain) {
    start("window = 4\n");
    daemon_.add_decisions(500);
    ASSERT_TRUE(daemon_.wait_for_cursor(500));
    Subscriber live{broker_};
    want(1, 500);
    ASSERT_TRUE(hears(live, 1));
    daemon_.add_decisions(200);
    EXPECT_TRUE(hears(live, 700));
    EXPECT_TRUE(hears(live, 500));
}

// Dashboards go by these; a week of entries must not stand before them.
TEST_F(ProgramOutbox, BringsStateBeforeTheRestOfABacklog) {
    const auto port = testbed::free_port();
    start("", "127.0.0.1:" + std::to_string(port));
    Subscriber live{broker_};
    broker_.signal(SIGSTOP);
    daemon_.add_decisions(500);
    ASSERT_TRUE(monitoring_says(port, "/metrics", "stile_broker_held_entries 64\n"));
    daemon_.report(protocol::Subject::Alarm, "disk-low", R"({"state":"raised"})");
    daemon_.report(protocol::Subject::Health, "", R"({"ledger":"failing"})");
    ASSERT_TRUE(monitoring_says(port, "/healthz", "failing")) << "it has both";
    broker_.signal(SIGCONT);
    ASSERT_TRUE(hears(live, 500));
    const auto heard = live.all();
    const auto alarm = std::ranges::find_if(
        heard, [](const auto& message) { return message.topic.ends_with("/alarm/disk-low"); });
    const auto later = std::ranges::find_if(
        heard, [](const auto& message) { return message.payload.contains(text_of(100)); });
    EXPECT_LT(alarm, later);
}

TEST_F(ProgramOutbox, TellsMonitoringHowFarACollectorIsBehind) {
    const auto port = testbed::free_port();
    start("", "127.0.0.1:" + std::to_string(port));
    daemon_.add_decisions(20);
    ASSERT_TRUE(daemon_.wait_for_cursor(20));
    store(15);
    ASSERT_TRUE(daemon_.wait_for_stored("main", 15));
    EXPECT_TRUE(monitoring_says(port, "/metrics",
                                "\nstile_collector_behind_entries{collector=\"main\"} 5\n"));
    Subscriber live{broker_};
    daemon_.report(protocol::Subject::Health, "", "{}");
    EXPECT_TRUE(live.hears(
        "/health", R"("collectors":[{"collector":"main","epoch":"123456789abcdef0","seq":15,)"));
}

TEST_F(ProgramOutbox, GoesOnWhenTheBrokerGivesItNoWatermarks) {
    FakeBroker strict{FakeBroker::Manner::RefusesSubscriptions};
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    run(site(quoted(strict.address()), "collectors = [\"main\"]\n"));
    EXPECT_TRUE(says("refuses stile/v1/arena/north-1/ack/main"));
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

// The library would keep whatever it is given: so it is given no more than the window.
TEST_F(ProgramOutbox, GivesTheLibraryNoMoreThanTheWindow) {
    FakeBroker deaf{FakeBroker::Manner::NeverAcknowledge};
    const auto port = testbed::free_port();
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(1000);
    run(site(quoted(deaf.address()), "window = 6\n", "127.0.0.1:" + std::to_string(port)));
    ASSERT_TRUE(monitoring_says(port, "/metrics", "stile_broker_held_entries 24\n"));
    ASSERT_TRUE(monitoring_says(port, "/metrics", "stile_broker_in_flight_messages 6\n"));
    EXPECT_EQ(daemon_.cursor(), 0U);
}

TEST_F(ProgramOutbox, HoldsLittleOfABacklogWhileTheBrokerReadsNothing) {
    const auto port = testbed::free_port();
    start("", "127.0.0.1:" + std::to_string(port));
    broker_.signal(SIGSTOP);
    daemon_.add_decisions(500);
    EXPECT_TRUE(monitoring_says(port, "/metrics", "stile_broker_held_entries 64\n"));
    EXPECT_TRUE(monitoring_says(port, "/metrics", "stile_broker_in_flight_messages 16\n"));
    broker_.signal(SIGCONT);
    EXPECT_TRUE(daemon_.wait_for_cursor(500));
}

// The window is what both sides say, whichever is less.
TEST_F(ProgramOutbox, DrainsAtFullSpeedWithAWindowOfAHundredAtABrokerOfTwenty) {
    broker_.configure("allow_anonymous true\nmax_inflight_messages 20\n");
    const auto port = testbed::free_port();
    start("window = 100\n", "127.0.0.1:" + std::to_string(port));
    broker_.signal(SIGSTOP);
    daemon_.add_decisions(1000);
    EXPECT_TRUE(monitoring_says(port, "/metrics", "stile_broker_in_flight_messages 19\n"));
    broker_.signal(SIGCONT);
    EXPECT_TRUE(daemon_.wait_for_cursor(1000));
}

}  // namespace
}  // namespace stile::sync
