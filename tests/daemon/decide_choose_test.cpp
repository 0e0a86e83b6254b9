// SPDX-License-Identifier: Apache-2.0
// Which of several positions a code stands for.
#include <deque>

#include <gtest/gtest.h>

#include "daemon/core/choose.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

// The positions that a code leads to, on lists that a test describes.
class Choose : public ::testing::Test {
protected:
    std::size_t add(std::uint64_t product, std::optional<WallTime> from = {},
                    std::optional<WallTime> until = {}) {
        KnownPosition position{.id = 100 + candidates_.size(), .product = product};
        position.valid_from = from;
        position.valid_until = until;
        candidates_.push_back({&positions_.emplace_back(position), &list_, candidates_.size()});
        return candidates_.size() - 1;
    }
    std::size_t add_on_of(std::size_t base, std::uint64_t product) {
        const std::size_t at = add(product);
        candidates_[at].base = base;
        return at;
    }
    Choice choice(FoundBy found_by = FoundBy::Medium, Direction direction = Direction::Entry) {
        return choose(candidates_, found_by, kNow, direction);
    }
    static Choice taken(std::size_t candidate) { return {std::nullopt, candidate}; }

    AccessList list_{.key = {1, 1}, .all_products = true};
    std::deque<KnownPosition> positions_;
    std::vector<Candidate> candidates_;
};

TEST_F(Choose, TakesTheOnlyPosition) {
    add(1);
    EXPECT_EQ(choice(FoundBy::Secret), taken(0));
}

TEST_F(Choose, LeavesTheTimesOfAnOnlyPositionToTheDecision) {
    add(1, kNow + 24h);
    EXPECT_EQ(choice(), taken(0));
}

TEST_F(Choose, RefusesNothingAtAllAsAnError) {
    EXPECT_EQ(choice().refusal, Reason::Error);
}

TEST_F(Choose, RefusesAPositionOfAnEventWithoutAList) {
    add(1);
    candidates_[0].list = nullptr;
    EXPECT_EQ(choice(), (Choice{Reason::Error, 0}));
}

TEST_F(Choose, FindsTwoPositionsWithOneSecretAmbiguousEvenIfOneOfThemIsOver) {
    add(1, {}, kNow - 24h);
    add(1);
    EXPECT_EQ(choice(FoundBy::Secret).refusal, Reason::Ambiguous);
}

TEST_F(Choose, IgnoresAddOnsOnAListThatDoesNotMatchThem) {
    list_.all_products = false;
    list_.products = {2};
    const std::size_t base = add(1);
    add_on_of(base, 2);
    EXPECT_EQ(choice(FoundBy::Secret), taken(base));
}

TEST_F(Choose, LetsTheOneMatchingAddOnStandForItsTicket) {
    list_ = {.key = {1, 1}, .products = {2}, .addon_match = true};
    const std::size_t base = add(1);
    const std::size_t add_on = add_on_of(base, 2);
    EXPECT_EQ(choice(FoundBy::Secret), taken(add_on));
}

TEST_F(Choose, KeepsTheTicketWhereOnlyItselfIsOnTheList) {
    list_ = {.key = {1, 1}, .products = {1}, .addon_match = true};
    const std::size_t base = add(1);
    add_on_of(base, 2);
    EXPECT_EQ(choice(FoundBy::Secret), taken(base));
}

TEST_F(Choose, RefusesTheProductWhereNeitherTicketNorAddOnMatches) {
    list_ = {.key = {1, 1}, .products = {9}, .addon_match = true};
    add_on_of(add(1), 2);
    EXPECT_EQ(choice(FoundBy::Secret), (Choice{Reason::Product, 0}));
}

TEST_F(Choose, FindsATicketAndItsAddOnAmbiguousWhereBothMatch) {
    list_.addon_match = true;
    add_on_of(add(1), 2);
    EXPECT_EQ(choice(FoundBy::Secret), (Choice{Reason::Ambiguous, 0}));
}

TEST_F(Choose, FindsTwoMatchingAddOnsAmbiguous) {
    list_ = {.key = {1, 1}, .products = {2}, .addon_match = true};
    const std::size_t base = add(1);
    add_on_of(base, 2);
    add_on_of(base, 2);
    EXPECT_EQ(choice(FoundBy::Secret), (Choice{Reason::Ambiguous, base}));
}

TEST_F(Choose, DropsAPositionOfAMediumWithoutAMatchWhenAnotherHasOne) {
    list_ = {.key = {1, 1}, .products = {2}, .addon_match = true};
    add(1);
    EXPECT_EQ(add(2), 1U);
    EXPECT_EQ(choice(), taken(1));
}

TEST_F(Choose, TakesTheOneOfAMediumThatIsValidNow) {
    add(1, {}, kNow - 1ms);
    add(1, kNow - 1ms, kNow + 1ms);
    add(1, kNow + 1ms);
    EXPECT_EQ(choice(), taken(1));
}

TEST_F(Choose, FindsTwoOfAMediumAmbiguousWhenBothAreValid) {
    add(1, kNow - 1h);
    add(1);
    EXPECT_EQ(choice().refusal, Reason::Ambiguous);
}

TEST_F(Choose, TakesNeitherEndOfATimeAsInside) {
    add(1, kNow);
    add(1, {}, kNow);
    EXPECT_EQ(choice().refusal, Reason::InvalidTime);
}

TEST_F(Choose, NamesThePositionThatWorksNext) {
    add(1, {}, kNow - 1h);
    add(1, kNow + 48h);
    add(1, kNow + 24h);
    EXPECT_EQ(choice(), (Choice{Reason::InvalidTime, 2}));
}

TEST_F(Choose, NamesThePositionThatWorkedLastWhenNoneComes) {
    add(1, {}, kNow - 48h);
    add(1, {}, kNow - 24h);
    EXPECT_EQ(choice(), (Choice{Reason::InvalidTime, 1}));
}

TEST_F(Choose, RefusesNobodyTheExitForTimes) {
    add(1, {}, kNow - 48h);
    add(1, {}, kNow - 24h);
    add(1, kNow + 24h);
    EXPECT_EQ(choice(FoundBy::Medium, Direction::Exit), taken(1));
}

}  // namespace
}  // namespace stile
