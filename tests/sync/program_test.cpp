// SPDX-License-Identifier: Apache-2.0
// What stile-sync publishes when all is well, and that nothing is lost when something dies.
#include "tests/sync/program.hpp"

#include <algorithm>
#include <csignal>
#include <set>

#include <nlohmann/json.hpp>

#include "tests/sync/testbed/http_client.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using protocol::Subject;
using testbed::Heard;
using testbed::Subscriber;

// 1, 2, ... n, in order, perhaps with steps back to what was sent before.
void expect_all_in_order(const std::vector<std::uint64_t>& seqs, std::uint64_t last) {
    std::uint64_t highest = 0;
    for (const std::uint64_t seq : seqs) {
        ASSERT_LE(seq, highest + 1) << "an entry is missing before it";
        highest = std::max(highest, seq);
    }
    EXPECT_EQ(highest, last);
}

TEST_F(Program, AnnouncesTheGateAndWhatTheDaemonReports) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.report(Subject::Info, "", R"({"software":"stiled 0.1.0"})");
    daemon_.report(Subject::Lane, "a", R"({"mode":"normal"})");
    daemon_.report(Subject::Count, "", R"({"entered":3})");
    run(site(quoted(broker_.address())));
    Subscriber live{broker_};
    ASSERT_TRUE(live.hears("/status", "online"));
    daemon_.report(Subject::Health, "", R"({"p99_us":900})");
    ASSERT_TRUE(live.hears("/health", R"("p99_us":900,"sync":{"broker")"));
    ASSERT_TRUE(live.hears("/lane/a", R"("lane":"a"})"));

    Subscriber late{broker_};  // opens when everything was said
    EXPECT_TRUE(late.hears("stile/v1/arena/north-1/status", R"("state":"online")"));
    EXPECT_TRUE(late.hears("stile/v1/arena/north-1/info", R"("software":"stiled 0.1.0")"));
    EXPECT_TRUE(late.hears("stile/v1/arena/north-1/lane/a", R"("mode":"normal")"));
    EXPECT_TRUE(late.hears("stile/v1/arena/north-1/count", R"("entered":3)"));
    for (const Heard& heard : late.all())
        EXPECT_TRUE(heard.retained) << heard.topic;
    EXPECT_TRUE(daemon_.wait_for_link(protocol::Link::Connected));
}

TEST_F(Program, TellsMonitoringHowItIs) {
    const auto port = testbed::free_port();
    run(site(quoted(broker_.address()), "", "127.0.0.1:" + std::to_string(port)));
    ASSERT_TRUE(says("is it running"));  // the broker is not there
    EXPECT_TRUE(testbed::http_get(port, "/healthz").starts_with("HTTP/1.1 503")) << "no daemon";
    ASSERT_TRUE(daemon_.start());
    ASSERT_TRUE(broker_.start());
    daemon_.add_decisions(5);
    ASSERT_TRUE(daemon_.wait_for_cursor(5));
    const auto health = testbed::http_get(port, "/healthz");
    EXPECT_TRUE(health.starts_with("HTTP/1.1 200")) << health;
    const auto metrics = testbed::http_get(port, "/metrics");
    EXPECT_NE(metrics.find("\nstile_broker_connected 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("\nstile_daemon_connected 1\n"), std::string::npos) << metrics;
    EXPECT_TRUE(testbed::http_get(port, "/").starts_with("HTTP/1.1 404"));
}

TEST_F(Program, GoesOnWithoutMetricsWhenTheirAddressIsTaken) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(5);
    run(site(quoted(broker_.address()), "", "127.0.0.1:" + std::to_string(broker_.port())));
    EXPECT_TRUE(says("no metrics: 127.0.0.1:"));
    EXPECT_TRUE(daemon_.wait_for_cursor(5));
}

TEST_F(Program, PublishesEntriesInOrderAndMovesTheCursor) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    daemon_.add_decisions(500);
    ASSERT_TRUE(daemon_.wait_for_cursor(500));
    const auto seqs = subscriber.entries_until(500);
    EXPECT_EQ(seqs.size(), 500U) << "nothing broke, so nothing comes twice";
    expect_all_in_order(seqs, 500);
}

TEST_F(Program, PublishesEntriesOfWhichItCannotReadTheBytes) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    daemon_.add_bytes({0xFF, 0x00});
    daemon_.add_decisions(1);
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(daemon_.wait_for_cursor(2));
    EXPECT_TRUE(subscriber.hears("/entry", R"("seq":1,"kind":"unknown","bytes":"ff00"})"));
    EXPECT_TRUE(subscriber.hears("/entry", R"("seq":2,)"));
    EXPECT_TRUE(says("entry 1 cannot be read"));
}

