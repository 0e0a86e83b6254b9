// SPDX-License-Identifier: Apache-2.0
// Gaps, alarms and the board: what the collector watches by the clock.
#include <gtest/gtest.h>

#include "sync/collector/acknowledgements.hpp"
#include "sync/collector/board.hpp"
#include "sync/collector/gaps.hpp"
#include "sync/collector/venue_alarms.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;

class AGap : public testing::Test {
protected:
    std::optional<SeqRange> watch(std::vector<SeqRange> missing, std::chrono::milliseconds later) {
        now_ += later;
        const auto request = gaps_.watch(ledger_, missing, now_);
        return request ? std::optional{request->range} : std::nullopt;
    }
    Gaps gaps_;
    LedgerName ledger_{"north-1", 7};
    Gaps::Time now_{1h};
};

TEST_F(AGap, ThatClosesSoonIsNotAskedFor) {
    EXPECT_FALSE(watch({{5, 9}}, 0s));
    EXPECT_FALSE(watch({}, 1s));
    EXPECT_FALSE(watch({{12, 12}}, 5s)) << "another one";
}

TEST_F(AGap, IsAskedForAgainWithGrowingDelay) {
    EXPECT_FALSE(watch({{5, 9}}, 0s));
    EXPECT_EQ(watch({{5, 9}}, 2s), (SeqRange{5, 9}));
    EXPECT_FALSE(watch({{5, 9}}, 1900ms));
    EXPECT_TRUE(watch({{5, 9}}, 100ms));
    EXPECT_FALSE(watch({{5, 9}}, 3900ms));
    EXPECT_TRUE(watch({{5, 9}}, 100ms));
    for (int i = 0; i < 20; ++i)
        (void)watch({{5, 9}}, 300s);
    EXPECT_TRUE(watch({{5, 9}}, 300s)) << "every five minutes at the least";
}

