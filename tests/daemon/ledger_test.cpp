// SPDX-License-Identifier: Apache-2.0
// What the ledger promises: together or not at all, in order, and found again.
#include "daemon/ledger/ledger.hpp"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "daemon/ledger/layout.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;

const WallTime kNoon{std::chrono::milliseconds{1'800'000'000'000}};

crypto::Identity identity(std::uint8_t number) {
    crypto::Identity out;
    out.bytes.fill(number);
    return out;
}

Decided admission() {
    return {
        .verdict = Verdict::Admit, .reason = Reason::Valid, .ticket = {1, 2, 3}, .lane = "lane-1"};
}

Decided refusal(Reason reason) {
    return {.verdict = Verdict::Refuse, .reason = reason, .lane = "lane-1"};
}

class LedgerTest : public ::testing::Test {
protected:
    Ledger open() {
        auto ledger = try_open();
        EXPECT_TRUE(ledger) << ledger.error().context;
        return std::move(*ledger);
    }
    Result<Ledger> try_open() {
        return Ledger::open(
            {.folder = folder(), .map_bytes = 64U << 20U, .boot = 7, .software = "test"}, clock_);
    }
    std::filesystem::path folder() const { return temp_.path() / "ledger"; }

    // Admits `number`; the grant when it is durable.
    Grant admit(Ledger& ledger, std::uint8_t number) {
        auto batch = ledger.begin();
        EXPECT_TRUE(batch->admit({admission(), identity(number), *batch->state(identity(number))},
                                 clock_.now()));
        return std::move(*batch).commit()->front();
    }
    void resolve(Ledger& ledger, const OpenAdmission& open, PassageResult result) {
        auto batch = ledger.begin();
        EXPECT_TRUE(batch->resolve(open, {.result = result}, clock_.now()));
        EXPECT_TRUE(std::move(*batch).commit());
    }
    static TicketState state(const Ledger& ledger, std::uint8_t number) {
        return *ledger.state(identity(number));
    }
    static EntryFacts facts(const Ledger& ledger, std::uint8_t number) {
        std::vector<Visit> visits;
        EXPECT_TRUE(ledger.visits(identity(number), {}, visits));
        return entry_facts(state(ledger, number), visits, "lane-1");
    }

    test::TempDir temp_;
    test::FakeClock clock_{kNoon};
};

Entry entry_at(const Ledger& ledger, std::uint64_t seq) {
    return decode_entry(ledger.entries(seq, 1)->front()).value();
}

TEST_F(LedgerTest, BeginsWithItsEpochAndTheDaemonsStart) {
    const Ledger ledger = open();
    EXPECT_EQ(ledger.head().seq, 2U);
    EXPECT_TRUE(std::holds_alternative<EpochStarted>(entry_at(ledger, 1).body));
    const DaemonStarted expected{.boot = 7, .unresolved = 0, .software = "test"};
    EXPECT_EQ(std::get<DaemonStarted>(entry_at(ledger, 2).body), expected);
}

TEST_F(LedgerTest, KeepsItsEpochWhenItIsOpenedAgain) {
    const std::uint64_t epoch = open().head().epoch;
    const Ledger again = open();
    EXPECT_EQ(again.head().epoch, epoch);
    EXPECT_EQ(again.head().seq, 3U);
}

TEST_F(LedgerTest, TakesAnotherEpochWhenItIsNew) {
    const std::uint64_t epoch = open().head().epoch;
    std::filesystem::remove_all(folder());
    EXPECT_NE(open().head().epoch, epoch);
}

TEST_F(LedgerTest, ForgetsABatchThatIsNotCommitted) {
    Ledger ledger = open();
    const LedgerHead before = ledger.head();
    {
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->append(refusal(Reason::Used), clock_.now()));
    }
    EXPECT_EQ(ledger.head().seq, before.seq);
    EXPECT_EQ(ledger.head().totals, before.totals);
    EXPECT_TRUE(ledger.entries(before.seq + 1, 1)->empty());
}

TEST_F(LedgerTest, CountsAnOpenAdmissionAsAnEntry) {
    Ledger ledger = open();
    admit(ledger, 1);
    EXPECT_EQ(facts(ledger, 1).entered, 1U);
    EXPECT_EQ(ledger.head().totals.admitted, 1U);
    EXPECT_EQ(ledger.head().totals.entered, 0U);
}

TEST_F(LedgerTest, CountsAPassageOnceItIsKnown) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1).admission(), PassageResult::Entered);
    EXPECT_EQ(facts(ledger, 1).entered, 1U);
    EXPECT_EQ(state(ledger, 1).pending, 0U);
    EXPECT_EQ(ledger.head().totals.entered, 1U);
}

