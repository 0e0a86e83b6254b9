// SPDX-License-Identifier: Apache-2.0
// What every store of the collector promises.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sync/collector_store_bench.hpp"

namespace stile::sync {
namespace {

using namespace testbed;  // NOLINT(google-build-using-namespace): everything here is of it
using Seqs = std::vector<std::uint64_t>;

class CollectorStore : public testing::TestWithParam<StoreType> {
protected:
    void SetUp() override {
        if (const std::string why = GetParam().missing(); !why.empty()) GTEST_SKIP() << why;
        place_ = GetParam().make();
        open_again();
    }
    void open_again() {
        store_.reset();
        auto opened = place_->open(StoreUse::Collect);
        ASSERT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
    }
    std::vector<Fate> put(const std::vector<GateEntry>& batch) {
        auto fates = store_->put(batch);
        EXPECT_TRUE(fates) << fates.error().context;
        return fates.value_or(std::vector<Fate>{});
    }
    Fate put_one(const GateEntry& entry) { return put({entry}).at(0); }
    Watermark mark(std::size_t index = 0) { return store_->coverage().watermarks().at(index); }

    static Seqs seqs(const Result<std::vector<StoredEntry>>& rows) {
        Seqs out;
        EXPECT_TRUE(rows) << rows.error().context;
        for (const StoredEntry& row : rows.value_or(std::vector<StoredEntry>{}))
            out.push_back(row.entry.name.seq);
        return out;
    }
    static Seqs seqs(const Result<std::vector<GateEntry>>& rows) {
        Seqs out;
        EXPECT_TRUE(rows) << rows.error().context;
        for (const GateEntry& row : rows.value_or(std::vector<GateEntry>{}))
            out.push_back(row.name.seq);
        return out;
    }

