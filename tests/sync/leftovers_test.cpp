// SPDX-License-Identifier: Apache-2.0
// What a renamed lane left behind is deleted, and nothing else.
#include "sync/publish/leftovers.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using Topics = std::vector<std::string>;

TEST(Leftovers, AreWhatTheBrokerHasAndTheDaemonDoesNotName) {
    Leftovers leftovers;
    leftovers.begin();
    leftovers.heard("x/lane/old", "{}");
    leftovers.heard("x/lane/a", "{}");
    leftovers.said("x/lane/a", "{}");
    leftovers.said("x/lane/b", "{}");
    EXPECT_EQ(leftovers.take(), Topics{}) << "the daemon may say more";
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{"x/lane/old"});
    EXPECT_EQ(leftovers.take(), Topics{}) << "each once";
}

TEST(Leftovers, AreNotWhatTheDaemonSaidBeforeTheBrokerDid) {
    Leftovers leftovers;
    leftovers.begin();
    leftovers.said("x/alarm/a", "{}");
    leftovers.heard("x/alarm/a", "{}");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
}

TEST(Leftovers, AreWhatAnEarlierConversationNamedAndThisOneDoesNot) {
    Leftovers leftovers;
    leftovers.begin();
    leftovers.said("x/lane/a", "{}");
    leftovers.said("x/lane/b", "{}");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
    leftovers.begin();
    EXPECT_EQ(leftovers.take(), Topics{});
    leftovers.said("x/lane/b", "{}");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{"x/lane/a"});
}

TEST(Leftovers, AreFoundLateToo) {
    Leftovers leftovers;
    leftovers.begin();
    leftovers.said("x/lane/a", "{}");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
    leftovers.heard("x/lane/old", "{}");
    EXPECT_EQ(leftovers.take(), Topics{"x/lane/old"});
}

TEST(Leftovers, AreNotMessagesThatDelete) {
    Leftovers leftovers;
    leftovers.complete();
    leftovers.heard("x/lane/old", "");
    leftovers.heard("x/lane/older", "{}");
    leftovers.heard("x/lane/older", "");
    EXPECT_EQ(leftovers.take(), Topics{});
}

TEST(Leftovers, AreNotWhatTheDaemonItselfDeleted) {
    Leftovers leftovers;
    leftovers.begin();
    leftovers.said("x/alarm/a", "{}");
    leftovers.said("x/alarm/a", "");
    leftovers.heard("x/alarm/b", "{}");
    leftovers.said("x/alarm/b", "");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
    leftovers.begin();
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
}

TEST(Leftovers, AreNoMoreThanTheProgramHasRoomFor) {
    Leftovers leftovers;
    leftovers.complete();
    for (std::size_t i = 0; i < 2 * Leftovers::kMost; ++i)
        leftovers.heard("x/lane/" + std::to_string(i), "{}");
    EXPECT_EQ(leftovers.take().size(), Leftovers::kMost);
}

TEST(Leftovers, WaitUntilAConversationNamedEverything) {
    Leftovers leftovers;
    leftovers.heard("x/lane/old", "{}");
    leftovers.begin();
    leftovers.said("x/lane/old", "{}");
    leftovers.complete();
    EXPECT_EQ(leftovers.take(), Topics{});
}

}  // namespace
}  // namespace stile::sync
