// SPDX-License-Identifier: Apache-2.0
// Forecasts come and go with their events.
#include <algorithm>

#include <gtest/gtest.h>

#include "sync/collector/picture.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using ops::at;

constexpr const char* kTopic = "stile/v1/arena/_ops/forecast/42";

class AForecast : public testing::Test {
protected:
    AForecast() {
        config_.events = {{.number = 42,
                           .name = "Summer",
                           .starts = std::chrono::floor<std::chrono::seconds>(at(2 * 3600)),
                           .sold = 100}};
        board_.open(100);
    }
    // What is said of the topic at a time: nothing, "" (it is deleted), or the message.
    std::optional<std::string> said(int seconds, const std::string& topic = kTopic) {
        picture_.publish(board_, topics_, [](std::uint64_t) { return 0; }, at(seconds));
        return published(topic);
    }
    std::optional<std::string> published(const std::string& topic) {
        std::optional<std::string> out;
        while (const auto message = board_.next()) {
            if (message->topic == topic) out = message->payload;
            board_.delivered(message->token);
        }
        return out;
    }
    void let_in(int people) {
        ops::GateBook gate{"north-1"};
        for (int i = 0; i < people; ++i) {
            const auto admission = gate.admit(static_cast<std::uint8_t>(i), 60 * i);
            picture_.take(admission);
            picture_.take(gate.passage(admission, PassageResult::Entered, 60 * i + 1));
        }
    }
    CollectorConfig config_;
    Picture picture_{config_};
    Board board_;
    OpsTopics topics_{"arena", "main"};
};

TEST_F(AForecast, IsDeletedWhenTheEveningIsOver) {
    let_in(30);
    const auto during = said(1800);
    ASSERT_TRUE(during);
    EXPECT_NE(during->find(R"("event":42)"), std::string::npos);
    EXPECT_EQ(said(7 * 3600), "");
    EXPECT_EQ(said(8 * 3600), std::nullopt) << "once is enough";
}

TEST_F(AForecast, ThatAnEarlierRunLeftIsDeleted) {
    EXPECT_EQ(said(7 * 3600), "");
}

TEST_F(AForecast, OfAnEventThatIsNoMoreIsDeleted) {
    picture_.remembered("7", board_, topics_);
    EXPECT_EQ(published("stile/v1/arena/_ops/forecast/7"), "");
    picture_.remembered("42", board_, topics_);
    EXPECT_EQ(published(kTopic), std::nullopt);
}

}  // namespace
}  // namespace stile::sync
