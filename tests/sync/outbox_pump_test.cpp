// SPDX-License-Identifier: Apache-2.0
// The pump in order, out of order, and with everything lost at random.
#include "sync/publish/outbox_pump.hpp"

#include <random>

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

constexpr std::uint64_t kEpoch = 5;

std::vector<std::string> payloads(std::uint64_t first, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(std::to_string(first + i));
    return out;
}

class Pump : public testing::Test {
protected:
    Pump() { (void)pump_.follow(); }
    void accept(std::uint64_t first, std::size_t count) {
        ASSERT_TRUE(pump_.accept({kEpoch, first}, payloads(first, count)));
    }
    std::string next(Token token) {
        const std::string* payload = pump_.next(token);
        return payload == nullptr ? "nothing" : *payload;
    }
    // "seq+credit", or "nothing"
    std::string acknowledged() {
        const auto acknowledge = pump_.take_acknowledge();
        if (!acknowledge) return "nothing";
        return std::to_string(acknowledge->seq) + "+" + std::to_string(acknowledge->credit);
    }
    OutboxPump pump_{"mqtt", 8};
};

TEST_F(Pump, AsksForAsManyEntriesAsItHolds) {
    EXPECT_EQ(pump_.follow().consumer, "mqtt");
    EXPECT_EQ(pump_.follow().credit, 8);
}

TEST_F(Pump, SendsInOrder) {
    accept(1, 3);
    EXPECT_EQ(next(1), "1");
    EXPECT_EQ(next(2), "2");
    EXPECT_EQ(next(3), "3");
    EXPECT_EQ(next(4), "nothing");
}

TEST_F(Pump, MovesTheCursorOnAcknowledgementOnly) {
    accept(1, 2);
    (void)next(1);
    EXPECT_EQ(acknowledged(), "nothing");
    pump_.delivered(1);
    EXPECT_EQ(acknowledged(), "1+1");
    EXPECT_EQ(acknowledged(), "nothing");
}

TEST_F(Pump, WaitsForTheFirstWhenALaterOneIsAcknowledged) {
    accept(1, 3);
    for (const Token token : {1U, 2U, 3U})
        (void)next(token);
    pump_.delivered(2);
    pump_.delivered(3);
    EXPECT_EQ(acknowledged(), "nothing");
    pump_.delivered(1);
    EXPECT_EQ(acknowledged(), "3+3");
    EXPECT_EQ(pump_.held(), 0U);
}

TEST_F(Pump, IgnoresAnAcknowledgementThatComesTwice) {
    accept(1, 2);
    (void)next(1);
    (void)next(2);
    pump_.delivered(1);
    pump_.delivered(1);
    EXPECT_EQ(acknowledged(), "1+1");
}

TEST_F(Pump, IgnoresAnUnknownAcknowledgement) {
    accept(1, 1);
    pump_.delivered(77);
    pump_.delivered(0);
    EXPECT_EQ(acknowledged(), "nothing");
    EXPECT_EQ(pump_.held(), 1U);
}

TEST_F(Pump, SendsAgainWhatWasNotAcknowledged) {
    accept(1, 3);
    for (const Token token : {1U, 2U, 3U})
        (void)next(token);
    pump_.delivered(2);
    pump_.rewind();
    EXPECT_EQ(next(4), "1");
    EXPECT_EQ(next(5), "3");
    pump_.delivered(4);
    EXPECT_EQ(acknowledged(), "2+2");
    pump_.delivered(5);
    EXPECT_EQ(acknowledged(), "3+1");
}

TEST_F(Pump, IgnoresTheAcknowledgementOfAnEarlierConnection) {
    accept(1, 1);
    (void)next(1);
    pump_.rewind();
    pump_.delivered(1);
    EXPECT_EQ(acknowledged(), "nothing");
    EXPECT_EQ(next(2), "1");
}

TEST_F(Pump, ForgetsEverythingInANewConversation) {
    accept(1, 3);
    (void)next(1);
    pump_.delivered(1);
    (void)pump_.follow();
    EXPECT_EQ(pump_.held(), 0U);
    EXPECT_EQ(acknowledged(), "nothing");
    accept(1, 8);
    EXPECT_EQ(next(9), "1");
}

TEST_F(Pump, RefusesMoreThanTheCredit) {
    accept(1, 8);
    const auto taken = pump_.accept({kEpoch, 9}, payloads(9, 1));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::Invalid);
    EXPECT_EQ(pump_.held(), 8U);
}

TEST_F(Pump, GrantsCreditAgainForWhatWasAcknowledged) {
    accept(1, 8);
    (void)next(1);
    pump_.delivered(1);
    EXPECT_FALSE(pump_.accept({kEpoch, 9}, payloads(9, 1))) << "not granted before it was told";
    EXPECT_EQ(acknowledged(), "1+1");
    EXPECT_TRUE(pump_.accept({kEpoch, 9}, payloads(9, 1)));
    EXPECT_FALSE(pump_.accept({kEpoch, 10}, payloads(10, 1)));
}

TEST_F(Pump, RefusesAGap) {
    accept(1, 2);
    EXPECT_FALSE(pump_.accept({kEpoch, 4}, payloads(4, 1)));
    EXPECT_FALSE(pump_.accept({kEpoch, 2}, payloads(2, 1)));
    EXPECT_TRUE(pump_.accept({kEpoch, 3}, payloads(3, 1)));
}

