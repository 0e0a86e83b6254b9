// SPDX-License-Identifier: Apache-2.0
// No number names two entries, whatever happened to the disk.
#include <filesystem>
#include <map>

#include "tests/daemon/ledger_fixture.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;

class LedgerEpochs : public LedgerFixture {
protected:
    void begin(Ledger& ledger, EpochCause cause = EpochCause::WatermarkAhead) {
        ASSERT_TRUE(ledger.begin_epoch(cause, clock_.now()));
    }
    void refuse(Ledger& ledger, int times = 1) {
        auto batch = ledger.begin();
        for (int i = 0; i < times; ++i)
            ASSERT_TRUE(batch->append(refused(Reason::Used), clock_.now()));
        ASSERT_TRUE(std::move(*batch).commit());
    }
};

TEST_F(LedgerEpochs, NameTheEndOfTheOneBefore) {
    Ledger ledger = open();
    refuse(ledger, 3);
    const LedgerHead before = ledger.head();
    begin(ledger);
    EXPECT_GT(ledger.head().epoch, before.epoch);
    EXPECT_EQ(ledger.head().seq, 1U);
    const auto started = std::get<EpochStarted>(entry_at(ledger, 1).body);
    EXPECT_EQ(started.cause, EpochCause::WatermarkAhead);
    EXPECT_EQ(started.previous_epoch, before.epoch);
    EXPECT_EQ(started.previous_seq, before.seq);
    EXPECT_EQ(started.previous_head, before.chain);
    EXPECT_EQ(ledger.head().totals, Totals{});
    EXPECT_TRUE(ledger.verify());
}

TEST_F(LedgerEpochs, GrowEvenWhenTheClockGoesBack) {
    Ledger ledger = open();
    const std::uint64_t first = ledger.head().epoch;
    clock_.set(kLedgerNoon - 24h * 365);
    begin(ledger);
    EXPECT_GT(ledger.head().epoch, first);
    EXPECT_TRUE(ledger.verify());
}

TEST_F(LedgerEpochs, AreFoundAgainAfterARestart) {
    std::uint64_t epoch = 0;
    {
        Ledger ledger = open();
        begin(ledger);
        refuse(ledger);
        epoch = ledger.head().epoch;
    }
    const Ledger again = open();
    EXPECT_EQ(again.head().epoch, epoch);
    EXPECT_EQ(again.head().seq, 3U);
    ASSERT_EQ(again.epochs()->size(), 2U);
    EXPECT_EQ(again.epochs()->front().seq, 2U);
    EXPECT_EQ(again.epochs()->back().seq, 3U);
}

TEST_F(LedgerEpochs, AreReadOneAfterTheOther) {
    Ledger ledger = open();
    const std::uint64_t first = ledger.head().epoch;
    begin(ledger);
    const auto old = ledger.entries_after({}, 100);
    EXPECT_EQ(old->first, (Watermark{first, 1}));
    EXPECT_EQ(old->entries.size(), 2U);
    const auto young = ledger.entries_after({first, 2}, 100);
    EXPECT_EQ(young->first, (Watermark{ledger.head().epoch, 1}));
    EXPECT_TRUE(ledger.entries_after(young->first, 100)->entries.empty());
    EXPECT_EQ(*ledger.count_after({}), 3U);
    EXPECT_EQ(*ledger.count_after({first, 1}), 2U);
    EXPECT_EQ(*ledger.count_after(young->first), 0U);
}

TEST_F(LedgerEpochs, GoOnForAConsumerThatHasSeenMoreOfTheOldOneThanThereIs) {
    Ledger ledger = open();
    const std::uint64_t first = ledger.head().epoch;
    begin(ledger);
    EXPECT_EQ(ledger.entries_after({first, 99}, 100)->first, (Watermark{ledger.head().epoch, 1}));
    EXPECT_EQ(*ledger.count_after({first, 99}), 1U);
}

TEST_F(LedgerEpochs, BeginWhenSomebodyHasSeenWhatIsNotThere) {
    Ledger ledger = open();
    const LedgerHead head = ledger.head();
    EXPECT_FALSE(ledger.is_ahead({head.epoch, head.seq}));
    EXPECT_TRUE(ledger.is_ahead({head.epoch, head.seq + 1}));
    EXPECT_TRUE(ledger.is_ahead({head.epoch + 1, 1}));
    EXPECT_FALSE(ledger.is_ahead({head.epoch - 1, 99}));
}

TEST_F(LedgerEpochs, DoNotBeginForAWatermarkOfTheFarFuture) {
    const Ledger ledger = open();
    EXPECT_FALSE(ledger.is_ahead({~std::uint64_t{0}, 1}));
}

TEST_F(LedgerEpochs, BeginForAWatermarkOnlyOnceARun) {
    Ledger ledger = open();
    begin(ledger);
    EXPECT_FALSE(ledger.is_ahead({ledger.head().epoch, 99}));
}

TEST_F(LedgerEpochs, NeverNameTwoEntriesWhenTheDiskIsRolledBack) {
    std::map<std::pair<std::uint64_t, std::uint64_t>, Buffer> seen;
    const auto note = [&seen](const Ledger& ledger) {
        for (Watermark mark; const auto run = ledger.entries_after(mark, 50);) {
            if (run->entries.empty()) return;
            for (std::size_t i = 0; i < run->entries.size(); ++i) {
                const auto [at, fresh] =
                    seen.emplace(std::pair{run->first.epoch, run->first.seq + i}, run->entries[i]);
                ASSERT_EQ(at->second, run->entries[i]);
            }
            mark = {run->first.epoch, run->first.seq + run->entries.size() - 1};
        }
    };
    const auto image = temp_.path() / "image";
    {
        (void)open();
    }
    std::filesystem::copy(folder(), image, std::filesystem::copy_options::recursive);
    Watermark acknowledged;
    {
        Ledger ledger = open();
        refuse(ledger, 5);
        note(ledger);
        acknowledged = {ledger.head().epoch, ledger.head().seq};
    }
    std::filesystem::remove_all(folder());
    std::filesystem::rename(image, folder());
    clock_.advance(1h);
    Ledger ledger = open();
    ASSERT_TRUE(ledger.is_ahead(acknowledged));
    begin(ledger);
    const std::uint64_t epoch = ledger.head().epoch;
    refuse(ledger, 10);
    const auto run = ledger.entries_after({acknowledged.epoch, acknowledged.seq}, 50);
    EXPECT_EQ(run->first, (Watermark{epoch, 1}));
    EXPECT_EQ(run->entries.size(), 11U);
}

TEST_F(LedgerEpochs, CallAnAdmissionOfAnEarlierOneByItsTicket) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    begin(ledger);
    resolve(ledger, open, PassageResult::Entered);
    EXPECT_EQ(std::get<Passage>(last_entry(ledger).body).admission, 0U);
    EXPECT_EQ(visits(ledger, 1).size(), 1U);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::Done);
    const auto annulled = std::get<Annulled>(last_entry(ledger).body);
    EXPECT_EQ(annulled.admission, 0U);
    EXPECT_EQ(annulled.ticket, admitted().ticket);
}

}  // namespace
}  // namespace stile::test
