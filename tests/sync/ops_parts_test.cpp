// SPDX-License-Identifier: Apache-2.0
// Intake, progress and imports over a real store in memory.
#include "tests/sync/ops_parts.hpp"

#include <chrono>

#include "sync/collector/intake.hpp"
#include "sync/collector/progress.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;
using ops::GateBook;
using ops::ticket;
using enum PassageResult;

class Incoming : public Parts {
protected:
    static std::string payload(std::uint64_t seq, const char* more = "") {
        return R"({"v":1,"gate":"north-1","epoch":"0000000000000007","seq":)" +
               std::to_string(seq) +
               R"(,"time":"2026-05-01T18:00:00.000Z","clock":"synced","kind":"start")" + more + "}";
    }
    std::vector<std::uint64_t> stored_;
    int differing_ = 0;
};

TEST_F(Incoming, EntriesAreStoredOnce) {
    Intake intake{*store_,
                  {.on_stored = [&](const GateEntry& e) { stored_.push_back(e.name.seq); },
                   .on_found = [](const GateEntry&) { ADD_FAILURE() << "it only came again"; },
                   .on_differing = [&](const GateEntry&) { ++differing_; }}};
    for (const std::uint64_t seq : {1U, 2U, 1U, 3U})
        ASSERT_TRUE(intake.take("north-1", payload(seq)));
    ASSERT_TRUE(intake.take("north-1", payload(2, R"(,"unresolved":1)")));
    EXPECT_TRUE(stored_.empty());
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(stored_, (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(differing_, 1);
    EXPECT_EQ(intake.waiting(), 0U);
    EXPECT_EQ(store_->coverage().watermarks().at(0).seq, 3U);
}

TEST_F(Incoming, WhatIsNoEntryIsNotKept) {
    Intake intake{*store_,
                  {[](const GateEntry&) {}, [](const GateEntry&) {}, [](const GateEntry&) {}}};
    EXPECT_FALSE(intake.take("north-1", "{}"));
    EXPECT_FALSE(intake.take("south-1", payload(1))) << "it names another gate";
    EXPECT_EQ(intake.waiting(), 0U);
}

// Everything but put() is the real store's.
class FailingStore final : public EntryStore {
public:
    explicit FailingStore(EntryStore& real) : real_{real} {}
    bool works = false;
    bool loses_answers = false;  // while it does not work

    Result<std::vector<Fate>> put(std::span<const GateEntry> batch) override {
        if (!works && loses_answers) (void)real_.put(batch);
        if (!works) return fail(Errc::Full, "the disk is full");
        return real_.put(batch);
    }
    const Coverage& coverage() const override { return real_.coverage(); }
    Result<std::vector<StoredEntry>> scan(std::uint64_t after, std::size_t limit) override {
        return real_.scan(after, limit);
    }
    Result<std::vector<GateEntry>> in_order(const EntryFilter& filter, const EntryName& after,
                                            std::size_t limit) override {
        return real_.in_order(filter, after, limit);
    }
    Result<std::vector<StoredEntry>> by_ticket(const TicketPrefix& prefix,
                                               std::size_t limit) override {
        return real_.by_ticket(prefix, limit);
    }
    Result<std::vector<StoredEntry>> recent(std::string_view gate, std::size_t limit) override {
        return real_.recent(gate, limit);
    }
    Result<void> put_sold(std::span<const SoldTicket> tickets) override {
        return real_.put_sold(tickets);
    }
    Result<std::vector<SoldTicket>> sold(const std::optional<crypto::TicketId>& after,
                                         std::size_t limit) override {
        return real_.sold(after, limit);
    }
    Result<std::optional<SoldTicket>> find_sold(const crypto::TicketId& id) override {
        return real_.find_sold(id);
    }
    Result<void> begin_revoked() override { return real_.begin_revoked(); }
    Result<void> put_revoked(std::span<const crypto::TicketId> tickets) override {
        return real_.put_revoked(tickets);
    }
    Result<void> use_revoked() override { return real_.use_revoked(); }
    Result<bool> is_revoked(const crypto::TicketId& id) override { return real_.is_revoked(id); }
    Result<std::uint64_t> import_count() override { return real_.import_count(); }
    Result<void> keep(const Note& note) override { return real_.keep(note); }
    Result<std::vector<Note>> notes(std::string_view prefix) override {
        return real_.notes(prefix);
    }
    Result<bool> is_collecting() override { return real_.is_collecting(); }

private:
    EntryStore& real_;
};

TEST_F(Incoming, EntriesWaitForAStoreThatFailsAndAreBounded) {
    FailingStore store{*store_};
    Intake intake{store,
                  {[](const GateEntry&) {}, [](const GateEntry&) {}, [](const GateEntry&) {}}};
    for (std::uint64_t seq = 1; seq <= Intake::kMostWaiting + 7; ++seq)
        ASSERT_TRUE(intake.take("north-1", payload(seq)));
    EXPECT_FALSE(intake.store());
    EXPECT_EQ(intake.waiting(), Intake::kMostWaiting);
    EXPECT_EQ(intake.counters().dropped, 7U);
    EXPECT_TRUE(store_->coverage().watermarks().empty());
    store.works = true;
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(store_->coverage().watermarks().at(0).seq, Intake::kMostWaiting);
}

TEST_F(Incoming, LongEntriesAreBoundedByTheirBytes) {
    FailingStore store{*store_};
    Intake intake{store, {[](const GateEntry&) {}, [](const GateEntry&) {}, {}}};
    const std::string more = R"(,"more":")" + std::string(60'000, 'x') + '"';
    for (std::uint64_t seq = 1; seq <= 600; ++seq)
        ASSERT_TRUE(intake.take("north-1", payload(seq, more.c_str())));
    EXPECT_GT(intake.waiting(), 500U);
    EXPECT_GT(intake.counters().dropped, 50U);
    store.works = true;
    ASSERT_TRUE(intake.store());
    ASSERT_TRUE(intake.take("north-1", payload(601)));
    EXPECT_EQ(intake.waiting(), 1U) << "there is room again";
}

TEST_F(Incoming, EntriesWhoseWriteLostItsAnswerAreToldToo) {
    FailingStore store{*store_};
    store.loses_answers = true;
    std::vector<std::uint64_t> found;
    Intake intake{store,
                  {.on_stored = [&](const GateEntry& e) { stored_.push_back(e.name.seq); },
                   .on_found = [&](const GateEntry& e) { found.push_back(e.name.seq); },
                   .on_differing = [](const GateEntry&) { ADD_FAILURE(); }}};
    ASSERT_TRUE(intake.take("north-1", payload(1)));
    ASSERT_TRUE(intake.take("north-1", payload(2)));
    EXPECT_FALSE(intake.store());
    store.works = true;
    ASSERT_TRUE(intake.take("north-1", payload(3)));
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(found, (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(stored_, (std::vector<std::uint64_t>{3}));
    ASSERT_TRUE(intake.take("north-1", payload(1)));
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(found.size(), 2U) << "that came again later";
}

class ThePresentLedger : public Parts {
protected:
    std::vector<GateProgress> gates(std::chrono::seconds later = 0s) {
        now_ += later;
        return progress_.gates(store_->coverage(), now_);
    }
    std::vector<ReplayRequest> requests(std::chrono::seconds later) {
        now_ += later;
        return progress_.requests(store_->coverage(), now_);
    }
    Progress progress_;
    Progress::Time now_{1h};
};

TEST_F(ThePresentLedger, IsTheOneThatTheGateCounts) {
    put(GateBook{"north-1", 9}.next(EntryKind::Start, 0));
    put(north_.next(EntryKind::Start, 0));
    ASSERT_EQ(gates().size(), 1U);
    EXPECT_EQ(gates()[0].ledger.epoch, 7U) << "the newest entry in the store";
    progress_.counted("north-1", {9, 1}, now_);
    EXPECT_EQ(gates()[0].ledger.epoch, 9U);
    progress_.counted("north-1", {~std::uint64_t{0}, 1}, now_);  // forged, or of a wrong clock
    EXPECT_EQ(gates()[0].ledger.epoch, ~std::uint64_t{0});
    progress_.counted("north-1", {7, 1}, now_);
    EXPECT_EQ(gates()[0].ledger.epoch, 7U);
}

TEST_F(ThePresentLedger, IsMissingWhatTheGateCountedAndDidNotCome) {
    put(north_.next(EntryKind::Start, 0));
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates()[0].missing, 0U) << "they are on their way";
    EXPECT_EQ(gates(3s)[0].missing, 3U);
    EXPECT_EQ(gates()[0].newest, 4U);
    EXPECT_TRUE(requests(0s).empty());
    const auto asked = requests(2s);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0], (ReplayRequest{{"north-1", 7}, {2, 4}}));
}

