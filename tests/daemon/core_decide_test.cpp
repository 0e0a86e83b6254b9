// SPDX-License-Identifier: Apache-2.0
// The decision, rule by rule.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/core/decide.hpp"
#include "tests/crypto/issuer.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{1'760'010'000s};

crypto::VerifiedTicket ticket(const std::function<void(crypto::Gt1Fields&)>& change = [](auto&) {
}) {
    const crypto::SigningKey key = tests::test_key(1);
    crypto::Gt1Fields fields = tests::test_fields();
    change(fields);
    const crypto::KeyRing ring = tests::ring_of(tests::test_record(key));
    const std::string text = crypto::gt1_text(tests::test_ticket(fields, key));
    return crypto::Verifier{ring}.prove(as_bytes(text)).value();
}

crypto::VerifiedTicket ticket_with_proof(std::uint32_t proof_time) {
    const crypto::SigningKey key = tests::test_key(1);
    const crypto::SigningKey holder = tests::test_key(2);
    crypto::Gt1Fields fields = tests::test_fields();
    fields.holder = tests::ed25519_holder(holder);
    const crypto::KeyRing ring = tests::ring_of(tests::test_record(key));
    const Buffer bytes =
        tests::with_time_proof(tests::test_ticket(fields, key), proof_time, holder);
    const std::string text = crypto::gt1_text(bytes);
    return crypto::Verifier{ring}.prove(as_bytes(text)).value();
}

Reason reason(const crypto::VerifiedTicket& claimant, const Facts& facts = {},
              const Policy& policy = {}, Direction direction = Direction::Entry,
              ClockBounds now = {kNow, kNow}) {
    const Decision decision = decide(claimant, facts, policy, now, direction);
    EXPECT_EQ(decision.verdict == Verdict::Admit, decision.reason == Reason::Valid);
    return decision.reason;
}

Facts with_entries(std::uint32_t entered, std::uint32_t left = 0) {
    return {.entry = {.entered = entered, .left = left}};
}

TEST(Decide, AdmitsAGenuineUnusedTicketInItsTime) {
    EXPECT_EQ(reason(ticket()), Reason::Valid);
}

TEST(Decide, RefusesEverybodyWhenTheRevocationListCannotBeRead) {
    EXPECT_EQ(reason(ticket(), {.revocation = {.list = RevocationFacts::List::Unreadable}}),
              Reason::ListsUnreadable);
}

TEST(Decide, RefusesARevokedTicketEvenOutOfItsTime) {
    const Facts facts{.revocation = {.list = RevocationFacts::List::Revoked}};
    EXPECT_EQ(reason(ticket(), facts), Reason::Revoked);
    EXPECT_EQ(reason(ticket([](auto& f) { f.not_after = f.not_before; }), facts), Reason::Revoked);
}

TEST(Decide, RefusesARevokedTicketAtAnExitToo) {
    const Facts facts{.revocation = {.list = RevocationFacts::List::Revoked}};
    EXPECT_EQ(reason(ticket(), facts, {}, Direction::Exit), Reason::Revoked);
}

TEST(Decide, RefusesACopyBelowTheLowestValidReissue) {
    const Facts facts{.revocation = {.lowest_valid_reissue = 2}};
    EXPECT_EQ(reason(ticket([](auto& f) { f.reissue = 1; }), facts), Reason::Superseded);
    EXPECT_EQ(reason(ticket([](auto& f) { f.reissue = 2; }), facts), Reason::Valid);
}

TEST(Decide, RefusesAnOlderCopyOnceANewerOneWasSeen) {
    const Facts facts{.entry = {.highest_reissue = 1}};
    EXPECT_EQ(reason(ticket(), facts), Reason::Superseded);
    EXPECT_EQ(reason(ticket([](auto& f) { f.reissue = 1; }), facts), Reason::Valid);
}

