// SPDX-License-Identifier: Apache-2.0
// The client library behind our port, against real and misbehaving brokers: the traps that it is
// known for, one by one.
#include "tests/sync/session.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "sync/mqtt/hidden_socket.hpp"
#include "tests/sync/testbed/fake_broker.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using testbed::FakeBroker;
using testbed::Mosquitto;

bool contains(const Buffer& packet, const Buffer& part) {
    return std::search(packet.begin(), packet.end(), part.begin(), part.end()) != packet.end();
}

TEST_F(Session, SendsEveryOptionInItsConnectPacket) {
    FakeBroker broker{FakeBroker::Manner::NeverAcknowledge};
    auto wanted = options(broker.address());
    wanted.user = "gate";
    wanted.password = "secret";
    wanted.keep_alive = 17s;
    ASSERT_TRUE(session_->connect(wanted));
    const Buffer packet = broker.wait_for_packet(1);
    // Level 5; user, password, will retained with QoS 1, clean start; keep-alive; one property, the
    // maximum packet size of 68 KiB, and none that would keep the session.
    EXPECT_TRUE(
        contains(packet, {'M', 'Q', 'T', 'T', 5, 0b1110'1110, 0, 17, 5, 0x27, 0, 1, 0x10, 0}))
        << to_hex(packet);
    EXPECT_TRUE(contains(packet, {5, 0x18, 0, 0, 0, 5})) << "will delay, " << to_hex(packet);
    for (const std::string_view text : {"stile-test", "stile/will", "lost", "gate", "secret"})
        EXPECT_NE(as_text(packet).find(text), std::string_view::npos) << text;
}

TEST_F(Session, SpeaksMqtt311ToABrokerThatAsksForIt) {
    FakeBroker broker{FakeBroker::Manner::Mqtt311Only};
    ASSERT_TRUE(session_->connect(options(broker.address())));
    const auto refused = wait_for<NotConnected>();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->refusal, Refusal::Version) << refused->text;

    auto older = options(broker.address(), 2);
    older.dialect = Dialect::Mqtt311;
    ASSERT_TRUE(session_->connect(older));
    ASSERT_TRUE(wait_for<Connected>());
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .expiry = 5s, .token = 9}));
    const auto delivered = wait_for<Delivered>();
    ASSERT_TRUE(delivered);
    EXPECT_EQ(delivered->token, 9U);
}

TEST_F(Session, GivesUpOnABrokerThatSaysNothing) {
    FakeBroker broker{FakeBroker::Manner::Silent};
    auto hasty = options(broker.address(), 7);
    hasty.timeout = std::chrono::seconds{2};
    ASSERT_TRUE(session_->connect(hasty));
    const auto refused = wait_for<NotConnected>();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->attempt, 7U);
    EXPECT_EQ(refused->refusal, Refusal::Unreachable);
}

TEST_F(Session, SaysWhyTheBrokerEndedTheConnection) {
    FakeBroker broker{FakeBroker::Manner::Displaces};
    ASSERT_TRUE(session_->connect(options(broker.address(), 4)));
    const auto lost = wait_for<Lost>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->attempt, 4U);
    EXPECT_NE(lost->text.find("same client id"), std::string::npos) << lost->text;
}

TEST_F(Session, ReportsThatNobodyListens) {
    const auto port = testbed::free_port();
    ASSERT_TRUE(session_->connect(options("tcp://127.0.0.1:" + std::to_string(port))));
    EXPECT_TRUE(wait_for<NotConnected>());
}

TEST_F(Session, CannotPublishWithoutAConnection) {
    const auto sent = session_->publish({.topic = "t", .payload = "p"});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::Closed);
}

TEST_F(Session, IgnoresSigpipe) {
    struct sigaction action{};
    ASSERT_EQ(::sigaction(SIGPIPE, nullptr, &action), 0);
    EXPECT_EQ(action.sa_handler, SIG_IGN);
}

TEST_F(SessionWithMosquitto, LearnsTheReceiveMaximum) {
    Mosquitto broker{"allow_anonymous true\nmax_inflight_messages 7\n"};
    ASSERT_TRUE(broker.start());
    const auto connected = connect(broker.address());
    ASSERT_TRUE(connected);
    EXPECT_EQ(connected->receive_maximum, 7);
    wakes_.wait(0);  // the owner's loop was woken
}

TEST_F(SessionWithMosquitto, ReportsEachDelivery) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    ASSERT_TRUE(connect(broker.address()));
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .token = 0xFFFF'FFFF}));
    const auto delivered = wait_for<Delivered>();
    ASSERT_TRUE(delivered);
    EXPECT_EQ(delivered->token, 0xFFFF'FFFFU);
}

TEST_F(SessionWithMosquitto, HandsOverWhatItSubscribedTo) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    ASSERT_TRUE(connect(broker.address()));
    ASSERT_TRUE(session_->subscribe("back/#"));
    ASSERT_TRUE(session_->publish({.topic = "back/1", .payload = "hello", .token = 1}));
    const auto arrived = wait_for<Arrived>();
    ASSERT_TRUE(arrived);
    EXPECT_EQ(arrived->topic, "back/1");
    EXPECT_EQ(arrived->payload, "hello");
}

