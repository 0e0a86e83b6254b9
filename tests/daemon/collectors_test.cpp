// SPDX-License-Identifier: Apache-2.0
// What collectors say that they have stored: believed, stepped back, or not of this ledger.
#include "daemon/control/collectors.hpp"

#include "tests/daemon/ledger_fixture.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using Answer = Collectors::Answer;

class CollectorsTest : public LedgerFixture {
protected:
    Collectors collectors(const std::vector<std::string>& names) {
        return {ledger_, names, [this](const std::string& consumer, const Watermark& mark) {
                    kept_.emplace_back(consumer, mark);
                    auto batch = ledger_.begin();
                    EXPECT_TRUE(batch->set_cursor(consumer, mark));
                    EXPECT_TRUE(std::move(*batch).commit());
                }};
    }
    void append(int count) {
        auto batch = ledger_.begin();
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(batch->append(refused(Reason::Invalid), clock_.now()));
        ASSERT_TRUE(std::move(*batch).commit());
    }
    [[nodiscard]] Watermark at(std::uint64_t seq) const { return {ledger_.head().epoch, seq}; }

    Ledger ledger_ = open();
    std::vector<std::pair<std::string, Watermark>> kept_;
};

TEST_F(CollectorsTest, CountWhatNotAllOfThemHaveStored) {
    append(20);
    const std::uint64_t end = ledger_.head().seq;
    Collectors two = collectors({"main", "spare"});
    EXPECT_EQ(two.depth(), end) << "nothing is known of them";
    EXPECT_EQ(two.take("main", at(end)), Answer::Taken);
    EXPECT_EQ(two.depth(), end) << "the other has said nothing";
    EXPECT_EQ(two.take("spare", at(5)), Answer::Taken);
    EXPECT_EQ(two.depth(), end - 5);
}

TEST_F(CollectorsTest, AreRememberedByTheLedger) {
    append(20);
    {
        Collectors one = collectors({"main"});
        EXPECT_EQ(one.take("main", at(7)), Answer::Taken);
    }
    EXPECT_EQ(collectors({"main"}).depth(), ledger_.head().seq - 7);
    EXPECT_EQ(collectors({"other"}).depth(), ledger_.head().seq);
}

TEST_F(CollectorsTest, MayStepBack) {
    append(20);
    Collectors one = collectors({"main"});
    EXPECT_EQ(one.take("main", at(9)), Answer::Taken);
    EXPECT_EQ(one.take("main", at(4)), Answer::Taken);
    EXPECT_EQ(one.depth(), ledger_.head().seq - 4);
}

TEST_F(CollectorsTest, KeepTheSameWatermarkOnce) {
    append(20);
    Collectors one = collectors({"main"});
    (void)one.take("main", at(9));
    (void)one.take("main", at(9));
    EXPECT_EQ(kept_, (std::vector{std::pair{std::string{"mqtt/main"}, at(9)}}));
}

TEST_F(CollectorsTest, AreNotBelievedBeyondTheEnd) {
    append(20);
    Collectors one = collectors({"main"});
    (void)one.take("main", at(9));
    EXPECT_EQ(one.take("main", at(ledger_.head().seq + 1)), Answer::Ahead);
    EXPECT_NE(one.trouble().find("main"), std::string::npos);
    EXPECT_EQ(one.take("main", at(~std::uint64_t{0})), Answer::StillAhead) << "said once";
    EXPECT_EQ(one.depth(), ledger_.head().seq - 9);
    EXPECT_EQ(one.take("main", at(10)), Answer::Taken);
    EXPECT_EQ(one.trouble(), "");
}

TEST_F(CollectorsTest, AreNotBelievedInAnEpochThatIsNotThere) {
    Collectors one = collectors({"main"});
    const std::uint64_t epoch = ledger_.head().epoch;
    for (const std::uint64_t unknown : {std::uint64_t{0}, epoch - 1, epoch + 1, ~std::uint64_t{0}})
        EXPECT_NE(one.take("main", {unknown, 0}), Answer::Taken) << unknown;
    EXPECT_TRUE(kept_.empty());
}

TEST_F(CollectorsTest, MayBeInAnEarlierEpochAsFarAsThatWent) {
    append(20);
    const Watermark end = at(ledger_.head().seq);
    ASSERT_TRUE(ledger_.begin_epoch(EpochCause::Restored, clock_.now()));
    Collectors one = collectors({"main"});
    EXPECT_EQ(one.take("main", {end.epoch, end.seq + 1}), Answer::Ahead);
    EXPECT_EQ(one.take("main", {end.epoch, end.seq - 1}), Answer::Taken);
    EXPECT_EQ(one.depth(), 2U);
}

TEST_F(CollectorsTest, ThatTheSiteDoesNotNameCountForNothing) {
    Collectors none = collectors({});
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.take("main", at(1)), Answer::Stranger);
    EXPECT_EQ(none.depth(), 0U);
}

