// SPDX-License-Identifier: Apache-2.0
// stiled is killed at any moment, again and again: what it opened for is in its ledger, for ever.
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/ledger/ledger.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;

// What the ledger says after everything.
struct Recorded {
    std::map<std::uint64_t, Entry> entries;  // by sequence number
    std::multiset<std::string> admitted;     // ticket names
};

Recorded read_ledger(const Site& site) {
    SystemClock clock;
    const auto ledger = Ledger::open({.folder = site.ledger(), .map_bytes = 64U << 20U}, clock);
    EXPECT_TRUE(ledger) << ledger.error().context;
    EXPECT_TRUE(ledger->verify());
    Recorded recorded;
    for (std::uint64_t seq = 1; seq <= ledger->head().seq; ++seq) {
        const Entry entry = decode_entry(ledger->entries(seq, 1)->front()).value();
        EXPECT_EQ(entry.seq, seq);
        const auto* decided = std::get_if<Decided>(&entry.body);
        if (decided != nullptr && decided->verdict == Verdict::Admit)
            recorded.admitted.insert(to_hex(decided->ticket));
        recorded.entries.emplace(seq, entry);
    }
    return recorded;
}

void lose_nothing_and_open_nothing_twice(int kills) {
    const Site site;
    std::mt19937 random{20261121};
    std::uniform_int_distribution<int> moments{0, 100'000};
    std::uint64_t serial = 1;
    std::size_t opened = 0;
    std::map<std::uint64_t, Buffer> seen;
    for (int kill = 0; kill < kills; ++kill) {
        const auto stiled = site.start();
        PlayedPeer reader = site.reader(*stiled);
        PlayedPeer sync = site.sync(*stiled);
        ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 4000}));
        // The killer strikes while scans are under way.
        const auto moment = std::chrono::microseconds{moments(random)};
        std::jthread killer{[&stiled, moment] {
            (void)stiled->wait(std::chrono::ceil<std::chrono::milliseconds>(moment));
            stiled->signal(SIGKILL);
        }};
        for (int i = 0; i < 1'000; ++i) {
            const auto answer = reader.show(Site::ticket(serial));
            if (!answer) break;
            if (answer->outcome == protocol::Outcome::Admit) ++opened;
            if (answer->outcome != protocol::Outcome::Wait) ++serial;
        }
        killer.join();
        ++serial;  // the one that was under way
        while (const auto entries = sync.next<protocol::Entries>()) {
            for (std::size_t i = 0; i < entries->entries.size(); ++i) {
                const auto [at, fresh] = seen.emplace(entries->first + i, entries->entries[i]);
                ASSERT_TRUE(fresh || at->second == entries->entries[i])
                    << "entry " << at->first << " changed";
            }
        }
        ASSERT_TRUE(stiled->wait(40s));
    }
    const Recorded recorded = read_ledger(site);
    EXPECT_GE(recorded.admitted.size(), opened);
    EXPECT_EQ(std::set<std::string>(recorded.admitted.begin(), recorded.admitted.end()).size(),
              recorded.admitted.size());
    for (const auto& [seq, bytes] : seen) {
        ASSERT_TRUE(recorded.entries.contains(seq)) << "entry " << seq << " was sent and is lost";
        EXPECT_EQ(decode_entry(bytes).value(), recorded.entries.at(seq));
    }
    EXPECT_GT(opened, static_cast<std::size_t>(kills / 2))
        << "the daemon was killed too early to show anything";
}

TEST(Crash, LosesNothingAndOpensNothingTwiceThroughThirtyKills) {
    lose_nothing_and_open_nothing_twice(30);
}

TEST(LongCrash, LosesNothingAndOpensNothingTwiceThroughAHundredKills) {
    lose_nothing_and_open_nothing_twice(100);
}

}  // namespace
}  // namespace stile::test