TEST(Decide, TakesBothEndsOfTheValidityAsValid) {
    const auto now = [](std::uint32_t time) {
        return ClockBounds{sys_seconds{std::chrono::seconds{time}},
                           sys_seconds{std::chrono::seconds{time}}};
    };
    const crypto::Gt1Fields fields = tests::test_fields();
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, now(fields.not_before)), Reason::Valid);
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, now(fields.not_after)), Reason::Valid);
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, now(fields.not_before - 1)),
              Reason::InvalidTime);
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, now(fields.not_after + 1)),
              Reason::InvalidTime);
}

TEST(Decide, JudgesTheEndByTheEarliestPossibleTimeAndTheBeginningByTheLatest) {
    const crypto::Gt1Fields fields = tests::test_fields();
    const sys_seconds begin{std::chrono::seconds{fields.not_before}};
    const sys_seconds end{std::chrono::seconds{fields.not_after}};
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, {begin - 10s, begin}), Reason::Valid);
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, {end, end + 10s}), Reason::Valid);
}

TEST(Decide, AdmitsATicketThatMayHaveBegunWhenNobodyKnowsTheTime) {
    const sys_seconds past = kNow - 24h * 365;
    const sys_seconds never = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
    EXPECT_EQ(reason(ticket(), {}, {}, Direction::Entry, {past, never}), Reason::Valid);
}

TEST(Decide, RefusesAProofWhenTheClockIsNotKnownToFifteenSeconds) {
    const auto now = static_cast<std::uint32_t>(kNow.time_since_epoch().count());
    const auto bounds = [](std::chrono::seconds error) {
        return ClockBounds{kNow - error, kNow + error};
    };
    EXPECT_EQ(reason(ticket_with_proof(now), {}, {}, Direction::Entry, bounds(15s)), Reason::Valid);
    EXPECT_EQ(reason(ticket_with_proof(now), {}, {}, Direction::Entry, bounds(16s)), Reason::Clock);
}

TEST(Decide, LetsPeopleOutAfterTheirTicketHasEnded) {
    const ClockBounds late{kNow + 24h * 365, kNow + 24h * 365};
    EXPECT_EQ(reason(ticket(), with_entries(1), {}, Direction::Exit, late), Reason::Valid);
}

TEST(Decide, LetsPeopleOutAgainAndAgain) {
    EXPECT_EQ(reason(ticket(), with_entries(1, 1), {}, Direction::Exit), Reason::Valid);
}

TEST(Decide, RefusesATicketOfAnotherEvent) {
    const std::vector<std::uint32_t> events{8, 9};
    EXPECT_EQ(reason(ticket(), {}, {.events = events}), Reason::Invalid);
}

TEST(Decide, RefusesAProductThatIsNotAdmittedHere) {
    const std::vector<std::uint64_t> products{4};
    EXPECT_EQ(reason(ticket(), {}, {.products = products}), Reason::Product);
    EXPECT_EQ(reason(ticket(), {}, {.products = products}, Direction::Exit), Reason::Product);
}

TEST(Decide, RefusesATicketThatWasUsed) {
    EXPECT_EQ(reason(ticket(), with_entries(1)), Reason::Used);
    EXPECT_EQ(reason(ticket(), with_entries(1, 1)), Reason::Used);
}

TEST(Decide, AdmitsAsManyPeopleAsAGroupTicketSays) {
    const auto group = ticket([](auto& f) { f.admissions = 3; });
    EXPECT_EQ(reason(group, with_entries(2)), Reason::Valid);
    EXPECT_EQ(reason(group, with_entries(3)), Reason::Used);
}

