// SPDX-License-Identifier: Apache-2.0
// The real daemon among neighbours that flood it, lie to it or keep its sockets busy.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/daemon/flood.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;

// UBSan asks for descriptors of its own, to see whether memory is there.
constexpr bool kUndefined = std::string_view{STILE_SANITIZERS}.contains("undefined");

constexpr const char* kSecondLane =
    "[[lane]]\nname = \"lane-2\"\nsimulated_passage_ms = 1\n"
    "[[reader]]\nname = \"cam-2\"\nlane = \"lane-2\"\nsource = \"nowhere\"\n";

protocol::Scan scan_of(std::uint64_t number, const std::string& text) {
    return {.scan = number,
            .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns()),
            .content = {as_bytes(text).begin(), as_bytes(text).end()}};
}

std::size_t resident_kib(pid_t pid) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
    }
    return 0;
}

// Processor time that a program has used.
std::chrono::milliseconds used_by(pid_t pid) {
    std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
    std::string skipped;
    for (int i = 0; i < 13; ++i)
        stat >> skipped;
    long user = 0;
    long system = 0;
    stat >> user >> system;
    return (user + system) * 1000ms / ::sysconf(_SC_CLK_TCK);
}

class Hostile : public testing::Test {
protected:
    Hostile() {
        // Memory is judged: a sanitizer shall not keep for long what the daemon has freed.
        ::setenv("ASAN_OPTIONS", "quarantine_size_mb=1:thread_local_quarantine_size_kb=64", 1);
        site_.write_config(kSecondLane);
        stiled_ = site_.start();
    }
    // Lets good tickets in at lane-1, one after the other.
    void admit(PlayedPeer& reader, int people) {
        for (int i = 0; i < people; ++i) {
            std::optional<protocol::Feedback> answer;
            const std::string ticket = Site::ticket(next_serial_++);
            do {  // the one before may still pass
                answer = reader.show(ticket);
                ASSERT_TRUE(answer) << site_.log();
            } while (answer->outcome == Outcome::Wait);
            EXPECT_EQ(answer->outcome, Outcome::Admit);
        }
    }
    // The next sequence number after what is in the ledger.
    std::uint64_t ledger_end(PlayedPeer& reader) {
        (void)reader.show("rubbish " + std::to_string(next_serial_++));
        auto client = site_.run("stilectl", {"--json", "status"});
        const auto at = client.out.find("\"ledger_seq\":");
        return at == std::string::npos ? 0 : std::stoull(client.out.substr(at + 13));
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
    std::uint64_t next_serial_ = 1;
};

protocol::Channel joined(const Site& site, Process& stiled, const char* name) {
    auto channel = site.connect("reader.sock", stiled);
    EXPECT_TRUE(channel->send(protocol::Hello{protocol::Role::Reader, name, "test"}));
    return std::move(*channel);
}

TEST_F(Hostile, AReaderThatFloodsCostsTheOtherLaneNothingAndTheLedgerLittle) {
    PlayedPeer good = site_.reader(*stiled_);
    admit(good, 5);
    const auto entries_before = ledger_end(good);
    const auto memory_before = resident_kib(stiled_->pid());
    const auto begin = std::chrono::steady_clock::now();
    const Flood flood{joined(site_, *stiled_, "cam-2"), [](std::uint64_t number) {
                          return scan_of(number, "flood " + std::to_string(number));
                      }};
    while (!flood.done(5'000))
        admit(good, 5);
    EXPECT_FALSE(flood.thrown_out());
    const auto own = 2 * next_serial_;
    const auto entries = ledger_end(good) - entries_before;
    const auto seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begin};
    EXPECT_LE(static_cast<double>(entries), static_cast<double>(own) + 100 * (seconds.count() + 2));
    EXPECT_LT(resident_kib(stiled_->pid()), memory_before + 16'384);
    EXPECT_NE(site_.log().find("cam-2 sends more scans than a camera sees"), std::string::npos);
}

TEST_F(Hostile, AReaderWhoseStateFlapsCostsTheOthersNothing) {
    PlayedPeer sync = site_.sync(*stiled_);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 1}));
    PlayedPeer good = site_.reader(*stiled_);
    const Flood flood{joined(site_, *stiled_, "cam-2"), [](std::uint64_t number) {
                          return protocol::ReaderHealth{
                              .state = number % 2 == 0 ? protocol::ReaderState::Working
                                                       : protocol::ReaderState::Degraded};
                      }};
    while (!flood.done(20'000))
        admit(good, 5);
    EXPECT_FALSE(flood.thrown_out());
}

TEST_F(Hostile, AFollowerThatFloodsCostsTheLanesNothing) {
    PlayedPeer good = site_.reader(*stiled_);
    auto channel = site_.connect("sync.sock", *stiled_);
    ASSERT_TRUE(channel->send(protocol::Hello{protocol::Role::Sync, "stile-sync", "test"}));
    const Flood flood{std::move(*channel), [](std::uint64_t number) {
                          return protocol::Follow{"c" + std::to_string(number % 100), 65'535};
                      }};
    while (!flood.done(2'000))
        admit(good, 5);
    EXPECT_GT(flood.sent(), 100);
}

TEST_F(Hostile, ReadersThatLieInTheProtocolAreSentAway) {
    PlayedPeer good = site_.reader(*stiled_);
    const std::vector<Buffer> lies{
        {},                            // nothing at all: the end
        {1},                           // shorter than a header
        Buffer(16'384, 0xFF),          // as long as may be, and rubbish
        Buffer(17'000, 0x01),          // longer than may be
        {1, 10, 0, 0, 0, 0, 0, 1, 0},  // a scan of one byte
        {1, 30, 0, 0, 0, 0, 0, 0},     // an offer without a descriptor
        {9, 10, 0, 0, 0, 0, 0, 0},     // another version
        {1, 99, 0, 0, 0, 0, 0, 0},     // no such kind
    };
    for (const Buffer& lie : lies) {
        const auto channel = joined(site_, *stiled_, "cam-2");
        (void)::send(channel.fd(), lie.data(), lie.size(), MSG_NOSIGNAL);
        admit(good, 1);
    }
    EXPECT_EQ(site_.run("stilectl", {"status"}).exit_code, 0);
}

TEST_F(Hostile, HalfOpenConnectionsGiveTheirPlacesBack) {
    PlayedPeer good = site_.reader(*stiled_);
    std::vector<protocol::Channel> silent;
    for (std::size_t i = 0; i < 2 * protocol::kMaxPeersPerSocket; ++i) {
        if (auto channel = site_.connect("reader.sock", *stiled_))
            silent.push_back(std::move(*channel));
    }
    admit(good, 5);
    // Those who did not say Hello are sent away after five seconds.
    ASSERT_TRUE(silent.front().wait_readable(40'000));
    std::optional<Outcome> second;
    for (int i = 0; i < 1'000 && second != Outcome::Admit; ++i) {
        PlayedPeer late = site_.reader(*stiled_, "cam-2");
        const auto answer = late.show(Site::ticket(10'000));
        if (answer) second = answer->outcome;
    }
    EXPECT_EQ(second, Outcome::Admit) << site_.log();
}

TEST_F(Hostile, AProcessWithoutDescriptorsGoesOnAndDoesNotSpin) {
    if (kUndefined) GTEST_SKIP() << "UBSan needs descriptors of its own";
    PlayedPeer good = site_.reader(*stiled_);
    admit(good, 1);
    rlimit limit{};
    ASSERT_EQ(::prlimit(stiled_->pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
    const rlimit none{3, limit.rlim_max};
    ASSERT_EQ(::prlimit(stiled_->pid(), RLIMIT_NOFILE, &none, nullptr), 0);
    // It waits in the listening socket's queue, and cannot be accepted.
    auto waiting = protocol::Channel::connect(site_.folder().path() / "run" / "reader.sock");
    ASSERT_TRUE(waiting);
    const auto before = used_by(stiled_->pid());
    EXPECT_FALSE(waiting->wait_readable(1'000));
    EXPECT_LT(used_by(stiled_->pid()) - before, 300ms);
    admit(good, 5);
    ASSERT_EQ(::prlimit(stiled_->pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
    ASSERT_TRUE(waiting->send(protocol::Hello{protocol::Role::Reader, "cam-2", "test"}));
    EXPECT_TRUE(waiting->wait_readable(40'000)) << "it is let in as soon as it can be";
}

}  // namespace
}  // namespace stile::test
