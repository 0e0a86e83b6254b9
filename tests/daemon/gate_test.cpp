// SPDX-License-Identifier: Apache-2.0
// The gate thread's work with a real ledger, real tickets and a turnstile that the test moves.
#include "daemon/lane/gate.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/gate_fixture.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;
using test::GateTest;
using test::kFields;
using test::kNoon;

TEST_F(GateTest, OpensForAGenuineTicketAfterItsEntryIsDurable) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    ASSERT_EQ(turnstiles_[0]->releases.size(), 1U);
    const auto stored = ledger_.entries(turnstiles_[0]->releases[0], 1);
    const auto decided = std::get<Decided>(decode_entry(stored->front())->body);
    EXPECT_EQ(decided.verdict, Verdict::Admit);
    EXPECT_EQ(decided.issuer, "test-issuer");
    EXPECT_EQ(decided.event, tests::kEvent);
    EXPECT_EQ(decided.reader, "cam-1");
}

TEST_F(GateTest, KeepsShutForAForgedTicketAndWritesItDown) {
    crypto::Gt1Fields fields = kFields;
    const std::string forged = crypto::gt1_text(tests::test_ticket(fields, tests::test_key(2)));
    EXPECT_EQ(reason(show(0, forged)), Reason::Invalid);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
    const auto decided = entries<Decided>();
    ASSERT_EQ(decided.size(), 1U);
    EXPECT_EQ(decided[0].fault, static_cast<std::uint8_t>(crypto::Fault::UnknownKey));
}

TEST_F(GateTest, RefusesAKilobyteOfRubbish) {
    EXPECT_EQ(reason(show(0, std::string(1024, 'X'))), Reason::Invalid);
    EXPECT_EQ(reason(show(0, std::string(4096, '\xff'))), Reason::Invalid);
    EXPECT_EQ(reason(show(0, "GT1:" + std::string(1000, ':'))), Reason::Invalid);
}

TEST_F(GateTest, RefusesTheSameTicketAtAnotherLaneAfterwards) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
}

TEST_F(GateTest, AdmitsOnceWhenTwoLanesSeeOneTicketAtTheSameMoment) {
    const std::uint64_t first = show(0, text(1));
    const std::uint64_t second = show(1, text(1));
    EXPECT_EQ(outcome(first), Outcome::Admit);
    EXPECT_EQ(reason(second), Reason::Used);
    EXPECT_TRUE(turnstiles_[1]->releases.empty());
}

TEST_F(GateTest, CommitsOnceForAllScansThatWait) {
    const std::uint64_t first = show(0, text(1));
    const std::uint64_t second = show(1, text(2));
    EXPECT_EQ(outcome(first), Outcome::Admit);
    EXPECT_EQ(outcome(second), Outcome::Admit);
    EXPECT_EQ(commits_, 1);
}

TEST_F(GateTest, IgnoresTheTicketThatItHasJustAdmitted) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Same);
    pass(0);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Same);
    EXPECT_EQ(entries<Decided>().size(), 1U);
}

TEST_F(GateTest, LetsTheNextPersonWaitWhileTheLaneIsOpen) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Wait);
    pass(0);
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Admit);
}

TEST_F(GateTest, TakesTwoTicketsAtOneLaneOneAfterTheOther) {
    const std::uint64_t first = show(0, text(1));
    const std::uint64_t second = show(0, text(2));
    EXPECT_EQ(outcome(first), Outcome::Admit);
    EXPECT_EQ(outcome(second), Outcome::Wait);
}

TEST_F(GateTest, WritesDownWhoPassedAndLocksAgain) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    const auto passages = entries<Passage>();
    ASSERT_EQ(passages.size(), 1U);
    EXPECT_EQ(passages[0].result, PassageResult::Entered);
    EXPECT_EQ(passages[0].admission, turnstiles_[0]->releases[0]);
    EXPECT_FALSE(turnstiles_[0]->open_now);
}

TEST_F(GateTest, TakesTheAdmissionBackWhenNobodyPasses) {
    make_gate({{.passage_timeout = 5ms}, {}});
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Released);
    EXPECT_FALSE(turnstiles_[0]->open_now);
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateTest, CountsNobodyWhenSomebodyPassesAClosedTurnstile) {
    turnstiles_[0]->pass();
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_TRUE(entries<Passage>().empty());
    ASSERT_EQ(entries<LaneEvent>().size(), 1U);
    EXPECT_EQ(entries<LaneEvent>()[0].what, LaneEventKind::PassageWithoutRelease);
}

