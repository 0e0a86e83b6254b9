// SPDX-License-Identifier: Apache-2.0
// The menu of a lane: nothing without a credential before it, and one order for each.
#include "daemon/lane/staff_menu.hpp"

#include <gtest/gtest.h>

namespace stile {
namespace {

using namespace std::chrono_literals;
using Choice = StaffMenu::Choice;
using Order = StaffMenu::Order;

class StaffMenuTest : public testing::Test {
protected:
    const StaffMenu::Time now_{std::chrono::hours{1}};
    StaffMenu menu_;
};

TEST_F(StaffMenuTest, TakesNoCardWithoutACredential) {
    EXPECT_EQ(menu_.card("stile:menu:admit-next", now_), std::nullopt);
}

TEST_F(StaffMenuTest, GivesTheOrderOfACardWithTheName) {
    menu_.open("staff-7", now_);
    EXPECT_EQ(menu_.card("stile:menu:admit-next:wheelchair", now_ + 1s),
              (Order{Choice::AdmitNext, "staff-7", "wheelchair"}));
}

TEST_F(StaffMenuTest, KnowsAllItsCards) {
    for (const auto& [text, choice] :
         {std::pair{"stile:menu:admit-next", Choice::AdmitNext},
          std::pair{"stile:menu:undo-last", Choice::UndoLast},
          std::pair{"stile:menu:call-supervisor", Choice::CallSupervisor}}) {
        menu_.open("staff-7", now_);
        const auto order = menu_.card(text, now_);
        ASSERT_TRUE(order) << text;
        EXPECT_EQ(order->choice, choice);
        EXPECT_FALSE(order->reason.empty());
    }
}

TEST_F(StaffMenuTest, TakesOneCardForEachCredential) {
    menu_.open("staff-7", now_);
    EXPECT_TRUE(menu_.card("stile:menu:admit-next", now_));
    EXPECT_EQ(menu_.card("stile:menu:admit-next", now_), std::nullopt);
}

TEST_F(StaffMenuTest, ClosesByItself) {
    menu_.open("staff-7", now_);
    EXPECT_EQ(menu_.state(now_ + StaffMenu::kOpenFor - 1ms), StaffMenu::State::Open);
    EXPECT_EQ(menu_.state(now_ + StaffMenu::kOpenFor), StaffMenu::State::Closed);
    EXPECT_EQ(menu_.card("stile:menu:admit-next", now_ + StaffMenu::kOpenFor), std::nullopt);
}

TEST_F(StaffMenuTest, BelongsToTheOneWhoCameLast) {
    menu_.open("staff-7", now_);
    menu_.open("staff-8", now_);
    EXPECT_EQ(menu_.card("stile:menu:undo-last", now_)->person, "staff-8");
}

TEST_F(StaffMenuTest, ClosesWhenAGuestComesBetween) {
    menu_.open("staff-7", now_);
    menu_.close();
    EXPECT_EQ(menu_.card("stile:menu:undo-last", now_), std::nullopt);
}

TEST_F(StaffMenuTest, KnowsNoOtherCards) {
    for (const std::string_view text :
         {"", "stile:menu:", "stile:menu", "stile:menu:open-all", "STILE:MENU:UNDO-LAST",
          "stile:menu:undo-last ", " stile:menu:undo-last", "stile:menu:undo-last:why",
          "stile:menu:admit-next:", "stile:menu:admit-next:Two Words",
          "stile:menu:admit-next:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "stile:menu:admit-next:a:b", "GT1:ABC"}) {
        EXPECT_FALSE(StaffMenu::is_card(text)) << text;
    }
}

}  // namespace
}  // namespace stile