    std::unique_ptr<StorePlace> place_;
    std::unique_ptr<EntryStore> store_;
};

TEST_P(CollectorStore, BeginsEmpty) {
    EXPECT_TRUE(store_->coverage().watermarks().empty());
    EXPECT_TRUE(seqs(store_->scan(0, 10)).empty());
    EXPECT_EQ(store_->import_count().value(), 0U);
}

TEST_P(CollectorStore, TakesAnEmptyBatch) {
    EXPECT_TRUE(put({}).empty());
}

TEST_P(CollectorStore, GivesBackWhatWasPut) {
    const GateEntry whole =
        entry(1, {.more = R"(,"lane":"a","verdict":"admit","flags":["test"],"x":"\u0000é")" +
                          ticket_field(1)});
    EXPECT_EQ(put_one(whole), Fate::Stored);
    const auto rows = store_->scan(0, 10);
    ASSERT_EQ(seqs(rows), Seqs{1});
    EXPECT_EQ(rows->front().entry, whole);
}

TEST_P(CollectorStore, KeepsItWhenItIsOpenedAgain) {
    put(entries(1, 3));
    const Watermark before = mark();
    open_again();
    EXPECT_EQ(mark(), before);
    EXPECT_EQ(seqs(store_->scan(0, 10)), (Seqs{1, 2, 3}));
}

TEST_P(CollectorStore, KnowsASecondCopy) {
    put(entries(1, 2));
    EXPECT_EQ(put(entries(1, 3)), (std::vector{Fate::Known, Fate::Known, Fate::Stored}));
    EXPECT_EQ(seqs(store_->scan(0, 10)), (Seqs{1, 2, 3}));
}

TEST_P(CollectorStore, KnowsASecondCopyInOneBatch) {
    EXPECT_EQ(put({entry(1), entry(1)}), (std::vector{Fate::Stored, Fate::Known}));
}

TEST_P(CollectorStore, KeepsTheFirstOfTwoThatDiffer) {
    put({entry(1)});
    EXPECT_EQ(put_one(entry(1, {.more = R"(,"lane":"b")"})), Fate::Differs);
    EXPECT_EQ(store_->scan(0, 1)->front().entry.lane, "");
}

TEST_P(CollectorStore, KeepsTheFirstOfTwoThatDifferInOneBatch) {
    EXPECT_EQ(put({entry(1), entry(1, {.more = R"(,"lane":"b")"})}),
              (std::vector{Fate::Stored, Fate::Differs}));
}

TEST_P(CollectorStore, TellsEpochsAndGatesApart) {
    EXPECT_EQ(put_one(entry(1)), Fate::Stored);
    EXPECT_EQ(put_one(entry(1, {.epoch = 8})), Fate::Stored);
    EXPECT_EQ(put_one(entry(1, {.gate = "south"})), Fate::Stored);
    EXPECT_EQ(store_->coverage().watermarks().size(), 3U);
}

TEST_P(CollectorStore, StandsBeforeAGap) {
    put(entries(1, 3));
    put(entries(6, 7));
    EXPECT_EQ(mark().seq, 3U);
    EXPECT_EQ(mark().newest, 7U);
    EXPECT_EQ(mark().missing, 2U);
    EXPECT_EQ(store_->coverage().gaps(mark().ledger), (std::vector<SeqRange>{{4, 5}}));
}

TEST_P(CollectorStore, CoversNothingWithoutTheFirstEntry) {
    put(entries(2, 9));
    EXPECT_EQ(mark().seq, 0U);
    EXPECT_EQ(store_->coverage().gaps(mark().ledger), (std::vector<SeqRange>{{1, 1}}));
}

TEST_P(CollectorStore, ClosesAGapThatIsFilledFromBehind) {
    put(entries(1, 1));
    for (const std::uint64_t seq : {5U, 4U, 3U, 2U})
        put({entry(seq)});
    EXPECT_EQ(mark().seq, 5U);
    EXPECT_EQ(mark().missing, 0U);
}

TEST_P(CollectorStore, FindsItsGapsAgainWhenItIsOpened) {
    put({entry(1), entry(2), entry(5), entry(9)});
    open_again();
    EXPECT_EQ(mark().seq, 2U);
    EXPECT_EQ(store_->coverage().gaps(mark().ledger), (std::vector<SeqRange>{{3, 4}, {6, 8}}));
    EXPECT_EQ(store_->coverage().gaps(mark().ledger, 1), (std::vector<SeqRange>{{3, 4}}));
}

TEST_P(CollectorStore, KnowsTheTimeOfTheNewestEntry) {
    put({entry(2, {.second = 20})});
    put({entry(1, {.second = 10})});
    EXPECT_EQ(mark().last, at(20));
    open_again();
    EXPECT_EQ(mark().last, at(20));
}

TEST_P(CollectorStore, TakesTheGreatestEpochThatThereIs) {
    const std::uint64_t last = ~std::uint64_t{0};
    put({entry(1, {.epoch = last})});
    open_again();
    EXPECT_EQ(mark().ledger.epoch, last);
}

TEST_P(CollectorStore, ScansInTheOrderOfArrival) {
    put({entry(3), entry(1)});
    put({entry(2)});
    const auto rows = store_->scan(0, 2);
    EXPECT_EQ(seqs(rows), (Seqs{3, 1}));
    EXPECT_EQ(seqs(store_->scan(rows->back().position, 2)), Seqs{2});
}

TEST_P(CollectorStore, TellsAllInTheOrderOfGateEpochAndNumber) {
    put({entry(1, {.gate = "west"}), entry(2, {.epoch = 9}), entry(1, {.epoch = 9}), entry(5)});
    const auto all = store_->in_order({}, {}, 10);
    EXPECT_EQ(seqs(all), (Seqs{5, 1, 2, 1}));
    EXPECT_EQ(seqs(store_->in_order({}, (*all)[1].name, 10)), (Seqs{2, 1}));
    EXPECT_EQ(seqs(store_->in_order({}, (*all)[0].name, 2)), (Seqs{1, 2}));
    EXPECT_TRUE(seqs(store_->in_order({}, all->back().name, 2)).empty());
}

TEST_P(CollectorStore, TellsOfOneGateOnly) {
    put({entry(1), entry(4, {.gate = "west"})});
    EXPECT_EQ(seqs(store_->in_order({.gate = "west"}, {}, 10)), Seqs{4});
    EXPECT_TRUE(seqs(store_->in_order({.gate = "east"}, {}, 10)).empty());
}

TEST_P(CollectorStore, TellsOfASpanOfTimeOnly) {
    for (int i = 1; i <= 4; ++i)
        put({entry(static_cast<std::uint64_t>(i), {.second = i})});
    EXPECT_EQ(seqs(store_->in_order({.since = at(2), .until = at(4)}, {}, 10)), (Seqs{2, 3}));
}

TEST_P(CollectorStore, FindsATicketByTheBeginningOfItsId) {
    put({entry(1, {.more = ticket_field(0x11)}), entry(2, {.more = ticket_field(0x12)}), entry(3)});
    EXPECT_EQ(seqs(store_->by_ticket(*TicketPrefix::parse("11abababab"), 10)), Seqs{1});
    EXPECT_EQ(seqs(store_->by_ticket(TicketPrefix::of(ticket(0x12)), 10)), Seqs{2});
    EXPECT_TRUE(seqs(store_->by_ticket(*TicketPrefix::parse("11abababac"), 10)).empty());
}

TEST_P(CollectorStore, FindsTheAnnulmentOfATicketThatItDoesNotName) {
    put({entry(1, {.more = ticket_field(0x11)}),
         entry(2, {.kind = "annulled", .more = R"(,"admission":1)"}),
         entry(3, {.epoch = 8, .kind = "annulled", .more = R"(,"admission":1)"}),
         entry(4, {.kind = "annulled", .more = R"(,"admission":3)"})});
    EXPECT_EQ(seqs(store_->by_ticket(TicketPrefix::of(ticket(0x11)), 10)), (Seqs{1, 2}));
}

TEST_P(CollectorStore, TellsTheNewestOfAGateFirst) {
    put({entry(8), entry(9)});
    put({entry(1, {.epoch = 8}), entry(2, {.epoch = 8}), entry(7, {.gate = "west"})});
    EXPECT_EQ(seqs(store_->recent("north-1", 3)), (Seqs{2, 1, 9}));
    EXPECT_TRUE(seqs(store_->recent("east", 3)).empty());
}

TEST_P(CollectorStore, KeepsWhatWasSold) {
    const SoldTicket first{ticket(1), 2026, 17, "web", 2};
    const SoldTicket second{ticket(2), 2026, 18, "", 1};
    ASSERT_TRUE(store_->put_sold(std::vector{second, first}));
    EXPECT_EQ(store_->sold({}, 10).value(), (std::vector{first, second}));
    EXPECT_EQ(store_->sold(ticket(1), 10).value(), std::vector{second});
    EXPECT_EQ(store_->find_sold(ticket(1)).value(), first);
    EXPECT_EQ(store_->find_sold(ticket(3)).value(), std::nullopt);
}

TEST_P(CollectorStore, CorrectsWhatWasSold) {
    ASSERT_TRUE(store_->put_sold(std::vector{SoldTicket{ticket(1), 2026, 17, "web", 2}}));
    const SoldTicket later{ticket(1), 2026, 17, "box-office", 1};
    ASSERT_TRUE(store_->put_sold(std::vector{later}));
    EXPECT_EQ(store_->sold({}, 10).value(), std::vector{later});
}

TEST_P(CollectorStore, UsesAListOfRevokedTicketsOnlyWhenItIsWhole) {
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(1), ticket(2), ticket(1)}));
    EXPECT_FALSE(store_->is_revoked(ticket(1)).value());
    ASSERT_TRUE(store_->use_revoked());
    EXPECT_TRUE(store_->is_revoked(ticket(1)).value());
    EXPECT_FALSE(store_->is_revoked(ticket(3)).value());
}