TEST_F(Program, DropsAReportThatIsNoJsonAndGoesOn) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.report(Subject::Info, "", "{nonsense");
    daemon_.report(Subject::Count, "", R"({"entered":3})");
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    EXPECT_TRUE(subscriber.hears("/count", R"("entered":3)"));
    EXPECT_TRUE(says("not a JSON object"));
    EXPECT_FALSE(subscriber.hears("/info", "", 0, 0ms));
}

TEST_F(Program, LeavesItsWillWhenItIsKilled) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    program_->kill();
    ASSERT_TRUE(subscriber.hears("/status", R"("state":"lost")"));
    const auto heard = subscriber.all();
    const auto boot = [](const Heard& message) {
        return nlohmann::json::parse(message.payload)["boot"].get<std::string>();
    };
    const auto online = std::ranges::find_if(heard, [](const Heard& message) {
        return message.payload.find("online") != std::string::npos;
    });
    EXPECT_EQ(boot(*online), boot(heard.back()));
}

TEST_F(Program, SaysOfflineWhenItIsStopped) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    program_->signal(SIGTERM);
    EXPECT_EQ(program_->wait(10s), 0);
    EXPECT_TRUE(subscriber.hears("/status", R"("state":"offline")"));
    Subscriber late{broker_};
    EXPECT_TRUE(late.hears("/status", R"("state":"offline")"));
}

TEST_F(Program, StopsInTimeWhenTheBrokerHangs) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(daemon_.wait_for_link(protocol::Link::Connected));
    broker_.signal(SIGSTOP);
    daemon_.add_decisions(50);
    program_->signal(SIGTERM);
    EXPECT_EQ(program_->wait(10s), 0);
}

TEST_F(Program, LosesNothingWhenTheBrokerIsKilled) {
    broker_.configure(
        "allow_anonymous true\npersistence true\nautosave_interval 1\nautosave_on_changes true\n"
        "max_queued_messages 0\npersistence_location " +
        folder_.path().native() + "/\n");
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_, Subscriber::Session::Kept};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    daemon_.add_decisions(600);
    ASSERT_TRUE(subscriber.hears("/entry", R"("seq":100,)"));
    broker_.kill();
    EXPECT_TRUE(daemon_.wait_for_link(protocol::Link::Connecting));
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.wait_for_cursor(600));
    expect_all_in_order(subscriber.entries_until(600), 600);
}

TEST_F(Program, SendsAgainFromTheCursorWhenItWasKilled) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    const auto file = site(quoted(broker_.address()));
    run(file);
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    daemon_.add_decisions(3000);
    ASSERT_TRUE(subscriber.hears("/entry", R"("seq":200,)"));
    program_->kill();
    run(file);
    ASSERT_TRUE(daemon_.wait_for_cursor(3000));
    const auto seqs = subscriber.entries_until(3000);
    expect_all_in_order(seqs, 3000);
    EXPECT_EQ((std::set<std::uint64_t>{seqs.begin(), seqs.end()}.size()), 3000U);
}

TEST_F(Program, FollowsTheDaemonAgainWhenThatDied) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(subscriber.hears("/status", "online"));
    daemon_.add_decisions(1000);
    ASSERT_TRUE(subscriber.hears("/entry", R"("seq":100,)"));
    const auto before = subscriber.all().size();
    daemon_.stop();
    ASSERT_TRUE(subscriber.hears("/status", R"("state":"degraded")", before));
    EXPECT_TRUE(subscriber.hears("/health", R"("sync":{)", before)) << "its own health goes on";
    ASSERT_TRUE(daemon_.start());
    ASSERT_TRUE(daemon_.wait_for_follows(2));
    ASSERT_TRUE(subscriber.hears("/status", R"("state":"online")", before));
    ASSERT_TRUE(daemon_.wait_for_cursor(1000));
    expect_all_in_order(subscriber.entries_until(1000), 1000);
}

// Past mosquitto's 20 the client library would stall for a second at every window.
TEST_F(Program, KeepsBelowTheBrokersReceiveMaximum) {
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    Subscriber subscriber{broker_};
    daemon_.add_decisions(2000);
    run(site(quoted(broker_.address()), "window = 1000\n"));
    EXPECT_TRUE(daemon_.wait_for_cursor(2000, 60s));
}

}  // namespace
}  // namespace stile::sync
