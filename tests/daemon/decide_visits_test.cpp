// SPDX-License-Identifier: Apache-2.0
// Two memories of one visit, and what no history can bring about.
#include <random>

#include <gtest/gtest.h>

#include "daemon/core/merge_visits.hpp"
#include "decide_guest.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using test::Guest;
using test::kNoon;

constexpr std::uint64_t kUs = 5;

Visit visit(std::chrono::milliseconds after, Direction direction = Direction::Entry) {
    return {kNoon + after, 1, direction, Visit::Standing::Passed, 1};
}

std::size_t merged(std::vector<Visit> ours, const std::vector<PlatformVisit>& theirs) {
    merge_visits(theirs, 3, kUs, ours);
    EXPECT_TRUE(std::ranges::is_sorted(ours));
    return ours.size();
}

TEST(MergeVisits, CountsOnceWhatComesBackFromThePlatform) {
    EXPECT_EQ(merged({visit(250ms)}, {{3, visit(0ms), kUs}}), 1U);
}

TEST(MergeVisits, CountsWhatAnotherDeviceSawInTheSameSecond) {
    EXPECT_EQ(merged({visit(250ms)}, {{3, visit(0ms), kUs + 1}}), 2U);
    EXPECT_EQ(merged({visit(250ms)}, {{3, visit(0ms), 0}}), 2U);
}

TEST(MergeVisits, CountsAnotherSecondAndTheOtherDirection) {
    EXPECT_EQ(merged({visit(250ms)}, {{3, visit(1s), kUs}}), 2U);
    EXPECT_EQ(merged({visit(250ms)}, {{3, visit(0ms, Direction::Exit), kUs}}), 2U);
}

TEST(MergeVisits, PairsVisitsOneByOne) {
    EXPECT_EQ(merged({visit(1ms), visit(2ms)}, {{3, visit(0ms), kUs}}), 2U);
    EXPECT_EQ(merged({visit(1ms)}, {{3, visit(0ms), kUs}, {3, visit(0ms), kUs}}), 2U);
    EXPECT_EQ(merged({visit(1ms), visit(2ms)}, {{3, visit(0ms), kUs}, {3, visit(0ms), kUs}}), 2U);
}

TEST(MergeVisits, IgnoresOtherLists) {
    EXPECT_EQ(merged({}, {{4, visit(0ms), 0}}), 0U);
}

TEST(MergeVisits, KeepsWhatWeDoNotRememberAfterARestore) {
    EXPECT_EQ(merged({}, {{3, visit(0ms), kUs}}), 1U);
}

TEST(MergeVisits, DoesNotKnowItselfWithoutANumber) {
    std::vector<Visit> visits{visit(250ms)};
    merge_visits(std::vector<PlatformVisit>{{3, visit(0ms), 0}}, 3, 0, visits);
    EXPECT_EQ(visits.size(), 2U);
}

Guest any_guest(std::mt19937& random) {
    const auto one_in = [&random](unsigned n) { return random() % n == 0; };
    Guest guest;
    guest.position.status = static_cast<OrderStatus>(1 + random() % 4);
    if (one_in(2)) guest.position.status = OrderStatus::Paid;
    guest.position.require_approval = one_in(4);
    guest.position.valid_if_pending = one_in(3);
    guest.position.blocked = one_in(6);
    if (one_in(4)) guest.position.valid_until = kNoon - 1h;
    if (one_in(4)) guest.position.valid_from = kNoon - 2h;
    guest.position.subevent = random() % 2;
    if (one_in(4)) guest.list.subevent = 1;
    guest.list.all_products = !one_in(4);
    guest.list.include_pending = one_in(2);
    guest.list.multiple_entries = one_in(3);
    guest.list.entry_after_exit = one_in(2);
    if (one_in(2)) guest.at.unpaid = ListFacts::Unpaid::Ignore;
    for (unsigned i = random() % 4; i > 0; --i)
        guest.visit(one_in(2) ? Direction::Exit : Direction::Entry, i * 10min);
    return guest;
}

TEST(DecideProperty, ARevocationOrABlockNeverAdmitsMore) {
    std::mt19937 random{20260601};
    for (int i = 0; i < 20'000; ++i) {
        Guest guest = any_guest(random);
        const Direction direction = random() % 2 == 0 ? Direction::Entry : Direction::Exit;
        EXPECT_TRUE(guest.reason(direction) == Reason::Valid ||
                    guest.asked(direction) != Reason::Valid);
        Guest blocked = guest;
        blocked.at.block = ListFacts::Block::Blocked;
        EXPECT_NE(blocked.reason(direction), Reason::Valid);
        Guest revoked = guest;
        revoked.revocation.list = RevocationFacts::List::Revoked;
        EXPECT_NE(revoked.reason(direction), Reason::Valid);
    }
}

TEST(DecideProperty, AnExitNeverLeadsToAnEntryThatTheListForbids) {
    std::mt19937 random{20260602};
    for (int i = 0; i < 20'000; ++i) {
        Guest guest = any_guest(random);
        guest.list.entry_after_exit = false;
        const Reason before = guest.reason();
        guest.visit(Direction::Exit, 1min);
        EXPECT_EQ(guest.reason(), before);
    }
}

TEST(DecideProperty, OneMoreEntryNeverAdmitsMore) {
    std::mt19937 random{20260603};
    for (int i = 0; i < 20'000; ++i) {
        Guest guest = any_guest(random);
        const bool admitted = guest.reason() == Reason::Valid;
        guest.visit(Direction::Entry, 1min);
        EXPECT_TRUE(admitted || guest.reason() != Reason::Valid);
    }
}

}  // namespace
}  // namespace stile
