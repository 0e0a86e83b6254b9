// SPDX-License-Identifier: Apache-2.0
// The link to the broker, with a session that does what the test says.
#include "sync/uplink/broker_link.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

// Connects, refuses or says nothing as its script tells; records what is asked of it.
class FakeSession final : public MqttSession {
public:
    std::function<void(const ConnectOptions&)> on_connect;
    std::vector<ConnectOptions> attempts;
    std::vector<Outgoing> published;
    int abandoned = 0;
    bool broken = false;

    Result<void> connect(const ConnectOptions& options) override {
        attempts.push_back(options);
        if (broken) return fail(Errc::Io, "no sockets left");
        if (on_connect) on_connect(options);
        return {};
    }
    Result<void> publish(const Outgoing& message) override {
        if (broken) return fail(Errc::Closed, "disconnected");
        published.push_back(message);
        return {};
    }
    Result<void> subscribe(const std::string& filter) override {
        filters.push_back(filter);
        return {};
    }
    std::vector<std::string> filters;
    Result<void> disconnect() override { return {}; }
    void abandon() override { ++abandoned; }
    std::vector<SessionEvent> take_events() override { return std::exchange(events, {}); }
    std::vector<SessionEvent> wait_events(std::chrono::milliseconds) override {
        return take_events();
    }
    std::vector<SessionEvent> events;
};

class Broker : public testing::Test {
protected:
    Broker() {
        session_.on_connect = [this](const ConnectOptions&) {
            if (session_.attempts.size() >= stop_at_) loop_.stop(0);
        };
    }
    static Settings two_brokers() {
        Settings settings;
        settings.brokers = {"tcp://one:1883", "tcp://two:1883"};
        settings.retry_first = 10ms;
        settings.retry_longest = 40ms;
        return settings;
    }
    void give(SessionEvent event) { link_.handle({std::move(event)}); }
    [[nodiscard]] std::uint32_t attempt() const { return session_.attempts.back().attempt; }
    void connect() {
        link_.start();
        give(Connected{attempt(), 20});
    }
    // Runs the loop until the session was asked to connect `count` times.
    void run_until_attempt(std::size_t count) {
        stop_at_ = count;
        const auto patience = loop_.after(5s, [this] { loop_.stop(1); });
        EXPECT_EQ(loop_.run(), 0) << "no further attempt";
    }

    EventLoop loop_;
    FakeSession session_;
    Settings settings_ = two_brokers();
    std::size_t stop_at_ = 99;
    int ups_ = 0;
    int downs_ = 0;
    std::uint16_t maximum_ = 0;
    std::vector<Token> delivered_;
    std::vector<std::string> arrived_;
    BrokerLink link_{
        loop_,
        session_,
        settings_,
        "will/topic",
        {.make_will = [] { return std::string{"lost"}; },
         .on_up =
             [this](std::uint16_t maximum) {
                 ++ups_;
                 maximum_ = maximum;
             },
         .on_down = [this] { ++downs_; },
         .on_delivered = [this](Token token) { delivered_.push_back(token); },
         .on_arrived = [this](const Arrived& message) { arrived_.push_back(message.payload); }}};
};

TEST_F(Broker, HandsOverTheWillAndTheReceiveMaximum) {
    connect();
    EXPECT_EQ(session_.attempts[0].will_topic, "will/topic");
    EXPECT_EQ(session_.attempts[0].will_payload, "lost");
    EXPECT_EQ(session_.attempts[0].dialect, Dialect::Mqtt5);
    EXPECT_TRUE(link_.up());
    EXPECT_EQ(ups_, 1);
    EXPECT_EQ(maximum_, 20);
}

TEST_F(Broker, TriesTheNextOneAfterAFailure) {
    link_.start();
    give(NotConnected{attempt(), Refusal::Unreachable, "nobody"});
    EXPECT_EQ(downs_, 1);
    run_until_attempt(2);
    EXPECT_EQ(session_.attempts[1].broker, "tcp://two:1883");
}

TEST_F(Broker, ReturnsToTheFirstAfterTheLast) {
    link_.start();
    give(NotConnected{attempt(), Refusal::Unreachable, "nobody"});
    run_until_attempt(2);
    give(NotConnected{attempt(), Refusal::Other, "busy"});
    EXPECT_EQ(link_.broker(), "tcp://one:1883");
}

TEST_F(Broker, ConnectsAgainWhenTheConnectionIsLost) {
    connect();
    give(Lost{attempt(), "broke"});
    EXPECT_FALSE(link_.up());
    EXPECT_EQ(downs_, 1);
    run_until_attempt(2);
    give(Connected{attempt(), 20});
    EXPECT_EQ(link_.reconnects(), 1U);
}

TEST_F(Broker, IgnoresTheLateLossOfAnEarlierConnection) {
    connect();
    const auto old = attempt();
    give(Lost{old, "broke"});
    run_until_attempt(2);
    give(Connected{attempt(), 20});
    give(Lost{old, "broke"});
    EXPECT_TRUE(link_.up());
}

TEST_F(Broker, CountsALossThatIsToldTwiceOnce) {
    connect();
    give(Lost{attempt(), "broke"});
    give(Lost{attempt(), "broke"});
    EXPECT_EQ(downs_, 1);
}

