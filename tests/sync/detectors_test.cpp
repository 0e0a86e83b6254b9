// SPDX-License-Identifier: Apache-2.0
// What strikes about scans and what must not; floods; and how often it is wrong.
#include "sync/collector/detectors.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "tests/sync/scans.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + 18h;

crypto::TicketId ticket(std::uint64_t number) {
    crypto::TicketId out{};
    for (std::size_t i = 0; i < 8; ++i)
        out[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

Attempt admitted(WallTime time, std::string_view gate, std::string_view issuer = "acme") {
    return {time, gate, "a", issuer, ticket(1), Verdict::Admit};
}

Attempt refused(WallTime time, std::string_view gate, std::uint64_t number = 0) {
    Attempt out{.time = time, .gate = gate, .lane = "a"};
    if (number != 0) out.ticket = ticket(number);
    return out;
}

// Every gate admits one guest each six seconds and refuses one a minute.
void play_normal(Detectors& detectors, WallTime from, WallTime to) {
    for (WallTime now = from; now < to; now += 6s)
        for (const char* gate : {"north", "south", "west"}) {
            detectors.take(admitted(now, gate), now);
            if ((now - from) % 1min == 0s) detectors.take(refused(now, gate), now);
        }
}

std::vector<StrikeKind> kinds(const std::vector<Strike>& strikes) {
    std::vector<StrikeKind> out;
    for (const Strike& strike : strikes)
        out.push_back(strike.kind);
    return out;
}

TEST(Detectors, FindNothingInANormalHour) {
    Detectors detectors;
    play_normal(detectors, kStart, kStart + 1h);
    EXPECT_TRUE(detectors.look(kStart + 1h).empty());
    EXPECT_TRUE(Detectors{}.look(kStart).empty());
}

TEST(Detectors, FindAGateThatRefusesMostGuests) {
    Detectors detectors;
    play_normal(detectors, kStart, kStart + 1h);
    for (WallTime now = kStart + 1h; now < kStart + 64min; now += 10s)
        detectors.take(refused(now, "south"), now);
    const auto found = detectors.look(kStart + 64min);
    ASSERT_EQ(kinds(found), std::vector{StrikeKind::Refusals});
    EXPECT_EQ(found[0].gate, "south");
    EXPECT_EQ(found[0].detail, "24 of 24 guests were refused in 5 minutes; 9 % is usual");
}

TEST(Detectors, CountAGuestWhoTriesAgainOnce) {
    Detectors detectors;
    play_normal(detectors, kStart, kStart + 1h);
    for (WallTime now = kStart + 1h; now < kStart + 1h + 40s; now += 100ms)  // a code held in view
        detectors.take(refused(now, "south"), now);
    EXPECT_TRUE(detectors.look(kStart + 61min).empty());
}

TEST(Detectors, CompareWithTheOtherGates) {
    Detectors detectors;
    for (WallTime now = kStart; now < kStart + 1h;
         now += 10s) {  // half of everybody: a sold-out day
        detectors.take(refused(now, "north"), now);
        detectors.take(admitted(now, "north"), now);
    }
    for (WallTime now = kStart + 1h; now < kStart + 64min; now += 10s) {
        detectors.take(refused(now, "south"), now);
        detectors.take(admitted(now, "south"), now);
    }
    EXPECT_TRUE(detectors.look(kStart + 64min).empty());
}

TEST(Detectors, DoNotTakeASpikeForUsual) {
    Detectors detectors;
    play_normal(detectors, kStart, kStart + 1h);
    for (WallTime now = kStart + 1h; now < kStart + 2h; now += 10s) {
        detectors.take(refused(now, "south"), now);
        detectors.take(admitted(now, "south"), now);
        detectors.take(admitted(now, "north"), now);
        const auto found = detectors.look(now);
        EXPECT_TRUE(now < kStart + 70min || found.size() == 1) << (now - kStart).count();
    }
}

TEST(Detectors, FindTheSameWhenEntriesComeLateAndInAnotherOrder) {
    std::vector<Attempt> attempts;
    for (int i = 0; i < 400; ++i)
        attempts.push_back(i % 3 == 0 ? refused(kStart + 3s * i, i < 300 ? "north" : "south",
                                                static_cast<std::uint64_t>(i % 30))
                                      : admitted(kStart + 3s * i, "north"));
    Detectors in_order;
    Detectors late;
    const WallTime now = kStart + 20min;
    for (const Attempt& attempt : attempts)
        in_order.take(attempt, attempt.time);
    std::shuffle(attempts.begin(), attempts.end(), std::mt19937{1});
    for (const Attempt& attempt : attempts)
        late.take(attempt, now);
    EXPECT_EQ(in_order.look(now), late.look(now));
    EXPECT_FALSE(in_order.look(now).empty());
}

TEST(Detectors, FindATicketThatIsTriedAtThreeGates) {
    Detectors detectors;
    detectors.take(refused(kStart, "north", 7), kStart);
    detectors.take(refused(kStart + 4min, "south", 7), kStart + 4min);
    EXPECT_TRUE(detectors.look(kStart + 5min).empty());
    detectors.take(refused(kStart + 8min, "west", 7), kStart + 8min);
    const auto found = detectors.look(kStart + 8min);
    ASSERT_EQ(kinds(found), std::vector{StrikeKind::ManyGates});
    EXPECT_EQ(found[0].ticket, ticket(7));
    EXPECT_FALSE(detectors.look(kStart + 37min).empty());
    EXPECT_TRUE(detectors.look(kStart + 38min).empty());
}

TEST(Detectors, LeaveATicketAloneThatTakesItsTime) {
    Detectors detectors;
    for (int i = 0; i < 3; ++i) {
        const WallTime now = kStart + 6min * i;
        detectors.take(refused(now, "gate-" + std::to_string(i), 7), now);
    }
    EXPECT_TRUE(detectors.look(kStart + 12min).empty());
}

TEST(TicketWatch, LeavesATicketAloneThatIsTriedAtTwoGatesOften) {
    TicketWatch watch;
    for (std::size_t i = 0; i < 50; ++i)
        watch.take(ticket(7), i % 2, kStart + 5s * i, kStart);
    EXPECT_TRUE(watch.look(kStart + 5min).empty());
}

TEST(Detectors, FindAnIssuerThatIsSuddenlyBusy) {
    Detectors detectors;
    play_normal(detectors, kStart, kStart + 1h);
    for (WallTime now = kStart + 1h; now < kStart + 67min; now += 4s)
        detectors.take(admitted(now, "west", "spare"), now);
    const auto found = detectors.look(kStart + 67min);
    ASSERT_EQ(kinds(found), std::vector{StrikeKind::IssuerBusy});
    EXPECT_EQ(found[0].issuer, "spare");
}

TEST(Detectors, LeaveAnIssuerAloneWhoseShareGrowsSlowly) {
    Detectors detectors;
    int count = 0;
    for (WallTime now = kStart; now < kStart + 2h; now += 2s) {
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - kStart).count();
        const bool box_office = ++count % 100 < minutes / 6;
        detectors.take(admitted(now, "north", box_office ? "box" : "acme"), now);
        EXPECT_TRUE(detectors.look(now).empty());
    }
}

TEST(Detectors, LeaveIssuersAloneBeforeThereIsAPast) {
    Detectors detectors;
    for (WallTime now = kStart; now < kStart + 5min; now += 1s)
        detectors.take(admitted(now, "north", now.time_since_epoch() / 1s % 2 == 0 ? "a" : "b"),
                       now);
    EXPECT_TRUE(detectors.look(kStart + 5min).empty());
}

TEST(Detectors, LeaveOutWhatAWrongClockSays) {
    Detectors detectors;
    for (const std::chrono::minutes wrong : {-6'000'000min, -70min, 8min, 6'000'000min})
        for (int i = 0; i < 60; ++i)
            detectors.take(refused(kStart + wrong - 5s * i, "north"), kStart);
    EXPECT_TRUE(detectors.look(kStart).empty());
}

TEST(Detectors, LeaveOutNamesThatNoGateHas) {
    Detectors detectors;
    const std::string name(64, 'x');
    for (int i = 0; i < 60; ++i) {
        detectors.take(refused(kStart + 5s * i, name), kStart + 5s * i);
        detectors.take(refused(kStart + 5s * i, ""), kStart + 5s * i);
        detectors.take(admitted(kStart + 5s * i, "north", "x/#"), kStart + 5s * i);
        detectors.take(refused(kStart + 5s * i, "Nord"), kStart + 5s * i);
    }
    EXPECT_TRUE(detectors.look(kStart + 5min).empty());
    EXPECT_EQ(detectors.remembered().issuers, 0U);
    EXPECT_EQ(detectors.remembered().gates, 1U);
}

TEST(TicketWatch, RemembersABoundedNumberOfTickets) {
    TicketWatch watch;
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        watch.take(ticket(i), i % 50, kStart, kStart);
        ASSERT_LE(watch.remembered(), TicketWatch::kMostTickets);
    }
}

