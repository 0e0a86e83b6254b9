// SPDX-License-Identifier: Apache-2.0
// A program's link to the daemon, against a daemon that greets, dies, talks rubbish or says
// nothing.
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "daemon/protocol/daemon_link.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::protocol::test {
namespace {

using namespace std::chrono_literals;
using stile::test::TempDir;

// The other end, on the same loop: keeps what it hears, and answers as the test wants.
class FakeDaemon {
public:
    FakeDaemon(EventLoop& loop, std::filesystem::path path) : loop_{loop}, path_{std::move(path)} {}

    void start() {
        auto listener = Listener::open(path_, 0600);
        ASSERT_TRUE(listener) << listener.error().context;
        listener_.emplace(std::move(*listener));
        incoming_ = loop_.on_readable(listener_->fd(), [this] { accept(); });
    }
    void die() {
        incoming_.reset(), readable_.reset();
        peer_.reset(), listener_.reset();
    }
    void drop_peer() {
        readable_.reset();
        peer_.reset();
    }
    void say(const Message& message) { ASSERT_TRUE(peer_->send(message)); }
    void say_raw(std::string_view bytes) {
        ASSERT_EQ(::send(peer_->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL), std::ssize(bytes));
    }

    bool greets = true;
    std::function<void(const Message&)> on_message;
    std::vector<Message> heard;

private:
    void accept() {
        peer_ = listener_->accept();
        if (peer_) readable_ = loop_.on_readable(peer_->fd(), [this] { receive(); });
    }
    void receive() {
        auto received = peer_->receive();
        if (!received) return drop_peer();
        if (!*received) return;
        const Message message = std::move((*received)->message);
        heard.push_back(message);
        if (greets && std::holds_alternative<Hello>(message)) say(Welcome{.gate = "north"});
        if (on_message) on_message(message);
    }

    EventLoop& loop_;
    std::filesystem::path path_;
    std::optional<Listener> listener_;
    std::optional<Channel> peer_;
    EventSource incoming_;
    EventSource readable_;
};

class ProtocolLink : public testing::Test {
protected:
    void SetUp() override {
        link_.emplace(loop_, folder_.path() / "reader.sock", Hello{Role::Reader, "main", "test"},
                      DaemonLink::Handlers{[this](const Welcome& welcome) {
                                               ups_.push_back(welcome);
                                               if (on_up_) on_up_();
                                           },
                                           [this](const Error& why) {
                                               downs_.push_back(why);
                                               if (on_down_) on_down_();
                                           },
                                           [this](Received&& received) {
                                               messages_.push_back(std::move(received.message));
                                               if (on_message_) on_message_();
                                           }});
    }
    // Runs until a handler calls stop(0); fails the test when none does for 10 s.
    void run() {
        const EventSource deadline = loop_.after(10s, [this] { loop_.stop(1); });
        ASSERT_EQ(loop_.run(), 0) << "nothing happened in 10 s";
    }
    void stop() { loop_.stop(0); }

