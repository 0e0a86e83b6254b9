// SPDX-License-Identifier: Apache-2.0
// The rules of products: lists, time slots, assurance, clock, age of the lists, groups, release.
#include <gtest/gtest.h>

#include "daemon/entry/entry.hpp"
#include "tests/daemon/venue.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using namespace stile::test;
using crypto::Assurance;
using std::chrono::days;
using std::chrono::minutes;

// Bits of Slot::days.
constexpr std::uint8_t kFridays = 1U << 4U;
constexpr std::uint8_t kSundays = 1U << 6U;

class PolicyRules : public testing::Test {
protected:
    Venue venue;
};

TEST_F(PolicyRules, OfAnEmptyPolicyAdmitEverybodyWithoutAFlag) {
    const AccessPolicy empty;
    const Ruling ruling = check(empty, {});
    EXPECT_FALSE(ruling.refusal);
    EXPECT_EQ(ruling.duties.flags, 0);
    EXPECT_EQ(ruling.duties.people, 1);
    EXPECT_EQ(ruling.duties.to_area, kOutside);
}

TEST_F(PolicyRules, HaveTheFlagsOfTheLedger) {
    EXPECT_EQ(std::to_underlying(PolicyFlag::StaleLists), kFlagStaleLists);
    EXPECT_EQ(std::to_underlying(PolicyFlag::Clock), kFlagClock);
    EXPECT_EQ(std::to_underlying(PolicyFlag::Passback), kFlagPassback);
}

TEST_F(PolicyRules, RefuseAProductThatThePolicyDoesNotName) {
    venue.policy.other_products.reset();
    EXPECT_EQ(venue.reason(), Reason::Product);
    venue.policy.products.push_back({.name = "guest", .ids = {1}});
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, LetAProductOutThatThePolicyDoesNotName) {
    venue.policy.other_products.reset();
    venue.goes("arena", Direction::Exit);
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, TakeTheMostSpecialTermsOfAProduct) {
    const auto row = [](std::optional<std::uint32_t> event, std::vector<std::uint64_t> ids,
                        std::chrono::milliseconds release) {
        return ProductTerms{.event = event, .ids = std::move(ids), .terms = {.release = release}};
    };
    venue.policy.products = {row({}, {}, 1ms), row(2026, {}, 2ms), row({}, {1, 2}, 3ms),
                             row(2026, {1}, 4ms), row(2026, {1}, 5ms)};
    const auto release = [this](std::uint32_t event, std::uint64_t product) {
        return venue.policy.terms(event, product)->release;
    };
    EXPECT_EQ(release(2026, 1), 4ms);
    EXPECT_EQ(release(2026, 2), 3ms);
    EXPECT_EQ(release(2026, 9), 2ms);
    EXPECT_EQ(release(7, 1), 3ms);
    EXPECT_EQ(release(7, 9), 1ms);
}

TEST_F(PolicyRules, KeepAProductToItsLists) {
    venue.terms().lists = {5, 7};
    venue.facts.list = {2026, 6};
    EXPECT_EQ(venue.reason(), Reason::Product);
    venue.facts.list = {2026, 7};
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, WantTheAssuranceOfTheProduct) {
    for (const auto wanted :
         {Assurance::StaticCopy, Assurance::SharedSecret, Assurance::HolderTimeProof,
          Assurance::HolderNonceProof, Assurance::MutualCard}) {
        for (std::uint8_t shown = 0; shown <= 4; ++shown) {
            venue.terms().assurance = wanted;
            venue.facts.assurance = Assurance{shown};
            const bool enough = shown >= std::to_underlying(wanted);
            EXPECT_EQ(venue.reason(), enough ? Reason::Valid : Reason::Assurance);
        }
    }
}

TEST_F(PolicyRules, SayHowTheHolderCanProveMore) {
    venue.terms().assurance = Assurance::HolderTimeProof;
    EXPECT_EQ(venue.words(), "A copy is not enough here. Open the ticket in the app.");
    venue.terms().assurance = Assurance::HolderNonceProof;
    EXPECT_EQ(venue.words(), "Hold your phone or card to the reader.");
}

// Fridays from 18:30 to 20:00.
Slot evening() {
    return {.name = "evening", .days = kFridays, .from = 18h + 30min, .to = 20h};
}

TEST_F(PolicyRules, KeepAProductToItsSlot) {
    venue.terms().slots = {evening()};
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.at(kFriday + 30min - 1ms);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.at(kFriday + 30min);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 2h - 1ms);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 2h);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
}

TEST_F(PolicyRules, SayWhenTheSlotBegins) {
    venue.terms().slots = {evening()};
    EXPECT_EQ(venue.words(), "Your time slot begins at 18:30.");
    venue.at(kFriday + 3h);
    EXPECT_EQ(venue.words(), "Your time slot begins on 7 August at 18:30.");
    venue.at(kFriday + 3h + days{1});
    EXPECT_EQ(venue.words(), "Your time slot begins on Friday at 18:30.");
    Slot sunday{.days = kSundays, .from = 9h + 5min, .to = 10h};
    venue.terms().slots.push_back(sunday);
    EXPECT_EQ(venue.words(), "Your time slot begins on Sunday at 09:05.");
}