TEST(TicketWatch, KeepsTheNewestOfTooManyStrikes) {
    TicketWatch watch;
    for (std::uint64_t i = 0; i < 1000; ++i)
        for (std::size_t gate = 0; gate < 3; ++gate)
            watch.take(ticket(i), gate, kStart + 1s * i, kStart + 1s * i);
    const auto found = watch.look(kStart + 1000s);
    EXPECT_EQ(found.size(), TicketWatch::kMostStrikes);
    EXPECT_TRUE(std::ranges::find(found, ticket(999)) != found.end());
}

TEST(Detectors, FindATicketInAFloodOfOthers) {
    Detectors detectors;
    for (int gate = 0; gate < 3; ++gate) {
        detectors.take(refused(kStart, "g" + std::to_string(gate), 7), kStart);
        for (std::uint64_t i = 0; i < 4000; ++i)
            detectors.take(refused(kStart, "north", 100 + i), kStart);
    }
    EXPECT_EQ(kinds(detectors.look(kStart)), std::vector{StrikeKind::ManyGates});
}

TEST(Detectors, TakeNoMoreMemoryWhateverIsInvented) {
    Detectors detectors;
    std::mt19937_64 random{1};
    const auto flood = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const std::string gate = "g" + std::to_string(random() % 3000);
            const std::string lane = "l" + std::to_string(random() % 1000);
            const std::string issuer = "i" + std::to_string(random() % 1000);
            const WallTime now = kStart + std::chrono::milliseconds{random() % 600'000};
            const auto verdict = random() % 2 == 0 ? Verdict::Admit : Verdict::Refuse;
            detectors.take({now, gate, lane, issuer, ticket(random()), verdict}, kStart + 10min);
        }
    };
    flood(20'000);
    EXPECT_LE(detectors.look(kStart + 10min).size(),
              RefusalWatch::kMostGates + TicketWatch::kMostStrikes + IssuerWatch::kMostIssuers);
    const auto before = detectors.remembered();
    EXPECT_LE(before.gates, RefusalWatch::kMostGates);
    EXPECT_LE(before.lanes, RefusalWatch::kMostGates * RefusalWatch::kMostLanes);
    EXPECT_LE(before.tickets, TicketWatch::kMostTickets);
    EXPECT_LE(before.issuers, IssuerWatch::kMostIssuers);
}

// DETECTORS.md has the numbers of 500 evenings, measured_test.cpp holds them; these are three.
TEST(Detectors, FindMischiefOfAnEvening) {
    EXPECT_TRUE(watch(scans_of(10'001, Mischief::GateRefuses), Mischief::GateRefuses).delay);
    EXPECT_TRUE(watch(scans_of(10'001, Mischief::TicketWanders), Mischief::TicketWanders).delay);
    EXPECT_TRUE(watch(scans_of(10'001, Mischief::KeyStolen), Mischief::KeyStolen).delay);
}

}  // namespace
}  // namespace stile::sync