TEST_F(GateTest, RefusesAndKeepsTheTicketGoodWhenTheTurnstileDoesNotAnswer) {
    turnstiles_[0]->broken = true;
    EXPECT_EQ(reason(show(0, text(1))), Reason::Error);
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Released);
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateTest, LetsAnOldFrameOpenNothing) {
    EXPECT_EQ(outcome(show(0, text(1), 3'000'000'000)), Outcome::Wait);
    EXPECT_TRUE(entries<Decided>().empty());
}

TEST_F(GateTest, RefusesAnOlderCopyOnceANewerOneWasShownEvenIfThatWasRefused) {
    crypto::Gt1Fields newer = kFields;
    newer.reissue = 1;
    newer.not_before = 3'999'999'000;
    EXPECT_EQ(reason(show(0, text(newer))), Reason::InvalidTime);
    EXPECT_EQ(reason(show(0, text(kFields))), Reason::Superseded);
}

TEST_F(GateTest, RefusesEverybodyWhileTheRevocationListCannotBeRead) {
    revocation_ = fail(Errc::Corrupt, "damaged");
    EXPECT_EQ(reason(show(0, text(1))), Reason::ListsUnreadable);
}

TEST_F(GateTest, RefusesARevokedTicket) {
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(reason(show(0, text(1))), Reason::Revoked);
}

TEST_F(GateTest, WritesDownThatNobodyKnewTheTimeAndLetsPeopleIn) {
    clock_.quality = ClockQuality::Wrong;
    const auto now = std::chrono::floor<std::chrono::seconds>(kNoon);
    clock_.bounds = ClockBounds{now - 24h * 365 * 60, now + 24h * 365 * 60};
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    const auto stored = ledger_.entries(ledger_.head().seq, 1);
    EXPECT_EQ(decode_entry(stored->front())->clock, ClockQuality::Wrong);
}

TEST_F(GateTest, CountsAGroupOneByOne) {
    make_gate({{.group = GroupWay::Single}, {.group = GroupWay::Single}});
    crypto::Gt1Fields group = kFields;
    group.admissions = 2;
    EXPECT_EQ(answer_to(0, text(group)), Outcome::Admit);
    EXPECT_EQ(answer_to(1, text(group)), Outcome::Wait);  // its last admission is still open
    pass(0);
    EXPECT_EQ(answer_to(1, text(group)), Outcome::Admit);
    pass(1);
    make_gate({{}, {}});  // lanes that have not just admitted it
    EXPECT_EQ(reason(show(0, text(group))), Reason::Used);
}

TEST_F(GateTest, WritesAnExitDownAsOne) {
    make_gate({{}, {.direction = Direction::Exit}}, {.reentry = Reentry::AfterExit});
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
    pass(1);
    EXPECT_EQ(entries<Passage>().back().result, PassageResult::Left);
    EXPECT_EQ(ledger_.head().totals.left, 1U);
    make_gate({{}, {}}, {.reentry = Reentry::AfterExit});
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
}

TEST_F(GateTest, AcceptsARotatingCodeOnce) {
    make_gate({{.group = GroupWay::Single}, {.group = GroupWay::Single}});
    const crypto::SigningKey holder = tests::test_key(5);
    crypto::Gt1Fields fields = kFields;
    fields.holder = tests::ed25519_holder(holder);
    fields.admissions = 5;
    const auto now = static_cast<std::uint32_t>(kNoon.time_since_epoch().count() / 1000);
    const Buffer core = tests::test_ticket(fields, tests::test_key(1));
    const auto code = [&](std::uint32_t time) {
        return crypto::gt1_text(tests::with_time_proof(core, time, holder));
    };
    EXPECT_EQ(answer_to(0, code(now)), Outcome::Admit);
    EXPECT_EQ(answer_to(0, code(now + 10)), Outcome::Same);  // it changed while it was held in view
    pass(0);
    EXPECT_EQ(reason(show(1, code(now))), Reason::Replayed);
    EXPECT_EQ(answer_to(1, code(now + 10)), Outcome::Admit);
}

TEST_F(GateTest, KeepsACursorThatWasAcknowledged) {
    gate_->acknowledge("mqtt", {ledger_.head().epoch, 2});
    run_until([&] { return ledger_.cursor("mqtt")->seq == 2; });
    EXPECT_EQ(commits_, 1);
}

TEST_F(GateTest, AnswersWaitWhenTooManyWaitAtTheLane) {
    for (std::size_t i = 0; i < Gate::kMostWaitingALane; ++i)
        show(0, text(1));
    const std::uint64_t late = show(0, text(2));
    EXPECT_EQ(answers_[late].outcome, Outcome::Wait);
    EXPECT_EQ(answer_to(1, text(3)), Outcome::Admit) << "the other lane does not wait for it";
}

TEST_F(GateTest, AdmitsNobodyItCannotRecord) {
    const test::NoWriting disk;
    EXPECT_EQ(reason(show(0, text(1))), Reason::NotRecorded);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
    ASSERT_EQ(troubles_.size(), 1U);
    EXPECT_FALSE(troubles_[0].empty());
}

TEST_F(GateTest, KeepsTheReasonOfARefusalThatItCannotRecord) {
    const test::NoWriting disk;
    EXPECT_EQ(reason(show(0, "rubbish")), Reason::Invalid);
}

TEST_F(GateTest, GoesOnWhereItWasWhenTheDiskWorksAgain) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    {
        const test::NoWriting disk;
        turnstiles_[0]->pass();
        EXPECT_EQ(reason(show(1, text(2))), Reason::NotRecorded);
    }
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Entered);
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
    EXPECT_EQ(troubles_.back(), "");
    EXPECT_TRUE(ledger_.verify());
}

}  // namespace
}  // namespace stile