TEST_F(Pump, GoesOnWithANewEpoch) {
    accept(41, 2);
    ASSERT_TRUE(pump_.accept({kEpoch + 1, 1}, payloads(1, 2)));
    for (const Token token : {1U, 2U, 3U})
        (void)next(token);
    for (const Token token : {1U, 2U, 3U})
        pump_.delivered(token);
    const auto acknowledge = pump_.take_acknowledge();
    ASSERT_TRUE(acknowledge);
    EXPECT_EQ(acknowledge->epoch, kEpoch + 1);
    EXPECT_EQ(acknowledge->seq, 1U);
    EXPECT_EQ(acknowledge->credit, 3);
}

TEST_F(Pump, KnowsHowFarEverythingIsPublished) {
    EXPECT_FALSE(pump_.published());
    pump_.begin_after({kEpoch, 4});
    EXPECT_EQ(pump_.published(), (EntryKey{kEpoch, 4}));
    accept(5, 2);
    (void)next(1);
    (void)next(2);
    pump_.delivered(2);
    EXPECT_EQ(pump_.published(), (EntryKey{kEpoch, 4})) << "the first is missing";
    pump_.delivered(1);
    EXPECT_EQ(pump_.published(), (EntryKey{kEpoch, 6}));
    (void)pump_.follow();
    EXPECT_FALSE(pump_.published());
}

TEST_F(Pump, RefusesEntriesThatDoNotFollowTheDaemonsPosition) {
    pump_.begin_after({kEpoch, 4});
    EXPECT_FALSE(pump_.accept({kEpoch, 6}, payloads(6, 1)));
    EXPECT_TRUE(pump_.accept({kEpoch, 5}, payloads(5, 1)));
}

TEST_F(Pump, TakesAPositionOnlyAtTheBeginning) {
    accept(1, 1);
    pump_.begin_after({kEpoch, 99});
    EXPECT_FALSE(pump_.published());
    EXPECT_TRUE(pump_.accept({kEpoch, 2}, payloads(2, 1)));
}

// A daemon with a cursor, a broker that keeps what it acknowledged, and everything between them
// lost at random: each entry arrives, and never one before its predecessor.
class LossyWorld {
public:
    explicit LossyWorld(unsigned seed) : random_{seed} { follow(); }

    void step() {
        switch (random_() % 8) {
            case 0:
                return maybe_break();
            case 1:
            case 2:
                return feed();
            case 3:
            case 4:
                return publish();
            case 5:
            case 6:
                return acknowledge_one();
            default:
                return tell_daemon();
        }
    }
    [[nodiscard]] bool finished() const { return cursor_ == kLast; }
    [[nodiscard]] std::size_t duplicates() const { return received_.size() - kLast; }

    void check_received() const {
        std::uint64_t highest = 0;
        for (const std::uint64_t seq : received_) {
            ASSERT_LE(seq, highest + 1) << "an entry overtook its predecessor";
            highest = std::max(highest, seq);
        }
        EXPECT_EQ(highest, kLast);
    }

private:
    static constexpr std::uint64_t kLast = 500;

    void follow() {
        credit_ = pump_.follow().credit;
        sent_ = cursor_;
    }
    void maybe_break() {
        const auto dice = random_() % 12;
        if (dice == 0) follow();
        if (dice == 1) {  // the connection: what is under way is lost, or only its acknowledgement
            in_flight_.clear();
            pump_.rewind();
        }
    }
    void feed() {
        const auto count = std::min<std::uint64_t>({credit_, kLast - sent_, 1 + random_() % 5});
        if (count == 0) return;
        ASSERT_TRUE(pump_.accept({kEpoch, sent_ + 1}, payloads(sent_ + 1, count)));
        sent_ += count;
        credit_ = static_cast<std::uint16_t>(credit_ - count);
        ASSERT_LE(pump_.held(), 8U);
    }
    void publish() {
        const std::string* payload = pump_.next(++token_);
        if (payload == nullptr) return;
        received_.push_back(std::stoull(*payload));
        in_flight_.push_back(token_);
    }
    void acknowledge_one() {
        if (in_flight_.empty()) return;
        const auto at = in_flight_.begin() + static_cast<long>(random_() % in_flight_.size());
        pump_.delivered(*at);
        if (random_() % 4 != 0) in_flight_.erase(at);  // else it comes twice
    }
    void tell_daemon() {
        const auto acknowledge = pump_.take_acknowledge();
        if (!acknowledge) return;
        ASSERT_GT(acknowledge->seq, cursor_);
        cursor_ = acknowledge->seq;
        credit_ = static_cast<std::uint16_t>(credit_ + acknowledge->credit);
    }

    std::mt19937 random_;
    OutboxPump pump_{"mqtt", 8};
    std::uint64_t cursor_ = 0;
    std::uint64_t sent_ = 0;
    std::uint16_t credit_ = 0;
    Token token_ = 0;
    std::vector<Token> in_flight_;
    std::vector<std::uint64_t> received_;
};

TEST(PumpProperty, LosesNothingAndKeepsTheOrderWhateverBreaks) {
    std::size_t duplicates = 0;
    for (unsigned seed = 1; seed <= 50; ++seed) {
        LossyWorld world{seed};
        for (int step = 0; step < 200'000 && !world.finished(); ++step)
            world.step();
        ASSERT_TRUE(world.finished()) << "seed " << seed;
        world.check_received();
        duplicates += world.duplicates();
    }
    EXPECT_GT(duplicates, 0U) << "nothing broke: the test proves nothing";
}

}  // namespace
}  // namespace stile::sync