TEST_F(PolicyRules, GiveGraceBeforeAndAfterASlot) {
    venue.terms().slots = {evening()};
    venue.terms().slots[0].early = 30min;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday - 1ms);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.at(kFriday + 2h);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.terms().slots[0].late = 1min;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 2h + 1min);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
}

TEST_F(PolicyRules, LetASlotReachOverMidnight) {
    venue.terms().slots = {{.days = kFridays, .from = 22h, .to = 4h}};
    venue.at(kFriday + 9h);  // Saturday, 03:00
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 10h);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.at(kFriday - 15h);  // Friday, 03:00
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
}

TEST_F(PolicyRules, LetASlotOfAWholeDayBeginAndEndAtMidnight) {
    venue.terms().slots = {{.days = kFridays, .from = 0min, .to = 0min}};
    venue.at(kFriday + 6h - 1ms);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 6h);
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.at(kFriday - 18h);
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, FollowTheClocksOfTheZoneOnTheDayTheyChange) {
    // 2026-10-25 has 25 hours: 02:30 comes twice, and the slot lasts from the first to 04:00.
    venue.terms().slots = {{.days = kSundays, .from = 2h + 30min, .to = 4h}};
    const WallTime sunday = std::chrono::sys_days{std::chrono::year{2026} / 10 / 25};
    const auto open = [&](minutes utc) {
        venue.at(sunday + utc);
        return venue.reason() == Reason::Valid;
    };
    EXPECT_FALSE(open(29min));
    EXPECT_TRUE(open(30min));
    EXPECT_TRUE(open(2h + 59min));
    EXPECT_FALSE(open(3h));
}

TEST_F(PolicyRules, AdmitInASlotThatMayHoldWhenTheTimeIsNotCertain) {
    venue.terms().slots = {evening()};
    venue.facts.bounds = {kFriday - 1h, kFriday + 1h};
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.bounds = {kFriday, std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.bounds = {WallTime::min(), WallTime::max()};
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.bounds = {kFriday + 3h, kFriday + 5 * days{1}};
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
}

TEST_F(PolicyRules, KnowSlotsThatAreOnce) {
    venue.terms().slots = {{.begins = kFriday + 1h, .ends = kFriday + 2h, .late = 5min}};
    EXPECT_EQ(venue.words(), "Your time slot begins at 19:00.");
    venue.at(kFriday + 1h);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.at(kFriday + 2h + 5min);
    EXPECT_EQ(venue.words(), "Your time slot is over. Please go to the ticket desk.");
    venue.at(kFriday - days{2});
    EXPECT_EQ(venue.words(), "Your time slot begins on Friday at 19:00.");
    venue.at(kFriday - days{200});
    EXPECT_EQ(venue.words(), "Your time slot begins on 31 July at 19:00.");
}

TEST_F(PolicyRules, AdmitInAnyOfSeveralSlots) {
    Slot earlier = evening();
    earlier.from = 17h;
    earlier.to = 19h;
    venue.terms().slots = {evening(), earlier};
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, TreatOldListsAsThePolicySays) {
    venue.facts.list_age = 24h + 1s;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), 0);
    venue.policy.freshness.when_stale = Doubt::Flag;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), kFlagStaleLists);
    venue.policy.freshness.when_stale = Doubt::Refuse;
    EXPECT_EQ(venue.reason(), Reason::StaleLists);
    venue.facts.list_age = 24h;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), 0);
}

TEST_F(PolicyRules, TakeAListThatNeverCameForOld) {
    venue.policy.freshness.when_stale = Doubt::Refuse;
    venue.facts.list_age.reset();
    venue.facts.now = kFriday;
    EXPECT_EQ(venue.reason(), Reason::StaleLists);
}

TEST_F(PolicyRules, LetAProductHaveItsOwnFreshness) {
    venue.facts.list_age = 2h;
    venue.policy.freshness.when_stale = Doubt::Refuse;
    venue.terms().freshness = Freshness{Doubt::Refuse, 60min};
    EXPECT_EQ(venue.reason(), Reason::StaleLists);
    venue.terms().freshness = Freshness{Doubt::Admit, 60min};
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, TreatAnUncertainClockAsThePolicySays) {
    ClockRules& rules = venue.policy.clock;
    struct Row {
        ClockTrust clock;
        TimesMatter times;
        Doubt& doubt;
    };
    const Row rows[] = {{ClockTrust::Unsynced, TimesMatter::Yes, rules.timed_unsynced},
                        {ClockTrust::Wrong, TimesMatter::Yes, rules.timed_wrong},
                        {ClockTrust::Unsynced, TimesMatter::No, rules.other_unsynced},
                        {ClockTrust::Wrong, TimesMatter::No, rules.other_wrong}};
    for (const Row& row : rows) {
        venue.facts.clock = row.clock;
        venue.facts.times = row.times;
        rules = {Doubt::Admit, Doubt::Admit, Doubt::Admit, Doubt::Admit};
        EXPECT_EQ(venue.flags(), 0);
        row.doubt = Doubt::Flag;
        EXPECT_EQ(venue.reason(), Reason::Valid);
        EXPECT_EQ(venue.flags(), kFlagClock);
        row.doubt = Doubt::Refuse;
        EXPECT_EQ(venue.reason(), Reason::Clock);
        venue.facts.clock = ClockTrust::Known;
        EXPECT_EQ(venue.reason(), Reason::Valid);
    }
}

