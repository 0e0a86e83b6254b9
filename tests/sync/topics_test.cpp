// SPDX-License-Identifier: Apache-2.0
// Topic names.
#include "sync/publish/topics.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

TEST(Topics, NamesEveryTopicOfAGate) {
    const Topics topics{"arena", "north-1"};
    EXPECT_EQ(topics.status(), "stile/v1/arena/north-1/status");
    EXPECT_EQ(topics.info(), "stile/v1/arena/north-1/info");
    EXPECT_EQ(topics.health(), "stile/v1/arena/north-1/health");
    EXPECT_EQ(topics.count(), "stile/v1/arena/north-1/count");
    EXPECT_EQ(topics.entry(), "stile/v1/arena/north-1/entry");
    EXPECT_EQ(topics.lane("a"), "stile/v1/arena/north-1/lane/a");
    EXPECT_EQ(topics.all(), "stile/v1/arena/north-1/#");
}

TEST(TopicLevel, AcceptsLowerCaseDigitsAndDashes) {
    EXPECT_TRUE(is_topic_level("lane-07"));
    EXPECT_TRUE(is_topic_level(std::string(63, 'a')));
}

TEST(TopicLevel, RefusesWhatWouldChangeTheTopic) {
    for (const std::string_view name : {"", "a/b", "+", "#", "a b", "A", "a.b", "$sys", "é", "a\n"})
        EXPECT_FALSE(is_topic_level(name)) << name;
    EXPECT_FALSE(is_topic_level(std::string_view{"a\0b", 3}));
    EXPECT_FALSE(is_topic_level(std::string(64, 'a')));
}

}  // namespace
}  // namespace stile::sync