TEST_F(LedgerTest, MakesATicketGoodAgainWhenNobodyPassed) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1).admission(), PassageResult::Released);
    EXPECT_EQ(facts(ledger, 1).entered, 0U);
    EXPECT_EQ(ledger.head().totals.released, 1U);
}

TEST_F(LedgerTest, CountsAnAdmissionThatACrashLeftOpenAsEntered) {
    std::uint64_t seq = 0;
    {
        Ledger ledger = open();
        seq = admit(ledger, 1).admission().admission;
    }
    Ledger again = open();
    EXPECT_EQ(again.unresolved(), 1U);
    EXPECT_EQ(facts(again, 1).entered, 1U);
    const auto passage = std::get<Passage>(entry_at(again, seq + 1).body);
    EXPECT_EQ(passage.result, PassageResult::PresumedEntered);
    EXPECT_EQ(passage.admission, seq);
    EXPECT_EQ(passage.lane, "lane-1");
    EXPECT_EQ(std::get<DaemonStarted>(entry_at(again, seq + 2).body).unresolved, 1U);
}

TEST_F(LedgerTest, ResolvesACrashedAdmissionOnlyOnce) {
    {
        Ledger ledger = open();
        admit(ledger, 1);
    }
    (void)open();
    Ledger third = open();
    EXPECT_EQ(third.unresolved(), 0U);
    EXPECT_EQ(facts(third, 1).entered, 1U);
}

TEST_F(LedgerTest, SeesWhatTheSameBatchHasChanged) {
    Ledger ledger = open();
    auto batch = ledger.begin();
    ASSERT_TRUE(batch->admit({admission(), identity(1), {}}, clock_.now()));
    std::vector<Visit> visits;
    ASSERT_TRUE(batch->visits(identity(1), {}, visits));
    ASSERT_EQ(visits.size(), 1U);
    EXPECT_EQ(visits[0].standing, Visit::Standing::Open);
    EXPECT_NE(batch->state(identity(1))->pending, 0U);
}

TEST_F(LedgerTest, GivesGrantsInTheOrderOfTheAdmissions) {
    Ledger ledger = open();
    auto batch = ledger.begin();
    for (std::uint8_t i = 1; i <= 3; ++i)
        ASSERT_TRUE(batch->admit({admission(), identity(i), {}}, clock_.now()));
    const auto grants = std::move(*batch).commit();
    ASSERT_EQ(grants->size(), 3U);
    for (std::uint8_t i = 0; i < 3; ++i) {
        EXPECT_EQ((*grants)[i].admission().identity, identity(static_cast<std::uint8_t>(i + 1)));
        EXPECT_EQ((*grants)[i].admission().admission, 3U + i);
    }
}

TEST_F(LedgerTest, CountsRefusalsByReasonAcrossRestarts) {
    {
        Ledger ledger = open();
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->append(refusal(Reason::Revoked), clock_.now()));
        ASSERT_TRUE(batch->append(refusal(Reason::Revoked), clock_.now()));
        ASSERT_TRUE(std::move(*batch).commit());
    }
    const Ledger again = open();
    EXPECT_EQ(again.head().totals.refused[static_cast<std::size_t>(Reason::Revoked)], 2U);
}

TEST_F(LedgerTest, RemembersHowFarEachConsumerHasRead) {
    {
        Ledger ledger = open();
        EXPECT_EQ(ledger.cursor("mqtt")->seq, 0U);
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->set_cursor("mqtt", {ledger.head().epoch, 2}));
        ASSERT_TRUE(std::move(*batch).commit());
    }
    const Ledger again = open();
    EXPECT_EQ(again.cursor("mqtt")->seq, 2U);
    EXPECT_EQ(again.cursor("pretix")->seq, 0U);
}

TEST_F(LedgerTest, KeepsALowerBoundOfTheTimeWhenTheClockGoesBack) {
    Ledger ledger = open();
    clock_.set(kNoon - 24h * 3650);
    auto batch = ledger.begin();
    ASSERT_TRUE(batch->append(refusal(Reason::Used), clock_.now()));
    ASSERT_TRUE(std::move(*batch).commit());
    EXPECT_EQ(ledger.head().time, kNoon);
}