TEST_F(Broker, IgnoresAnAnswerToAnEarlierAttempt) {
    link_.start();
    give(Connected{attempt() - 1, 20});
    give(NotConnected{attempt() - 1, Refusal::Other, "late"});
    EXPECT_EQ(link_.state(), BrokerLink::State::Connecting);
}

TEST_F(Broker, SaysWhenItsUserIsRefused) {
    testing::internal::CaptureStderr();
    link_.start();
    give(NotConnected{attempt(), Refusal::Credentials, "it does not accept the password"});
    const auto said = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(link_.refused());
    EXPECT_NE(said.find("mqtt.password_file"), std::string::npos) << said;
}

TEST_F(Broker, SaysTheSameTroubleOnce) {
    EventSource answer;
    session_.on_connect = [&](const ConnectOptions& options) {
        if (session_.attempts.size() == 6) return loop_.stop(0);
        answer = loop_.when_idle([this, attempt = options.attempt] {
            give(NotConnected{attempt, Refusal::Unreachable, "nobody"});
        });
    };
    testing::internal::CaptureStderr();
    link_.start();
    EXPECT_EQ(loop_.run(), 0);
    const auto said = testing::internal::GetCapturedStderr();
    const std::string sentence = "one:1883: nobody";
    EXPECT_NE(said.find(sentence), std::string::npos) << said;
    EXPECT_EQ(said.find(sentence), said.rfind(sentence)) << said;
}

TEST_F(Broker, FallsBackToMqtt311AtTheSameBroker) {
    link_.start();
    give(NotConnected{attempt(), Refusal::Version, "no MQTT 5"});
    run_until_attempt(2);
    EXPECT_EQ(session_.attempts[1].broker, "tcp://one:1883");
    EXPECT_EQ(session_.attempts[1].dialect, Dialect::Mqtt311);
    EXPECT_EQ(downs_, 0);
}

TEST_F(Broker, GivesUpOnABrokerThatSpeaksNeitherDialect) {
    link_.start();
    give(NotConnected{attempt(), Refusal::Version, "no MQTT 5"});
    run_until_attempt(2);
    give(NotConnected{attempt(), Refusal::Version, "no MQTT 3.1.1"});
    EXPECT_EQ(downs_, 1);
    EXPECT_EQ(link_.broker(), "tcp://two:1883");
}

TEST_F(Broker, DropsAConnectionOnWhichAMessageIsRefused) {
    connect();
    give(Undelivered{4, Refusal::Credentials, "not allowed"});
    EXPECT_FALSE(link_.up());
    EXPECT_TRUE(link_.refused());
    EXPECT_EQ(session_.abandoned, 1);
}

TEST_F(Broker, LeavesMessagesThatGoDownWithTheConnectionToItsLoss) {
    connect();
    give(Undelivered{4, Refusal::Unreachable, "broke"});
    EXPECT_TRUE(link_.up());
}

TEST_F(Broker, ReportsDeliveriesOfALiveConnectionOnly) {
    connect();
    give(Delivered{4});
    give(Lost{attempt(), "broke"});
    give(Delivered{5});
    EXPECT_EQ(delivered_, std::vector<Token>{4});
}

TEST_F(Broker, SubscribesWhileThereIsAConnection) {
    link_.subscribe("early");
    connect();
    link_.subscribe("t/+");
    EXPECT_EQ(session_.filters, std::vector<std::string>{"t/+"});
}

TEST_F(Broker, HandsOverWhatArrivesOnALiveConnectionOnly) {
    connect();
    give(Arrived{"t", "one"});
    give(Lost{attempt(), "broke"});
    give(Arrived{"t", "two"});
    EXPECT_EQ(arrived_, std::vector<std::string>{"one"});
}

TEST_F(Broker, DropsAConnectionWhoseSubscriptionIsRefused) {
    connect();
    give(SubscriptionRefused{"t/+", "not allowed"});
    EXPECT_FALSE(link_.up());
    EXPECT_TRUE(link_.refused());
}

TEST_F(Broker, DropsAConnectionThatCannotPublish) {
    connect();
    session_.broken = true;
    link_.publish({.topic = "t"});
    EXPECT_FALSE(link_.up());
    EXPECT_EQ(downs_, 1);
}

TEST_F(Broker, PublishesNothingWithoutAConnection) {
    link_.publish({.topic = "t"});
    EXPECT_TRUE(session_.published.empty());
}

TEST_F(Broker, TriesAgainWhenTheLibraryRefusesToStart) {
    session_.broken = true;
    link_.start();
    EXPECT_EQ(downs_, 1);
    session_.broken = false;
    run_until_attempt(2);
}

TEST_F(Broker, MakesNoMoreAttemptsOnceStopped) {
    link_.start();
    give(NotConnected{attempt(), Refusal::Unreachable, "nobody"});
    link_.stop();
    const auto later = loop_.after(200ms, [this] { loop_.stop(7); });
    EXPECT_EQ(loop_.run(), 7);
    EXPECT_EQ(session_.attempts.size(), 1U);
}

}  // namespace
}  // namespace stile::sync