TEST(Decide, AdmitsAnUnlimitedTicketAlways) {
    EXPECT_EQ(reason(ticket([](auto& f) { f.admissions = 255; }), with_entries(100'000)),
              Reason::Valid);
}

TEST(Decide, LetsSomebodyInAgainOnlyAsThePolicySays) {
    EXPECT_EQ(reason(ticket(), with_entries(1, 1), {.reentry = Reentry::AfterExit}), Reason::Valid);
    EXPECT_EQ(reason(ticket(), with_entries(1, 0), {.reentry = Reentry::AfterExit}), Reason::Used);
    EXPECT_EQ(reason(ticket(), with_entries(1, 0), {.reentry = Reentry::Always}), Reason::Valid);
}

TEST(Decide, AcceptsAHolderProofFromOneMinuteAgoToHalfAMinuteAhead) {
    const auto now = static_cast<std::uint32_t>(kNow.time_since_epoch().count());
    EXPECT_EQ(reason(ticket_with_proof(now - 60)), Reason::Valid);
    EXPECT_EQ(reason(ticket_with_proof(now + 30)), Reason::Valid);
    EXPECT_EQ(reason(ticket_with_proof(now - 61)), Reason::Replayed);
    EXPECT_EQ(reason(ticket_with_proof(now + 31)), Reason::Clock);
}

TEST(Decide, RefusesAHolderProofThatIsNotNewerThanTheLast) {
    const auto now = static_cast<std::uint32_t>(kNow.time_since_epoch().count());
    const Facts facts{.entry = {.last_proof = kNow}};
    EXPECT_EQ(reason(ticket_with_proof(now), facts), Reason::Replayed);
    EXPECT_EQ(reason(ticket_with_proof(now - 1), facts), Reason::Replayed);
    EXPECT_EQ(reason(ticket_with_proof(now + 1), facts), Reason::Valid);
}

TEST(Decide, NeverAdmitsMoreWhenSomethingIsRevoked) {
    for (std::uint8_t reissue = 0; reissue < 4; ++reissue) {
        for (std::uint8_t lowest = 0; lowest < 4; ++lowest) {
            const auto copy = ticket([reissue](auto& f) { f.reissue = reissue; });
            const bool before = reason(copy) == Reason::Valid;
            const bool after =
                reason(copy, {.revocation = {.lowest_valid_reissue = lowest}}) == Reason::Valid;
            EXPECT_TRUE(before || !after);
        }
    }
}

TEST(Decide, CountsAWalletCodeOnceAStep) {
    crypto::Gt1Fields fields = tests::test_fields();
    crypto::KeyRecord record = tests::test_record(tests::test_key(1));
    record.totp_master = tests::kTotpMaster;
    const crypto::KeyRing ring = tests::ring_of(record);
    const auto at_second = [&](std::uint32_t time) {
        const std::string text = tests::wallet_text(fields, tests::test_key(1), time);
        return crypto::Verifier{ring}.prove(as_bytes(text)).value();
    };
    const std::uint32_t begin = 1'760'010'000;  // of a step: 15 divides it
    Facts facts;
    facts.entry.last_proof = tests::at(begin + 3);
    EXPECT_EQ(reason(at_second(begin - 1), facts), Reason::Replayed);
    EXPECT_EQ(reason(at_second(begin), facts), Reason::Replayed);
    EXPECT_EQ(reason(at_second(begin + 14), facts), Reason::Replayed);
    EXPECT_EQ(reason(at_second(begin + 15), facts), Reason::Valid);
    facts.entry.last_proof = tests::at(begin - 1);
    EXPECT_EQ(reason(at_second(begin), facts), Reason::Valid);
}

TEST(Decide, CallsAMissingProofAMatterOfAssuranceAndEverythingElseInvalid) {
    using crypto::Fault;
    for (std::uint8_t number = 1; number <= static_cast<std::uint8_t>(Fault::KeyRevoked);
         ++number) {
        const auto fault = static_cast<Fault>(number);
        const bool proof = fault == Fault::ProofMissing;
        const Decision expected{Verdict::Refuse, proof ? Reason::Assurance : Reason::Invalid};
        EXPECT_EQ(decide(fault), expected) << int{number};
    }
}

}  // namespace
}  // namespace stile
