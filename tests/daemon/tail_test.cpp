// SPDX-License-Identifier: Apache-2.0
// People who look on: what they see, and that they hold nobody up.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/entry/entry.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;

class Tail : public testing::Test {
protected:
    Tail() {
        stiled_ = site_.start();
        EXPECT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    }
    PlayedPeer viewer() {
        auto channel = site_.connect("control.sock", *stiled_);
        return {std::move(*channel), {protocol::Role::Control, "test", "test"}};
    }
    // Codes that make one entry each.
    void show_rubbish(int count) {
        PlayedPeer reader = site_.reader(*stiled_);
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(reader.show("rubbish " + std::to_string(++shown_))) << site_.log();
    }
    std::unique_ptr<Process> start_tail(std::vector<std::string> words) {
        words.insert(words.begin(), {"--config", site_.config().native(), "tail"});
        return std::make_unique<Process>("stilectl", std::move(words),
                                         site_.folder().path() / "tail");
    }
    std::string printed(const char* ending = "out") {
        std::ifstream in{site_.folder().path() / (std::string{"tail."} + ending)};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    // Makes entries until one of them was printed.
    void await_line(Process& tail, std::string_view part) {
        while (printed().find(part) == std::string::npos) {
            ASSERT_FALSE(tail.wait(10ms)) << printed("err");
            show_rubbish(1);
        }
    }
    std::vector<std::string> lines(std::vector<std::string> words) {
        words.insert(words.begin(), "tail");
        const auto done = site_.run("stilectl", std::move(words));
        EXPECT_EQ(done.exit_code, kExitDone) << done.err;
        std::vector<std::string> all;
        std::istringstream in{done.out};
        for (std::string line; std::getline(in, line);)
            all.push_back(line);
        return all;
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
    int shown_ = 0;
};

TEST_F(Tail, SendsNoMoreThanItsCredit) {
    show_rubbish(5);
    PlayedPeer looker = viewer();
    ASSERT_TRUE(looker.send(protocol::Tail{1, 2}));
    auto some = looker.next<protocol::Entries>();
    ASSERT_TRUE(some);
    EXPECT_EQ(some->first, 1U);
    EXPECT_EQ(some->entries.size(), 2U);
    ASSERT_TRUE(looker.send(protocol::Ping{9}));
    EXPECT_TRUE(looker.next<protocol::Pong>()) << "and nothing before it";
    ASSERT_TRUE(looker.send(protocol::Tail{3, 1}));
    some = looker.next<protocol::Entries>();
    EXPECT_EQ(some->first, 3U);
    EXPECT_EQ(some->entries.size(), 1U);
}

TEST_F(Tail, BeginsWithTheNextNewEntryWhenItIsAskedForNone) {
    show_rubbish(3);
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{99'999}}) {
        PlayedPeer looker = viewer();
        ASSERT_TRUE(looker.send(protocol::Tail{first, 10}));
        ASSERT_TRUE(looker.send(protocol::Ping{1}));
        ASSERT_TRUE(looker.next<protocol::Pong>());
        show_rubbish(1);
        EXPECT_EQ(looker.next<protocol::Entries>()->entries.size(), 1U);
    }
}

TEST_F(Tail, MovesNoCursor) {
    PlayedPeer looker = viewer();
    ASSERT_TRUE(looker.send(protocol::Tail{1, 64}));
    ASSERT_TRUE(looker.next<protocol::Entries>());
    PlayedPeer sync = site_.sync(*stiled_);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    EXPECT_EQ(sync.next<protocol::Entries>()->first, 1U);
}

TEST_F(Tail, OfPeopleWhoDoNotReadHoldsNobodyUp) {
    std::vector<PlayedPeer> lookers;
    for (int i = 0; i < 20; ++i) {
        lookers.push_back(viewer());
        ASSERT_TRUE(lookers.back().send(protocol::Tail{1, 65'535}));
    }
    PlayedPeer reader = site_.reader(*stiled_);
    for (std::uint64_t serial = 1; serial <= 60; ++serial) {
        std::optional<protocol::Feedback> answer;
        do {
            answer = reader.show(Site::ticket(serial));
            ASSERT_TRUE(answer) << site_.log();
        } while (answer->outcome == Outcome::Wait);
        EXPECT_EQ(answer->outcome, Outcome::Admit);
    }
    std::size_t received = 0;
    while (received < 64)
        received += lookers.front().next<protocol::Entries>()->entries.size();
    EXPECT_EQ(received, 64U) << "however much credit it gave";
}

TEST_F(Tail, OfOneWhoAsksWithoutEndHoldsNobodyUp) {
    show_rubbish(100);
    PlayedPeer mad = viewer();
    PlayedPeer reader = site_.reader(*stiled_);
    for (std::uint64_t serial = 1; serial <= 20; ++serial) {
        for (int i = 0; i < 200; ++i)
            (void)mad.send(protocol::Tail{1, 64});
        std::optional<protocol::Feedback> answer;
        do {
            answer = reader.show(Site::ticket(serial));
            ASSERT_TRUE(answer) << site_.log();
        } while (answer->outcome == Outcome::Wait);
        EXPECT_EQ(answer->outcome, Outcome::Admit);
    }
}

TEST_F(Tail, PrintsTheLastLines) {
    show_rubbish(30);
    EXPECT_EQ(lines({"--no-follow"}).size(), 10U);
    const auto three = lines({"--no-follow", "-n", "3"});
    ASSERT_EQ(three.size(), 3U);
    EXPECT_NE(three.back().find("refused INVALID"), std::string::npos) << three.back();
    EXPECT_TRUE(lines({"--no-follow", "-n", "0"}).empty());
    EXPECT_EQ(lines({"--no-follow", "--lane", "lane-1", "-n", "5"}).size(), 5U);
    EXPECT_TRUE(lines({"--no-follow", "--lane", "elsewhere"}).empty());
}

TEST_F(Tail, PrintsAllSinceAnEntry) {
    show_rubbish(150);
    const auto all = lines({"--no-follow", "--since", "1"});
    EXPECT_GE(all.size(), 152U);  // the epoch and the start too
    EXPECT_NE(all.front().find("a new ledger begins"), std::string::npos) << all.front();
    EXPECT_EQ(lines({"--no-follow", "--since", "5"}).size(), all.size() - 4);
}

TEST_F(Tail, PrintsWhatMqttCarriesForMachines) {
    show_rubbish(3);
    const auto all = lines({"--no-follow", "--since", "1", "--json"});
    std::uint64_t seq = 0;
    for (const std::string& line : all) {
        const auto entry = nlohmann::json::parse(line, nullptr, false);
        ASSERT_TRUE(entry.is_object()) << line;
        EXPECT_EQ(entry.at("seq"), ++seq);
        EXPECT_EQ(entry.at("gate"), "north");
    }
    EXPECT_NE(all.back().find(R"("kind":"decision")"), std::string::npos) << all.back();
}

TEST_F(Tail, PrintsWhatHappensUntilCtrlC) {
    const auto tail = start_tail({"-n", "0"});
    await_line(*tail, "refused INVALID");
    tail->signal(SIGINT);
    EXPECT_EQ(tail->wait(40s), kExitDone);
    EXPECT_TRUE(printed().ends_with("\n"));
}

TEST_F(Tail, EndsWithTheDaemon) {
    const auto tail = start_tail({});
    await_line(*tail, "refused INVALID");
    stiled_->signal(SIGTERM);
    EXPECT_EQ(tail->wait(40s), kExitUnreachable);
    EXPECT_NE(printed("err").find("the daemon stops"), std::string::npos) << printed("err");
}

TEST_F(Tail, ThatIsKilledLeavesTheDaemonAsItWas) {
    for (int i = 0; i < 5; ++i) {
        const auto tail = start_tail({"--since", "1"});
        await_line(*tail, "a new ledger begins");
        tail->signal(SIGKILL);
        (void)tail->wait(40s);
    }
    show_rubbish(3);
    EXPECT_EQ(site_.run("stilectl", {"status"}).exit_code, kExitDone);
}

}  // namespace
}  // namespace stile::test
