// SPDX-License-Identifier: Apache-2.0
// State before entries, one window over both.
#include "sync/publish/dispatch.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

class DispatchTest : public testing::Test {
protected:
    DispatchTest() {
        (void)pump_.follow();
        EXPECT_TRUE(pump_.accept({1, 1}, {"e1", "e2", "e3", "e4", "e5"}));
    }
    void keep(std::string topic, std::string payload) {
        dispatch_.keep({.topic = std::move(topic), .payload = std::move(payload)});
    }
    // All payloads that may go out now, and their tokens.
    std::string drain() {
        std::string out;
        while (const auto message = dispatch_.next()) {
            out += message->payload + " ";
            tokens_.push_back(message->token);
        }
        return out;
    }
    OutboxPump pump_{"mqtt", 16};
    Replays replays_;
    Dispatch dispatch_{pump_, replays_, "entry"};
    std::vector<Token> tokens_;
};

TEST_F(DispatchTest, SendsNothingWithoutAConnection) {
    keep("status", "online");
    EXPECT_EQ(drain(), "");
    dispatch_.open(4);
    dispatch_.close();
    EXPECT_EQ(drain(), "");
}

TEST_F(DispatchTest, KeepsToTheWindow) {
    dispatch_.open(2);
    EXPECT_EQ(drain(), "e1 e2 ");
    EXPECT_EQ(dispatch_.in_flight(), 2U);
    dispatch_.delivered(tokens_[0]);
    EXPECT_EQ(drain(), "e3 ");
}

TEST_F(DispatchTest, PutsStateFirstAndInsideTheSameWindow) {
    keep("status", "online");
    keep("info", "i");
    dispatch_.open(3);
    EXPECT_EQ(drain(), "online i e1 ");
}

TEST_F(DispatchTest, PublishesTheNewestStateOnly) {
    keep("count", "1");
    keep("count", "2");
    dispatch_.open(1);
    EXPECT_EQ(drain(), "2 ");
}

TEST_F(DispatchTest, PublishesStateAgainOnANewConnection) {
    keep("status", "online");
    dispatch_.open(2);
    EXPECT_EQ(drain(), "online e1 ");
    dispatch_.open(2);
    EXPECT_EQ(drain(), "online e1 ");
}

TEST_F(DispatchTest, DoesNotRepeatStateThatHasNotChanged) {
    keep("status", "online");
    dispatch_.open(9);
    EXPECT_EQ(drain(), "online e1 e2 e3 e4 e5 ");
    for (const Token token : tokens_)
        dispatch_.delivered(token);
    EXPECT_EQ(drain(), "");
    EXPECT_EQ(pump_.held(), 0U);
}

TEST_F(DispatchTest, CountsMessagesOfAnEndedConversationUntilTheyAreAcknowledged) {
    dispatch_.open(2);
    (void)drain();
    (void)pump_.follow();  // the daemon came back: its entries come again
    EXPECT_TRUE(pump_.accept({1, 1}, {"e1", "e2"}));
    EXPECT_EQ(drain(), "") << "the broker still has two unacknowledged";
    dispatch_.delivered(tokens_[0]);
    EXPECT_EQ(drain(), "e1 ");
}

TEST_F(DispatchTest, IgnoresTokensOfAnEarlierConnection) {
    dispatch_.open(1);
    (void)drain();
    dispatch_.open(1);
    dispatch_.delivered(tokens_[0]);
    EXPECT_EQ(pump_.held(), 5U);
    EXPECT_EQ(drain(), "e1 ");
}

TEST_F(DispatchTest, ReservesAPlaceForAFarewell) {
    dispatch_.open(1);
    (void)drain();
    const Token farewell = dispatch_.reserve();
    EXPECT_TRUE(dispatch_.waits_for(farewell));
    dispatch_.delivered(farewell);
    EXPECT_FALSE(dispatch_.waits_for(farewell));
}

}  // namespace
}  // namespace stile::sync
