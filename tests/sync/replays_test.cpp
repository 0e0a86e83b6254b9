// SPDX-License-Identifier: Apache-2.0
// Ranges of entries, fetched a piece at a time, in turns, within a bound.
#include "sync/publish/replays.hpp"

#include <gtest/gtest.h>

#include "sync/publish/dispatch.hpp"

namespace stile::sync {
namespace {

constexpr std::uint64_t kEpoch = 5;

EntryRange range(std::uint64_t from, std::uint64_t to) {
    return {{kEpoch, from - 1}, {kEpoch, to}, to - from + 1};
}

class ReplaysTest : public testing::Test {
protected:
    // Answers what is asked for out of a log that ends at `last`; false: nothing is asked.
    bool fetch(std::uint64_t last = 1'000'000) {
        const auto asked = replays_.take_fetch();
        if (!asked) return false;
        const auto count =
            std::min<std::uint64_t>(asked->most, last - std::min(last, asked->after));
        std::vector<std::string> payloads;
        for (std::uint64_t i = 1; i <= count; ++i)
            payloads.push_back(std::to_string(asked->after + i));
        replays_.accept({.request = asked->request, .epoch = kEpoch, .first = asked->after + 1},
                        std::move(payloads));
        return true;
    }
    // What would be published: "4 5 6 ", without end when more than `most`.
    std::string all(std::size_t most = 1000, std::uint64_t last = 1'000'000) {
        std::string out;
        for (std::size_t count = 0; count < most; ++count) {
            if (!replays_.waiting() && !fetch(last)) break;
            if (replays_.waiting()) out += replays_.next() + " ";
        }
        return out;
    }
    Replays replays_;
};

TEST_F(ReplaysTest, HandOutTheRangeThatWasAskedFor) {
    EXPECT_EQ(all(), "");
    ASSERT_TRUE(replays_.add(range(4, 6)));
    EXPECT_EQ(all(), "4 5 6 ");
    EXPECT_EQ(replays_.sent(), 3U);
    EXPECT_FALSE(replays_.take_fetch());
}

TEST_F(ReplaysTest, FetchLongRangesPieceByPiece) {
    ASSERT_TRUE(replays_.add(range(1, 1000)));
    const auto first = replays_.take_fetch();
    EXPECT_EQ(first->most, protocol::kMaxEntriesInFetch);
    EXPECT_FALSE(replays_.take_fetch()) << "one at a time";
}

TEST_F(ReplaysTest, HoldNoMoreThanTwoPieces) {
    ASSERT_TRUE(replays_.add(range(1, 1000)));
    EXPECT_TRUE(fetch());
    EXPECT_TRUE(fetch());
    EXPECT_FALSE(fetch());
    (void)replays_.next();
    EXPECT_FALSE(fetch()) << "a whole piece would not fit";
}

TEST_F(ReplaysTest, EndWhereTheLogEnds) {
    ASSERT_TRUE(replays_.add(range(8, 100)));
    EXPECT_EQ(all(1000, 10), "8 9 10 ");
    ASSERT_TRUE(replays_.add(range(80, 100)));
    EXPECT_EQ(all(1000, 10), "");
}

TEST_F(ReplaysTest, EndWithTheEpoch) {
    ASSERT_TRUE(replays_.add(range(8, 100)));
    const auto asked = replays_.take_fetch();
    replays_.accept({.request = asked->request, .epoch = kEpoch + 1, .first = 1}, {"other"});
    EXPECT_EQ(all(), "");
}

TEST_F(ReplaysTest, GoOnIntoTheNextEpochForACollector) {
    replays_.add("main", {{kEpoch, 8}, {kEpoch + 1, 2}, 100});
    auto asked = replays_.take_fetch();
    replays_.accept({.request = asked->request, .epoch = kEpoch, .first = 9}, {"old 9"});
    asked = replays_.take_fetch();
    EXPECT_EQ(asked->after, 9U);
    replays_.accept({.request = asked->request, .epoch = kEpoch + 1, .first = 1}, {"1", "2", "3"});
    EXPECT_FALSE(replays_.take_fetch());
    EXPECT_EQ(all(), "old 9 1 2 ");
}

TEST_F(ReplaysTest, TakeTurns) {
    ASSERT_TRUE(replays_.add(range(1, 128)));
    ASSERT_TRUE(replays_.add(range(501, 502)));
    EXPECT_TRUE(fetch());
    EXPECT_TRUE(fetch());
    for (int i = 0; i < 64; ++i)
        (void)replays_.next();
    EXPECT_EQ(replays_.next(), "501");
}

TEST_F(ReplaysTest, RefuseMoreThanAFewRequests) {
    for (std::uint64_t i = 1; i <= Replays::kMostWaiting; ++i)
        EXPECT_TRUE(replays_.add(range(i, i + 9)));
    EXPECT_FALSE(replays_.add(range(100, 109)));
    EXPECT_TRUE(replays_.add(range(1, 10))) << "it waits already";
    replays_.add("main", range(7, 8));
    EXPECT_TRUE(replays_.serves("main")) << "collectors have places of their own";
}

TEST_F(ReplaysTest, ServeACollectorOnceAtATime) {
    replays_.add("main", range(1, 2));
    replays_.add("main", range(1, 2));
    EXPECT_EQ(all(), "1 2 ");
    EXPECT_FALSE(replays_.serves("main"));
}

TEST_F(ReplaysTest, IgnoreAnAnswerThatNobodyWaitsFor) {
    replays_.accept({.request = 1, .epoch = kEpoch, .first = 1}, {"1"});
    EXPECT_FALSE(replays_.waiting());
    ASSERT_TRUE(replays_.add(range(1, 2)));
    const auto asked = replays_.take_fetch();
    replays_.accept({.request = asked->request + 1, .epoch = kEpoch, .first = 1}, {"1"});
    EXPECT_FALSE(replays_.waiting());
}

TEST_F(ReplaysTest, IgnoreMoreThanTheyHaveRoomFor) {
    ASSERT_TRUE(replays_.add(range(1, 1000)));
    const auto asked = replays_.take_fetch();
    replays_.accept({.request = asked->request, .epoch = kEpoch, .first = 1},
                    std::vector<std::string>(Replays::kMostHeld + 1, "x"));
    EXPECT_FALSE(replays_.waiting());
}

TEST_F(ReplaysTest, ForgetEverythingWhenToldTo) {
    ASSERT_TRUE(replays_.add(range(1, 200)));
    EXPECT_TRUE(fetch());
    const auto asked = replays_.take_fetch();
    replays_.clear();
    EXPECT_FALSE(replays_.waiting());
    replays_.accept({.request = asked->request, .epoch = kEpoch, .first = 65}, {"65"});
    EXPECT_FALSE(replays_.waiting());
    EXPECT_FALSE(replays_.take_fetch());
}

// Beside new entries, in one window.
class Share : public ReplaysTest {
protected:
    Share() { (void)pump_.follow(); }
    void entries(std::uint64_t first, std::size_t count) {
        std::vector<std::string> payloads;
        for (std::size_t i = 0; i < count; ++i)
            payloads.push_back("n" + std::to_string(first + i));
        ASSERT_TRUE(pump_.accept({kEpoch, first}, std::move(payloads)));
    }
    std::string drain() {
        std::string out;
        while (const auto message = dispatch_.next()) {
            out += message->payload + " ";
            tokens_.push_back(message->token);
        }
        return out;
    }
    OutboxPump pump_{"mqtt", 64};
    Dispatch dispatch_{pump_, replays_, "entry"};
    std::vector<Token> tokens_;
};

TEST_F(Share, OfReplaysIsOneInFourWhileNewEntriesWait) {
    ASSERT_TRUE(replays_.add(range(1, 50)));
    EXPECT_TRUE(fetch());
    entries(101, 9);
    dispatch_.open(12);
    EXPECT_EQ(drain(), "n101 n102 n103 1 n104 n105 n106 2 n107 n108 n109 3 ");
}

TEST_F(Share, LeavesHalfOfTheWindowForNewEntries) {
    ASSERT_TRUE(replays_.add(range(1, 50)));
    EXPECT_TRUE(fetch());
    dispatch_.open(8);
    EXPECT_EQ(drain(), "1 2 3 4 ");
    entries(101, 9);
    EXPECT_EQ(drain(), "n101 n102 n103 n104 ");
}

TEST_F(Share, LetsBothGoOnInTheSmallestWindow) {
    ASSERT_TRUE(replays_.add(range(1, 50)));
    EXPECT_TRUE(fetch());
    entries(101, 6);
    dispatch_.open(1);
    std::string out;
    for (int i = 0; i < 8; ++i) {
        out += drain();
        dispatch_.delivered(tokens_.back());
    }
    EXPECT_EQ(out, "n101 n102 n103 1 n104 n105 n106 2 ");
}

TEST_F(Share, PutsStateBeforeAllOfThem) {
    ASSERT_TRUE(replays_.add(range(1, 50)));
    EXPECT_TRUE(fetch());
    entries(101, 60);
    dispatch_.open(4);
    (void)drain();
    dispatch_.keep({.topic = "count", .payload = "count"});
    EXPECT_EQ(drain(), "");
    dispatch_.delivered(tokens_.front());
    EXPECT_EQ(drain(), "count ");
}

TEST_F(Share, MovesNoCursorByAReplay) {
    ASSERT_TRUE(replays_.add(range(1, 2)));
    EXPECT_TRUE(fetch());
    entries(101, 1);
    dispatch_.open(4);
    EXPECT_EQ(drain(), "n101 1 2 ");
    dispatch_.delivered(tokens_[1]);
    dispatch_.delivered(tokens_[2]);
    EXPECT_FALSE(pump_.take_acknowledge());
    dispatch_.delivered(tokens_[0]);
    EXPECT_EQ(pump_.take_acknowledge()->seq, 101U);
    EXPECT_EQ(dispatch_.in_flight(), 0U);
}

}  // namespace
}  // namespace stile::sync