TEST_P(CollectorStore, ForgetsTheListOfBefore) {
    for (const std::uint8_t head : {std::uint8_t{1}, std::uint8_t{2}}) {
        ASSERT_TRUE(store_->begin_revoked());
        ASSERT_TRUE(store_->put_revoked(std::vector{ticket(head)}));
        ASSERT_TRUE(store_->use_revoked());
    }
    EXPECT_FALSE(store_->is_revoked(ticket(1)).value());
    EXPECT_TRUE(store_->is_revoked(ticket(2)).value());
}

TEST_P(CollectorStore, ForgetsAListThatWasLeftUnfinished) {
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(1)}));
    open_again();
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(2)}));
    ASSERT_TRUE(store_->use_revoked());
    EXPECT_FALSE(store_->is_revoked(ticket(1)).value());
}

TEST_P(CollectorStore, RefusesASecondImportAtTheSameTime) {
    ASSERT_TRUE(store_->begin_revoked());
    auto second = place_->open(StoreUse::Look);
    ASSERT_TRUE(second) << second.error().context;
    const auto refused = (*second)->begin_revoked();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "another import is running");
    ASSERT_TRUE(store_->use_revoked());
    EXPECT_TRUE((*second)->begin_revoked());
}

TEST_P(CollectorStore, CountsImports) {
    ASSERT_TRUE(store_->put_sold(std::vector{SoldTicket{}}));
    EXPECT_EQ(store_->import_count().value(), 1U);
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(1)}));
    EXPECT_EQ(store_->import_count().value(), 1U);
    ASSERT_TRUE(store_->use_revoked());
    EXPECT_EQ(store_->import_count().value(), 2U);
}