TEST_F(PolicyRules, FindThatTimesMatterToAProductWithSlots) {
    venue.policy.clock = {.timed_wrong = Doubt::Refuse, .other_wrong = Doubt::Admit};
    venue.facts.clock = ClockTrust::Wrong;
    venue.facts.times = TimesMatter::No;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.terms().slots = {{.begins = kFriday, .ends = kFriday + 1h}};
    EXPECT_EQ(venue.reason(), Reason::Clock);
}

TEST_F(PolicyRules, LetPeopleOfATicketInOneByOneOrTogether) {
    venue.facts.admissions = 5;
    venue.facts.may_enter = 3;
    EXPECT_EQ(venue.ask().duties.people, 1);
    venue.terms().group = GroupMode::Together;
    EXPECT_EQ(venue.ask().duties.people, 3);
    venue.facts.may_enter = 0;
    EXPECT_EQ(venue.ask().duties.people, 1);
    venue.facts.may_enter = kNoLimit;
    EXPECT_EQ(venue.ask().duties.people, 1);
}

TEST_F(PolicyRules, LetTheWholeGroupLeaveTogether) {
    venue.terms().group = GroupMode::Together;
    venue.goes("arena", Direction::Exit);
    venue.facts.admissions = 5;
    venue.facts.holder.inside = 4;
    EXPECT_EQ(venue.ask().duties.people, 4);
    venue.facts.holder.inside = 100'000;
    EXPECT_EQ(venue.ask().duties.people, 1);
}

TEST_F(PolicyRules, HandOnHowLongTheTurnstileStaysOpen) {
    venue.terms().release = 15s;
    EXPECT_EQ(venue.ask().duties.release, 15s);
    venue.goes("arena", Direction::Exit);
    EXPECT_EQ(venue.ask().duties.release, 15s);
}

TEST_F(PolicyRules, NeverRefuseAnExit) {
    venue.goes("arena", Direction::Exit);
    venue.terms() = {.assurance = Assurance::MutualCard, .slots = {evening()}, .lists = {77}};
    venue.policy.freshness = {Doubt::Refuse, 0min};
    venue.policy.clock = {Doubt::Refuse, Doubt::Refuse, Doubt::Refuse, Doubt::Refuse};
    venue.facts.clock = ClockTrust::Wrong;
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyRules, AskInTheirOrder) {
    venue.terms() = {.assurance = Assurance::MutualCard, .slots = {evening()}, .lists = {77}};
    EXPECT_EQ(venue.reason(), Reason::Product);
    venue.terms().lists.clear();
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    venue.terms().slots.clear();
    EXPECT_EQ(venue.reason(), Reason::Assurance);
}

TEST_F(PolicyRules, CanEachBeAskedByItself) {
    venue.terms() = {.assurance = Assurance::MutualCard, .lists = {77}};
    venue.policy.freshness = {Doubt::Flag, 0min};
    EXPECT_EQ(venue.reason(), Reason::Product);
    const auto steps = steps_of(venue.policy, venue.facts);
    std::string told;
    for (const PolicyStep& step : steps)
        told += std::string{step.rule} + (step.refusal ? "! " : step.flags != 0 ? "? " : " ");
    EXPECT_EQ(told, "product-list! time-slot assurance! clock freshness? passback capacity ");
    venue.goes("arena", Direction::Exit);
    EXPECT_EQ(steps_of(venue.policy, venue.facts)[0].rule, "");
}

TEST_F(PolicyRules, KeepTheFlagsOfWhatWasFoundBeforeARefusal) {
    venue.policy.freshness = {Doubt::Flag, 0min};
    venue.area(kArena).capacity = 0;
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    EXPECT_EQ(venue.flags(), kFlagStaleLists);
}

TEST_F(PolicyRules, HaveWordsForEveryRefusal) {
    venue.area(kArena).capacity = 0;
    EXPECT_FALSE(venue.words().empty());
    venue.policy.freshness = {Doubt::Refuse, 0min};
    EXPECT_FALSE(venue.words().empty());
    venue.policy.other_products.reset();
    EXPECT_FALSE(venue.words().empty());
}

TEST(PolicyWords, CutALongTitleAtACharacter) {
    Words words;
    for (int i = 0; i < 40; ++i)
        words << "x\u20AC";
    EXPECT_EQ(words.view().size(), 120U);
    Words other{"x"};
    for (int i = 0; i < 60; ++i)
        other << "\u20AC";
    EXPECT_EQ(other.view().size(), 118U);
    EXPECT_TRUE(other.view().ends_with("\u20AC"));
    EXPECT_EQ((Words{} << std::uint64_t{UINT64_MAX}).view(), "18446744073709551615");
}

}  // namespace
}  // namespace stile