TEST_F(ThePresentLedger, IsKnownFromTheCountAlone) {
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).seq, 0U);
    EXPECT_TRUE(requests(0s).empty());
    EXPECT_EQ(requests(2s).at(0).range, (SeqRange{1, 4}));
}

TEST_F(ThePresentLedger, IsNotInventedWithoutLimit) {
    for (std::uint64_t epoch = 100; epoch > 0; --epoch)
        progress_.counted("north-1", {epoch, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).ledger.epoch, 1U);
    (void)requests(0s);
    EXPECT_EQ(requests(2s).size(), Progress::kMostEpochs);
}

TEST_F(ThePresentLedger, OfInventedGatesLeavesRoomForThoseWithEntries) {
    const auto first = north_.next(EntryKind::Epoch, 0);
    put(first);
    progress_.take(first);
    for (std::size_t i = 0; i <= Progress::kMostGates; ++i)
        progress_.counted("g" + std::to_string(i), {1, 4}, now_);
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).size(), Progress::kMostGates + 1);
    EXPECT_EQ(gates().back().missing, 3U);
}

TEST_F(ThePresentLedger, MissesNothingThatTheGateCountsNoMore) {
    put(north_.next(EntryKind::Start, 0));
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).missing, 3U);
    progress_.counted("north-1", {7, 1}, now_);
    EXPECT_EQ(gates(3s).at(0).missing, 0U);
    EXPECT_TRUE(requests(1h).empty());
}