TEST_P(CollectorStore, KeepsNotes) {
    for (const Note& note : {Note{"alarm/b", "two"}, Note{"alarm/a", "one"}, Note{"alarm_a", "-"}})
        ASSERT_TRUE(store_->keep(note));
    ASSERT_TRUE(store_->keep({"alarm/b", "three"}));
    open_again();
    EXPECT_EQ(store_->notes("alarm/").value(),
              (std::vector<Note>{{"alarm/a", "one"}, {"alarm/b", "three"}}));
    EXPECT_EQ(store_->notes("").value().size(), 3U);
}

TEST_P(CollectorStore, TakesANoteAway) {
    ASSERT_TRUE(store_->keep({"a", "one"}));
    ASSERT_TRUE(store_->keep({"a", ""}));
    EXPECT_TRUE(store_->notes("").value().empty());
}

TEST_P(CollectorStore, RefusesASecondCollector) {
    const auto second = place_->open(StoreUse::Collect);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Denied);
    EXPECT_NE(second.error().context.find("another collector works on"), std::string::npos)
        << second.error().context;
}

TEST_P(CollectorStore, LetsCommandsLookBesideTheCollector) {
    put(entries(1, 2));
    auto look = place_->open(StoreUse::Look);
    ASSERT_TRUE(look) << look.error().context;
    EXPECT_EQ((*look)->coverage().watermarks(), store_->coverage().watermarks());
    EXPECT_TRUE((*look)->is_collecting().value());
    EXPECT_TRUE(store_->is_collecting().value());
    EXPECT_EQ(put_one(entry(3)), Fate::Stored);
    EXPECT_EQ(seqs((*look)->scan(0, 9)), (Seqs{1, 2, 3}));
}

TEST_P(CollectorStore, SaysWhenNoCollectorRuns) {
    store_.reset();
    auto look = place_->open(StoreUse::Look);
    ASSERT_TRUE(look) << look.error().context;
    EXPECT_FALSE((*look)->is_collecting().value());
}

TEST_P(CollectorStore, IsNotMadeByACommand) {
    const auto look = GetParam().make()->open(StoreUse::Look);
    ASSERT_FALSE(look);
    EXPECT_EQ(look.error().code, Errc::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Every, CollectorStore, testing::ValuesIn(store_types()),
                         [](const auto& type) { return type.param.name; });

}  // namespace
}  // namespace stile::sync