TEST_F(LedgerTest, TellsTheClockWhatItRememberedAtTheNextStart) {
    {
        Ledger ledger = open();
        clock_.quality = ClockQuality::Unsynced;
        clock_.advance(1h);
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->append(refusal(Reason::Used), clock_.now()));
        ASSERT_TRUE(std::move(*batch).commit());
    }
    (void)open();
    EXPECT_EQ(clock_.learned.first, kNoon);        // a known time
    EXPECT_EQ(clock_.learned.second, kNoon + 1h);  // any time
}

TEST_F(LedgerTest, HasAChainThatHolds) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1).admission(), PassageResult::Entered);
    EXPECT_TRUE(ledger.verify());
}

class DamagedLedgerTest : public LedgerTest {
protected:
    // Changes the stored record of `seq` behind the ledger's back.
    void change_record(std::uint64_t seq, const std::function<void(Buffer&)>& change) {
        auto environment =
            lmdb::Environment::open({.folder = folder(),
                                     .map_bytes = 64U << 20U,
                                     .tables = {layout::kTables.begin(), layout::kTables.end()}});
        auto writer = environment->write();
        const auto first = lmdb::Cursor::open(*writer, environment->table(layout::kLog))->first();
        const auto epoch = layout::decode_entry_key((*first)->first)->epoch;
        const auto key = layout::entry_key({epoch, seq});
        const auto stored = writer->get(environment->table(layout::kLog), key);
        Buffer record{(*stored)->begin(), (*stored)->end()};
        change(record);
        ASSERT_TRUE(record.empty() ? writer->remove(environment->table(layout::kLog), key)
                                   : writer->put(environment->table(layout::kLog), key, record));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    // Makes the state of a ticket unreadable.
    void spoil_state(std::uint8_t number) {
        auto environment =
            lmdb::Environment::open({.folder = folder(),
                                     .map_bytes = 64U << 20U,
                                     .tables = {layout::kTables.begin(), layout::kTables.end()}});
        auto writer = environment->write();
        const Buffer rubbish{1, 2, 3};
        ASSERT_TRUE(
            writer->put(environment->table(layout::kState), identity(number).bytes, rubbish));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    void make_entries() {
        Ledger ledger = open();
        resolve(ledger, admit(ledger, 1).admission(), PassageResult::Entered);
    }
};

TEST_F(DamagedLedgerTest, NamesTheFirstEntryThatWasChanged) {
    make_entries();
    change_record(3, [](Buffer& record) { record[40] ^= 1U; });
    const auto verified = open().verify();
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, Errc::Corrupt);
    EXPECT_NE(verified.error().context.find("entry 3"), std::string::npos);
}

TEST_F(DamagedLedgerTest, NoticesAnEntryThatWasTakenOut) {
    make_entries();
    change_record(2, [](Buffer& record) { record.clear(); });
    EXPECT_FALSE(open().verify());
}

TEST_F(DamagedLedgerTest, DoesNotOpenWhenItsLastEntryIsDamaged) {
    make_entries();
    change_record(4, [](Buffer& record) { record[0] = 99; });
    const auto opened = try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::Corrupt);
}

TEST_F(DamagedLedgerTest, EndsAnAdmissionWhoseStateIsDamaged) {
    {
        Ledger ledger = open();
        (void)admit(ledger, 1);
    }
    spoil_state(1);
    Ledger ledger = open();  // presumes that somebody passed
    EXPECT_EQ(ledger.unresolved(), 1U);
    EXPECT_EQ(ledger.head().totals.entered, 1U);
    EXPECT_FALSE(ledger.begin()->state(identity(1))) << "the ticket stays refused";
    resolve(ledger, admit(ledger, 2).admission(), PassageResult::Entered);
    EXPECT_EQ(ledger.head().totals.entered, 2U);
}

TEST(TicketState, IsDamagedWhenItsBytesAreTooFewOrTooMany) {
    Buffer bytes = encode_state({.last_proof = 1});
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_state(Bytes{bytes}.first(size)));
    bytes.push_back(0);
    EXPECT_FALSE(decode_state(bytes));
}

TEST(TicketState, SurvivesItsBytes) {
    const TicketState state{3, 1'760'000'000, 99, 7, 1, 2};
    EXPECT_EQ(decode_state(encode_state(state)).value(), state);
}

TEST(EntryFacts, NeverLetMorePeopleOutThanCameIn) {
    const std::vector<Visit> visits{{.direction = Direction::Exit, .people = 3},
                                    {.direction = Direction::Entry, .people = 2},
                                    {.direction = Direction::Exit, .people = 3}};
    const EntryFacts facts = entry_facts({}, visits, "lane-1");
    EXPECT_EQ(facts.entered, 2U);
    EXPECT_EQ(facts.left, 2U);
}

}  // namespace
}  // namespace stile