TEST_F(ThePresentLedger, OfAGateThatLostItsLedgerEndsTheOneBefore) {
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).missing, 4U);
    const auto first = GateBook{"north-1", 8}.next(EntryKind::Epoch, 0);
    put(first);
    progress_.take(first);
    EXPECT_TRUE(requests(0s).empty());
    EXPECT_TRUE(requests(1h).empty());
}

TEST_F(ThePresentLedger, NamesALowerEndOfTheOneBefore) {
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).missing, 4U);
    GateBook restored{"north-1", 8};
    auto epoch = restored.next(EntryKind::Epoch, 1);
    epoch.previous_epoch = 7;
    epoch.previous_seq = 2;
    put(epoch);
    progress_.take(epoch);
    (void)requests(0s);
    EXPECT_EQ(requests(2s).at(0), (ReplayRequest{{"north-1", 7}, {1, 2}}));
}

TEST_F(ThePresentLedger, NamesTheEndOfTheOneBefore) {
    put(north_.next(EntryKind::Start, 0));
    GateBook restored{"north-1", 8};
    auto epoch = restored.next(EntryKind::Epoch, 1);
    epoch.previous_epoch = 7;
    epoch.previous_seq = 3;
    put(epoch);
    progress_.take(epoch);
    EXPECT_TRUE(requests(0s).empty());
    const auto asked = requests(2s);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0], (ReplayRequest{{"north-1", 7}, {2, 3}}));
}

TEST_F(Parts, ATicketForTwoIsNoConflict) {
    enter(north_, 1, 0);
    enter(south_, 1, 9);
    ASSERT_TRUE(imports_->work());
    EXPECT_EQ(occupancy_.conflicts().size(), 1U);
    const SoldTicket pair{.ticket = ticket(1), .event = 42, .product = 17, .people = 2};
    ASSERT_TRUE(store_->put_sold({&pair, 1}));
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(occupancy_.conflicts().empty());
    while (!imports_->done())
        ASSERT_TRUE(imports_->work());
    EXPECT_EQ(imports_->sold(42), 2U);
}

TEST_F(Parts, ARevokedTicketIsFoundInside) {
    enter(north_, 1, 0);
    enter(north_, 2, 0);
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(imports_->revoked_inside().empty());
    ASSERT_TRUE(store_->begin_revoked());
    const auto id = ticket(1);
    ASSERT_TRUE(store_->put_revoked({&id, 1}));
    ASSERT_TRUE(store_->use_revoked());
    ASSERT_TRUE(imports_->work());
    EXPECT_EQ(imports_->revoked_inside(), std::set<crypto::TicketId>{id});
    const auto exit = north_.admit(1, 100, 0, Direction::Exit);
    put(exit);
    put(north_.passage(exit, Left, 101));
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(imports_->revoked_inside().empty()) << "left";
}

}  // namespace
}  // namespace stile::sync