    TempDir folder_;
    EventLoop loop_;
    FakeDaemon daemon_{loop_, folder_.path() / "reader.sock"};
    std::vector<Welcome> ups_;
    std::vector<Error> downs_;
    std::vector<Message> messages_;
    std::function<void()> on_up_;
    std::function<void()> on_down_;
    std::function<void()> on_message_;
    std::optional<DaemonLink> link_;
};

TEST_F(ProtocolLink, GreetsAndIsWelcomed) {
    daemon_.start();
    on_up_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_EQ(std::get<Hello>(daemon_.heard.at(0)).name, "main");
    EXPECT_EQ(ups_.at(0).gate, "north");
    EXPECT_TRUE(link_->up());
    EXPECT_TRUE(downs_.empty());
}

TEST_F(ProtocolLink, IsNotUpBeforeTheWelcome) {
    daemon_.greets = false;
    daemon_.start();
    daemon_.on_message = [this](const Message&) { stop(); };
    link_->start();
    run();
    EXPECT_FALSE(link_->up());
    EXPECT_EQ(link_->send(Ping{1}).error().code, Errc::Closed);
}

TEST_F(ProtocolLink, HandsNothingOnBeforeTheWelcome) {
    daemon_.greets = false;
    daemon_.start();
    daemon_.on_message = [this](const Message&) {
        daemon_.say(Feedback{.scan = 1});
        daemon_.say(Welcome{});
        daemon_.say(Feedback{.scan = 2});
    };
    on_message_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_EQ(std::get<Feedback>(messages_.at(0)).scan, 2U);
}

TEST_F(ProtocolLink, SendsAndReceivesOnceItIsUp) {
    daemon_.start();
    on_up_ = [this] { EXPECT_TRUE(link_->send(CardGone{7})); };
    daemon_.on_message = [this](const Message& message) {
        if (std::holds_alternative<CardGone>(message)) daemon_.say(Feedback{.scan = 9});
    };
    on_message_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_EQ(std::get<Feedback>(messages_.at(0)).scan, 9U);
}

TEST_F(ProtocolLink, AnswersPingByItself) {
    daemon_.start();
    on_up_ = [this] { daemon_.say(Ping{77}); };
    daemon_.on_message = [this](const Message& message) {
        if (std::holds_alternative<Pong>(message)) stop();
    };
    link_->start();
    run();
    EXPECT_EQ(std::get<Pong>(daemon_.heard.at(1)).token, 77U);
    EXPECT_TRUE(messages_.empty());
}

TEST_F(ProtocolLink, FindsADaemonThatStartsLater) {
    on_down_ = [this] { daemon_.start(); };
    on_up_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_EQ(downs_.at(0).code, Errc::NotFound);
}

TEST_F(ProtocolLink, FindsTheDaemonAgainAfterItDied) {
    daemon_.start();
    on_up_ = [this] { ups_.size() == 1 ? daemon_.die() : stop(); };
    on_down_ = [this] {
        if (downs_.size() == 1) daemon_.start();
    };
    link_->start();
    run();
    EXPECT_EQ(downs_.at(0).code, Errc::Closed);
    EXPECT_EQ(ups_.size(), 2U);
}

TEST_F(ProtocolLink, SaysThatItIsDownWhileTheDaemonIsGone) {
    daemon_.start();
    on_up_ = [this] { daemon_.die(); };
    on_down_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_FALSE(link_->up());
    EXPECT_EQ(link_->send(Ping{1}).error().code, Errc::Closed);
}

TEST_F(ProtocolLink, WaitsLongerAfterEachFailedAttempt) {
    std::vector<std::int64_t> at_ms;
    on_down_ = [&] {
        at_ms.push_back(EventLoop::monotonic_ns() / 1'000'000);
        if (at_ms.size() == 4) stop();
    };
    const std::int64_t begin_ms = EventLoop::monotonic_ns() / 1'000'000;
    link_->start();
    run();
    // After 100, 200 and 400 ms more. Counted from the start: a busy machine makes each later only.
    EXPECT_GE(at_ms[1] - begin_ms, 99);
    EXPECT_GE(at_ms[2] - begin_ms, 299);
    EXPECT_GE(at_ms[3] - begin_ms, 699);
}

TEST_F(ProtocolLink, StartsAgainWithTheShortDelayAfterAWelcome) {
    std::vector<std::int64_t> at_ms;
    on_down_ = [&] {
        at_ms.push_back(EventLoop::monotonic_ns() / 1'000'000);
        if (at_ms.size() == 4) daemon_.start();
        if (at_ms.size() == 6) stop();
    };
    on_up_ = [this] { daemon_.die(); };
    link_->start();
    run();
    const auto grown = at_ms[4] - at_ms[3];
    const auto afresh = at_ms[5] - at_ms[4];
    EXPECT_GE(grown, 799);
    EXPECT_LT(afresh, grown);
}

TEST_F(ProtocolLink, SurvivesRubbishFromTheDaemon) {
    daemon_.start();
    on_up_ = [this] { ups_.size() == 1 ? daemon_.say_raw("\x01\x7Frubbish") : stop(); };
    link_->start();
    run();
    EXPECT_EQ(downs_.at(0).code, Errc::Invalid);
}

TEST_F(ProtocolLink, SurvivesADatagramThatIsTooLong) {
    daemon_.start();
    const std::string large(kMaxMessageBytes + 1, '\x01');
    on_up_ = [&] { ups_.size() == 1 ? daemon_.say_raw(large) : stop(); };
    link_->start();
    run();
    EXPECT_EQ(downs_.at(0).code, Errc::Invalid);
}

TEST_F(ProtocolLink, PassesOnWhyTheDaemonSaidGoodbye) {
    daemon_.greets = false;
    daemon_.start();
    daemon_.on_message = [this](const Message&) {
        daemon_.say(Goodbye{Parting::Busy, "too many readers"});
        daemon_.drop_peer();
    };
    on_down_ = [this] { stop(); };
    link_->start();
    run();
    EXPECT_EQ(downs_.at(0).context, "the daemon said goodbye: too many readers");
}

TEST_F(ProtocolLink, HangsUpWithAWordAndConnectsAgain) {
    daemon_.start();
    on_up_ = [this] { ups_.size() == 1 ? link_->hang_up(Parting::Done, "new camera") : stop(); };
    link_->start();
    run();
    EXPECT_EQ(std::get<Goodbye>(daemon_.heard.at(1)).detail, "new camera");
    EXPECT_EQ(downs_.size(), 1U);
}

TEST_F(ProtocolLink, HangsUpInTheMiddleOfAMessage) {
    daemon_.start();
    on_up_ = [this] {
        if (ups_.size() == 2) return stop();
        daemon_.say(Feedback{.scan = 1});
        daemon_.say(Feedback{.scan = 2});
    };
    on_message_ = [this] { link_->hang_up(Parting::Done, "enough"); };
    link_->start();
    run();
    EXPECT_EQ(messages_.size(), 1U);
}

TEST_F(ProtocolLink, HasNothingToHangUpWhileItIsDown) {
    on_down_ = [this] {
        link_->hang_up(Parting::Done, "x");
        stop();
    };
    link_->start();
    run();
    EXPECT_EQ(downs_.size(), 1U);
}

TEST_F(ProtocolLink, EndsQuietlyWhileItWaitsToRetry) {
    link_->start();
    ASSERT_EQ(downs_.size(), 1U);
    link_.reset();
    const EventSource later = loop_.after(150ms, [this] { stop(); });
    run();
    EXPECT_EQ(downs_.size(), 1U);
}

}  // namespace
}  // namespace stile::protocol::test