// The real daemon, played to by a stile-sync.
class StiledOutbox : public testing::Test {
protected:
    StiledOutbox() {
        site_.write_config("[mqtt]\ncollectors = [\"main\"]\n");
        stiled_ = site_.start();
    }

    // Follows; where its entries begin.
    std::optional<protocol::Position> follow(PlayedPeer& sync, std::uint16_t credit = 100) {
        if (!sync.send(protocol::Follow{"mqtt", credit})) return std::nullopt;
        return sync.next<protocol::Position>();
    }
    // The next report of that alarm.
    std::string alarm(PlayedPeer& sync, const std::string& state) {
        while (const auto report = sync.next<protocol::Report>()) {
            if (report->name == "watermark-ahead" && report->body.find(state) != std::string::npos)
                return report->body;
        }
        return "";
    }
    void show(int count) {
        PlayedPeer reader = site_.reader(*stiled_);
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(reader.show("rubbish " + std::to_string(i))) << site_.log();
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(StiledOutbox, SaysWhereTheEntriesOfAFollowerBegin) {
    PlayedPeer sync = site_.sync(*stiled_);
    EXPECT_EQ(follow(sync)->seq, 0U);
    const auto entries = sync.next<protocol::Entries>();
    ASSERT_TRUE(sync.send(protocol::Acknowledge{"mqtt", entries->epoch, 2, 1}));
    show(1);  // whose commit makes the cursor durable
    PlayedPeer again = site_.sync(*stiled_);
    EXPECT_EQ(follow(again)->seq, 2U);
}

TEST_F(StiledOutbox, SendsEntriesAgainWhenTheyAreFetched) {
    PlayedPeer sync = site_.sync(*stiled_);
    (void)follow(sync);
    const auto epoch = sync.next<protocol::Entries>()->epoch;
    show(40);
    ASSERT_TRUE(sync.send(protocol::Fetch{7, epoch, 2, 20}));
    const auto first = sync.next<protocol::Fetched>();
    EXPECT_EQ(first->request, 7U);
    EXPECT_EQ(first->first, 3U);
    EXPECT_EQ(first->part, protocol::Part::More);
    EXPECT_EQ(first->entries.size(), 16U);
    const auto second = sync.next<protocol::Fetched>();
    EXPECT_EQ(second->first, 19U);
    EXPECT_EQ(second->part, protocol::Part::Last);
    EXPECT_EQ(second->entries.size(), 4U);
}

TEST_F(StiledOutbox, AnswersAFetchOfWhatIsNotThereWithNothing) {
    PlayedPeer sync = site_.sync(*stiled_);
    (void)follow(sync);
    const auto epoch = sync.next<protocol::Entries>()->epoch;
    const std::uint64_t last = ~std::uint64_t{0};
    for (const auto& [from, after, most] :
         {std::tuple{epoch, last, 64}, std::tuple{epoch + 1, std::uint64_t{0}, 64},
          std::tuple{last, last, 255}, std::tuple{epoch, std::uint64_t{0}, 0}}) {
        ASSERT_TRUE(sync.send(protocol::Fetch{1, from, after, static_cast<std::uint8_t>(most)}));
        const auto answer = sync.next<protocol::Fetched>();
        ASSERT_TRUE(answer);
        EXPECT_TRUE(answer->entries.empty());
        EXPECT_EQ(answer->part, protocol::Part::Last);
    }
}

TEST_F(StiledOutbox, RaisesAnAlarmForAWatermarkOfANumberThatItNeverGaveAndBeginsAnEpoch) {
    PlayedPeer sync = site_.sync(*stiled_);
    (void)follow(sync);
    const auto old = sync.next<protocol::Entries>()->epoch;
    ASSERT_TRUE(sync.send(protocol::Stored{"main", old, 4711}));
    const auto begun = sync.next<protocol::Entries>();
    ASSERT_TRUE(begun) << site_.log();
    EXPECT_GT(begun->epoch, old);
    EXPECT_EQ(begun->first, 1U);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 100}));
    EXPECT_NE(alarm(sync, "raised").find("4711"), std::string::npos);
    ASSERT_TRUE(sync.send(protocol::Stored{"main", begun->epoch, 1}));
    EXPECT_NE(alarm(sync, "cleared"), "");
    EXPECT_NE(site_.log().find("rolled back"), std::string::npos);
}

TEST_F(StiledOutbox, LetsNoStrangerRaiseAnything) {
    PlayedPeer sync = site_.sync(*stiled_);
    (void)follow(sync);
    const auto epoch = sync.next<protocol::Entries>()->epoch;
    ASSERT_TRUE(sync.send(protocol::Stored{"stranger", epoch, 4711}));
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 100}));
    EXPECT_EQ(sync.next<protocol::Entries>()->epoch, epoch);
}

}  // namespace
}  // namespace stile::test