TEST_F(AGap, IsAskedForInPieces) {
    EXPECT_FALSE(watch({{1, 25'000}}, 0s));
    EXPECT_EQ(watch({{1, 25'000}}, 2s), (SeqRange{1, 10'000}));
    EXPECT_FALSE(watch({{10'001, 25'000}}, 10s)) << "something came: wait for more";
    EXPECT_EQ(watch({{10'001, 25'000}}, 2s), (SeqRange{10'001, 20'000}));
}

TEST_F(AGap, IsAskedForTogetherWithItsNeighbours) {
    EXPECT_FALSE(watch({{5, 5}, {9, 12}, {20'000, 20'001}}, 0s));
    EXPECT_EQ(watch({{5, 5}, {9, 12}, {20'000, 20'001}}, 2s), (SeqRange{5, 12}));
}

TEST_F(AGap, IsNotAskedForWhileEntriesCome) {
    EXPECT_FALSE(watch({{1, 100}}, 0s));
    for (std::uint64_t i = 2; i < 50; ++i)
        EXPECT_FALSE(watch({{i, 100}}, 1s));
    EXPECT_TRUE(gaps_.overdue(now_).empty());
}

TEST_F(AGap, IsOverdueAfterHalfAMinute) {
    EXPECT_FALSE(watch({{5, 9}}, 0s));
    EXPECT_TRUE(watch({{5, 9}}, 29s));
    EXPECT_TRUE(gaps_.overdue(now_).empty());
    ASSERT_EQ(gaps_.overdue(now_ + 1s).size(), 1U);
    EXPECT_EQ(gaps_.overdue(now_ + 1s)[0], (ReplayRequest{ledger_, {5, 9}}));
    EXPECT_FALSE(watch({}, 1s));
    EXPECT_TRUE(gaps_.overdue(now_ + 1h).empty());
}

TEST_F(AGap, IsAskedForSoonWhenTheBrokerIsBack) {
    for (int i = 0; i < 10; ++i)
        (void)watch({{5, 9}}, 600s);
    gaps_.reconnected(now_);
    EXPECT_FALSE(watch({{5, 9}}, 1s));
    EXPECT_TRUE(watch({{5, 9}}, 1s));
}

TEST_F(AGap, IsNotOverdueBecauseTheBrokerWasAway) {
    (void)watch({{5, 9}}, 0s);
    (void)watch({{5, 9}}, 2s);
    now_ += 60s;
    gaps_.reconnected(now_);
    EXPECT_TRUE(gaps_.overdue(now_ + 29s).empty());
    EXPECT_EQ(gaps_.overdue(now_ + 30s).size(), 1U);
}

class AnAlarm : public testing::Test {
protected:
    void update(bool trouble, std::chrono::seconds later, std::optional<WallTime> since = {}) {
        now_ += later;
        std::vector<Trouble> troubles;
        if (trouble) troubles.push_back({{.code = "full-1"}, since, hold_});
        alarms_.update(troubles, now_);
    }
    VenueAlarms alarms_;
    WallTime now_ = at(0);
    std::chrono::seconds hold_{0};
};

TEST_F(AnAlarm, IsRaisedOnceAndKeepsItsTime) {
    update(true, 0s);
    EXPECT_EQ(alarms_.take_changed().size(), 1U);
    update(true, 10s);
    EXPECT_TRUE(alarms_.take_changed().empty());
    EXPECT_EQ(alarms_.find("full-1")->since, at(0));
}

TEST_F(AnAlarm, IsClearedAndForgottenAnHourLater) {
    update(true, 0s);
    update(false, 10s);
    ASSERT_NE(alarms_.find("full-1"), nullptr);
    EXPECT_EQ(alarms_.find("full-1")->state, AlarmState::Cleared);
    EXPECT_EQ(alarms_.find("full-1")->changed, at(10));
    (void)alarms_.take_changed();
    update(false, 3599s);
    EXPECT_TRUE(alarms_.take_changed().empty());
    update(false, 1s);
    EXPECT_EQ(alarms_.find("full-1"), nullptr);
    EXPECT_EQ(alarms_.take_changed().size(), 1U);
}

TEST_F(AnAlarm, IsNotClearedBeforeItWasOverForLong) {
    hold_ = 300s;
    update(true, 0s);
    update(false, 299s);
    EXPECT_TRUE(alarms_.is_raised("full-1"));
    update(true, 0s);
    update(false, 299s);
    EXPECT_TRUE(alarms_.is_raised("full-1"));
    update(false, 1s);
    EXPECT_FALSE(alarms_.is_raised("full-1"));
}

TEST_F(AnAlarm, IsANewOneWhenItIsRaisedAgain) {
    update(true, 0s);
    update(false, 10s);
    update(true, 10s);
    EXPECT_EQ(alarms_.find("full-1")->since, at(20));
}

TEST_F(AnAlarm, HasTheTimeOfItsEntries) {
    update(true, 100s, at(40));
    EXPECT_EQ(alarms_.find("full-1")->since, at(40));
    update(true, 100s, at(150));
    EXPECT_EQ(alarms_.find("full-1")->since, at(150)) << "it happened again";
}

TEST_F(AnAlarm, KeepsTheTimeOfAnEarlierRun) {
    alarms_.adopt({.alarm = {.code = "full-1"}, .since = at(-500)}, now_);
    update(true, 0s);
    EXPECT_EQ(alarms_.find("full-1")->since, at(-500));
}

TEST_F(AnAlarm, OfAnEarlierRunIsSaidAgain) {
    alarms_.adopt({.alarm = {.code = "full-1"}, .since = at(-500)}, now_);
    update(true, 0s);
    EXPECT_EQ(alarms_.take_changed().size(), 1U) << "another broker does not know it";
}

TEST_F(AnAlarm, OfAnEarlierRunIsClearedWhenNothingIsWrong) {
    alarms_.adopt({.alarm = {.code = "full-1"}, .since = at(-500)}, now_);
    update(false, 1s);
    EXPECT_FALSE(alarms_.is_raised("full-1"));
}

TEST_F(AnAlarm, IsNotRaisedWithoutLimit) {
    std::vector<Trouble> troubles;
    for (std::size_t i = 0; i <= VenueAlarms::kMost; ++i)
        troubles.push_back({{.code = std::to_string(i)}, {}, {}});
    alarms_.update(troubles, now_);
    EXPECT_EQ(alarms_.take_changed().size(), VenueAlarms::kMost);
}

TEST_F(AnAlarm, HasRoomThoughManyWereCleared) {
    for (int round = 0; round < 3; ++round) {
        std::vector<Trouble> troubles;
        for (std::size_t i = 0; i < VenueAlarms::kMost; ++i)
            troubles.push_back({{.code = std::to_string(round) + "-" + std::to_string(i)}, {}, {}});
        alarms_.update(troubles, now_ += 1s);
        alarms_.update({}, now_ += 1s);
    }
    update(true, 1s);
    EXPECT_TRUE(alarms_.is_raised("full-1"));
    EXPECT_EQ(alarms_.find("0-0"), nullptr) << "cleared first, forgotten first";
    EXPECT_NE(alarms_.find("2-0"), nullptr);
}

TEST(AnAcknowledgement, SurvivesInTheStore) {
    const Acknowledgement mine{"north-1/lane-a-tamper", at(1), "Ada Lovelace", at(2)};
    EXPECT_EQ(acknowledgement_of(note_of(mine)), mine);
}

TEST(AnAcknowledgement, IsNotReadFromAnythingElse) {
    EXPECT_FALSE(acknowledgement_of({"else/a", "x"}));
    EXPECT_FALSE(acknowledgement_of({"acknowledged/a", ""}));
    EXPECT_FALSE(acknowledgement_of({"acknowledged/a", "2026-05-01T18:00:00Z Ada"}));
    EXPECT_FALSE(acknowledgement_of({"acknowledged/a", "yesterday today Ada"}));
}

TEST(AnAcknowledgement, IsNotOfALaterRaise) {
    Acknowledgements all;
    all.put({"_ops/full-1", at(1), "Ada", at(2)});
    EXPECT_NE(all.find("_ops/full-1", at(1)), nullptr);
    EXPECT_EQ(all.find("_ops/full-1", at(3)), nullptr);
    EXPECT_EQ(all.find("_ops/full-2", at(1)), nullptr);
}

class TheBoard : public testing::Test {
protected:
    std::vector<std::string> publish_all() {
        std::vector<std::string> out;
        while (const auto message = board_.next()) {
            out.push_back(message->topic + "=" + message->payload);
            board_.delivered(message->token);
        }
        return out;
    }
    using Said = std::vector<std::string>;
    Board board_;
};

TEST_F(TheBoard, SaysNothingWithoutAConnection) {
    board_.keep("a", "1");
    EXPECT_EQ(board_.next(), std::nullopt);
    board_.open(4);
    EXPECT_EQ(publish_all(), (Said{"a=1"}));
}

TEST_F(TheBoard, SaysTheNewestOfEachTopicAndNothingTwice) {
    board_.open(4);
    board_.keep("a", "1");
    board_.keep("b", "1");
    board_.keep("a", "2");
    EXPECT_EQ(publish_all(), (Said{"a=2", "b=1"}));
    board_.keep("a", "2");
    EXPECT_EQ(publish_all(), Said{});
}

TEST_F(TheBoard, SaysEverythingAgainOnANewConnection) {
    board_.open(4);
    board_.keep("a", "1");
    (void)publish_all();
    board_.close();
    board_.open(4);
    EXPECT_EQ(publish_all(), (Said{"a=1"}));
}

TEST_F(TheBoard, DeletesWhatIsRemoved) {
    board_.open(4);
    board_.keep("a", "1");
    (void)publish_all();
    board_.remove("a");
    EXPECT_EQ(publish_all(), (Said{"a="}));
    board_.close();
    board_.open(4);
    EXPECT_EQ(publish_all(), Said{});
}

TEST_F(TheBoard, KeepsToTheWindow) {
    board_.open(2);
    for (const char* topic : {"a", "b", "c"})
        board_.keep(topic, "1");
    const auto first = board_.next();
    EXPECT_TRUE(first && board_.next());
    EXPECT_EQ(board_.next(), std::nullopt);
    board_.delivered(first->token);
    EXPECT_TRUE(board_.next());
}

TEST_F(TheBoard, ForgetsWhatWasForTheMoment) {
    board_.once("answer", "1");
    board_.open(2);
    EXPECT_EQ(publish_all(), Said{}) << "there was no connection";
    board_.once("answer", "2");
    board_.close();
    board_.open(2);
    EXPECT_EQ(publish_all(), Said{});
    for (std::size_t i = 0; i < 2 * Board::kMostOnce; ++i)
        board_.once("answer", "3");
    EXPECT_EQ(publish_all().size(), Board::kMostOnce);
}

}  // namespace
}  // namespace stile::sync