// A second client object would need two seconds for its first connection.
TEST_F(SessionWithMosquitto, ReconnectsTheSameClientWithoutALongPause) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    auto fastest = std::chrono::steady_clock::duration::max();
    for (std::uint32_t attempt = 1; attempt <= 5; ++attempt) {
        const auto begin = std::chrono::steady_clock::now();
        const auto connected = connect(broker.address(), attempt);
        ASSERT_TRUE(connected);
        EXPECT_EQ(connected->attempt, attempt);
        if (attempt > 1) fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
        ASSERT_TRUE(session_->disconnect());
        ASSERT_TRUE(wait_for<Disconnected>());
    }
    EXPECT_LT(fastest, 1900ms);
}

TEST_F(SessionWithMosquitto, SaysNothingAboutMessagesThatNobodyWaitsFor) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    ASSERT_TRUE(connect(broker.address()));
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .qos = Qos::AtMostOnce}));
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .token = 8}));
    const auto delivered = wait_for<Delivered>();
    ASSERT_TRUE(delivered);
    EXPECT_EQ(delivered->token, 8U);
}

TEST_F(SessionWithMosquitto, SendsNothingOfALostConnectionOnTheNext) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    ASSERT_TRUE(connect(broker.address(), 3));
    broker.signal(SIGSTOP);
    for (Token token = 1; token <= 10; ++token)
        ASSERT_TRUE(session_->publish({.topic = "stile/x", .payload = "old", .token = token}));
    broker.kill();
    const auto lost = wait_for<Lost>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->attempt, 3U);

    ASSERT_TRUE(broker.start());
    testbed::Subscriber subscriber{broker};
    ASSERT_TRUE(connect(broker.address(), 4));
    ASSERT_TRUE(session_->publish({.topic = "stile/x", .payload = "new", .token = 11}));
    ASSERT_TRUE(subscriber.hears("stile/x", "new"));
    EXPECT_FALSE(subscriber.hears("stile/x", "old", 0, 0ms));
    const auto delivered = wait_for<Delivered>();
    ASSERT_TRUE(delivered);
    EXPECT_EQ(delivered->token, 11U);
}

TEST_F(SessionWithMosquitto, LeavesItsWillWhenItAbandonsAConnection) {
    Mosquitto broker;
    ASSERT_TRUE(broker.start());
    testbed::Subscriber subscriber{broker};
    auto wanted = options(broker.address());
    wanted.will_delay = 0s;
    ASSERT_TRUE(session_->connect(wanted));
    ASSERT_TRUE(wait_for<Connected>());
    session_->abandon();
    EXPECT_TRUE(subscriber.hears("stile/will", "lost"));
    EXPECT_TRUE(wait_for<Lost>());
}

TEST_F(SessionWithMosquitto, TellsARefusedTopicFromALostConnection) {
    testbed::TempFolder folder;
    Mosquitto broker{"allow_anonymous true\nacl_file " + folder.write("acl", "topic write ok/#\n") +
                     "\n"};
    ASSERT_TRUE(broker.start());
    ASSERT_TRUE(connect(broker.address()));
    ASSERT_TRUE(session_->publish({.topic = "forbidden", .payload = "p", .token = 6}));
    const auto refused = wait_for<Undelivered>();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->token, 6U);
    EXPECT_EQ(refused->refusal, Refusal::Credentials) << refused->text;
}

TEST_F(Session, DropsAMegabyteThatNobodyAskedFor) {
    FakeBroker broker{FakeBroker::Manner::SendsAMegabyte};
    ASSERT_TRUE(session_->connect(options(broker.address())));
    ASSERT_TRUE(wait_for<Connected>());
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .token = 1}));
    EXPECT_FALSE(broker.wait_for_packet(3).empty()) << "it goes on";
    for (const SessionEvent& event : session_->take_events())
        EXPECT_FALSE(std::holds_alternative<Arrived>(event));
}

TEST_F(Session, KeepsNothingOnTheDisk) {
    FakeBroker broker{FakeBroker::Manner::NeverAcknowledge};
    ASSERT_TRUE(connect(broker.address()));
    ASSERT_TRUE(session_->publish({.topic = "t", .payload = "p", .token = 1}));
    ASSERT_FALSE(broker.wait_for_packet(3).empty());
    for (const auto& file : std::filesystem::directory_iterator{"."})
        EXPECT_EQ(file.path().filename().native().find("stile-test"), std::string::npos);
}

TEST(NoDelay, IsSetOnConnectionsToTheBrokersPort) {
    const auto port = testbed::free_port();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const UniqueFd listener{::socket(AF_INET, SOCK_STREAM, 0)};
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    const UniqueFd client{::socket(AF_INET, SOCK_STREAM, 0)};
    ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);

    EXPECT_EQ(set_no_delay("tcp://127.0.0.1:" + std::to_string(port)), 1);
    int on = 0;
    socklen_t size = sizeof on;
    ASSERT_EQ(::getsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
    EXPECT_NE(on, 0);
}

TEST(NoDelay, LeavesEverythingElseAlone) {
    for (const std::string_view broker :
         {"", "tcp://host", "tcp://host:", "tcp://host:0", "tcp://host:99999", "tcp://host:1x"})
        EXPECT_EQ(set_no_delay(broker), 0) << broker;
}

}  // namespace
}  // namespace stile::sync
