// SPDX-License-Identifier: Apache-2.0
// What cards have shown, at a gate with a real ledger: each proof counts for what it is.
#include <utility>

#include "daemon/lane/staff.hpp"
#include "tests/daemon/gate_platform_fixture.hpp"
#include "tests/daemon/policy_text_of.hpp"

namespace stile::test {
namespace {

using crypto::Assurance;
using crypto::CardCopy;
using crypto::CardMedium;
using crypto::CardMutual;
using crypto::CardSigned;

constexpr const char* kOnlyA3 = "[[product]]\nname = \"all\"\nassurance = \"A3\"\n";

Buffer bytes_of(std::string_view text) {
    return {as_bytes(text).begin(), as_bytes(text).end()};
}

// A card is held to a reader of the lane, and this came of it.
template <class Fixture>
class WithCards : public Fixture {
protected:
    std::uint64_t tap(std::size_t lane, CardOutcome outcome, std::chrono::milliseconds age = 0ms) {
        const std::uint64_t number = this->next_scan_++;
        const auto came = static_cast<std::uint64_t>(EventLoop::monotonic_ns() -
                                                     std::chrono::nanoseconds{age}.count());
        this->gate_->submit(
            {.lane = lane,
             .reader = "nfc-1",
             .scan = {.scan = number,
                      .medium = protocol::Medium::Nfc,
                      .captured_ns = came,
                      .content = {}},
             .answer = [this, number](
                           const protocol::Feedback& answer) { this->answers_[number] = answer; },
             .direction = {},
             .card = std::move(outcome)});
        return number;
    }
    static CardOutcome copy(const std::string& content) { return CardCopy{bytes_of(content)}; }
    static CardOutcome genuine_card(const std::string& content) {
        return CardMutual{bytes_of(content), {4, 1, 2, 3, 4, 5, 6}};
    }
    Decided last() const { return this->template entries<Decided>().back(); }
};

class CardGate : public WithCards<GateTest> {
protected:
    static crypto::Gt1Fields phone(std::uint64_t serial) {
        crypto::Gt1Fields fields = kFields;
        fields.serial = serial;
        fields.holder = tests::ed25519_holder(tests::test_key(5));
        fields.proof_mandatory = true;
        return fields;
    }
    // What the app on that phone answers to a challenge.
    static Buffer answer_of(const crypto::Gt1Fields& fields, const crypto::Challenge& challenge) {
        return tests::with_nonce_proof(tests::test_ticket(fields, tests::test_key(1)), challenge,
                                       tests::test_key(5));
    }
    CardOutcome answered(std::uint64_t serial) const {
        return CardSigned{answer_of(phone(serial), challenge_), challenge_};
    }
    crypto::Challenge challenge_{.nonce = {7, 7, 7}, .gate = 12, .time = 1};
};

TEST_F(CardGate, ACopyOpensOnceLikeAnyScan) {
    EXPECT_EQ(outcome(tap(0, copy(text(1)))), Outcome::Admit);
    EXPECT_EQ(last().medium, std::to_underlying(protocol::Medium::Nfc));
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::StaticCopy));
    EXPECT_EQ(last().reader, "nfc-1");
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
}

TEST_F(CardGate, ACopyOfRubbishIsRefusedForItsFault) {
    EXPECT_EQ(reason(tap(0, copy("hello"))), Reason::Invalid);
    EXPECT_EQ(last().fault, std::to_underlying(crypto::Fault::UnknownFormat));
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(CardGate, APhoneThatAnswersTheNonceIsA3) {
    EXPECT_EQ(outcome(tap(0, answered(1))), Outcome::Admit);
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::HolderNonceProof));
    EXPECT_EQ(reason(tap(1, answered(1))), Reason::Used);
}

TEST_F(CardGate, ANonceProofNeedsNoClock) {
    clock_.quality = ClockQuality::Wrong;
    clock_.bounds = ClockBounds{kNoon - 20h * 24, kNoon + 20h * 24};
    const auto now = static_cast<std::uint32_t>(kNoon.time_since_epoch().count() / 1000);
    const Buffer rotating = tests::with_time_proof(tests::test_ticket(phone(1), tests::test_key(1)),
                                                   now, tests::test_key(5));
    EXPECT_EQ(reason(show(0, crypto::gt1_text(rotating))), Reason::Clock);
    EXPECT_EQ(outcome(tap(0, answered(1))), Outcome::Admit);
}

TEST_F(CardGate, AnAnswerToAnotherNonceIsRefused) {
    crypto::Challenge later = challenge_;
    later.nonce[15] ^= 1;
    EXPECT_EQ(reason(tap(0, CardSigned{answer_of(phone(1), challenge_), later})), Reason::Invalid);
    EXPECT_EQ(last().fault, std::to_underlying(crypto::Fault::BadProof));
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(CardGate, ARecordedAnswerIsNoCopyEither) {
    const std::string recorded = crypto::gt1_text(answer_of(phone(1), challenge_));
    EXPECT_EQ(reason(tap(0, copy(recorded))), Reason::Invalid);
    EXPECT_EQ(reason(tap(0, genuine_card(recorded))), Reason::Invalid);
}

TEST_F(CardGate, ACopyOfATicketThatWantsItsHolderIsNotEnough) {
    const std::string core = crypto::gt1_text(tests::test_ticket(phone(1), tests::test_key(1)));
    EXPECT_EQ(reason(tap(0, copy(core))), Reason::Assurance);
    EXPECT_EQ(reason(tap(0, genuine_card(core))), Reason::Assurance);
    EXPECT_EQ(outcome(tap(0, answered(1))), Outcome::Admit);
}

TEST_F(CardGate, ACardThatProvedItselfIsA4) {
    EXPECT_EQ(outcome(tap(0, genuine_card(text(1)))), Outcome::Admit);
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::MutualCard));
}

TEST_F(CardGate, AForgedTicketOnAGenuineCardIsForged) {
    std::string forged = text(1);
    forged.back() = forged.back() == '0' ? '1' : '0';
    EXPECT_EQ(outcome(tap(0, genuine_card(forged))), Outcome::Refuse);
    EXPECT_EQ(last().assurance, 0);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(CardGate, WhatThePolicyDemandsACopyCannotGive) {
    venue_ = policy(kOnlyA3);
    make_gate({{}, {}});
    EXPECT_EQ(reason(tap(0, copy(text(1)))), Reason::Assurance);
    EXPECT_EQ(outcome(tap(0, genuine_card(text(1)))), Outcome::Admit);
    EXPECT_EQ(outcome(tap(1, answered(2))), Outcome::Admit);
}

TEST_F(CardGate, AMediumIsNobodysWithoutAPlatform) {
    EXPECT_EQ(reason(tap(0, CardMedium{"nfc_uid", "04A1B2C3D4E5F6"})), Reason::Invalid);
    EXPECT_EQ(reason(tap(0, CardMedium{"nfc_uid", text(1)})), Reason::Invalid);
}

TEST_F(CardGate, WhyACardSaidNothingIsRecordedAndTold) {
    for (const Reason why : {Reason::CardEmpty, Reason::CardUnreadable, Reason::CardRandomId,
                             Reason::CardKey, Reason::CardDelay}) {
        const auto scan = tap(0, why);
        EXPECT_EQ(reason(scan), why);
        EXPECT_EQ(answers_[scan].outcome, Outcome::Refuse);
        EXPECT_EQ(answers_[scan].advice, text_of(why).advice);
        EXPECT_EQ(last().reason, why);
        EXPECT_EQ(last().fault, std::to_underlying(crypto::Fault::UnknownFormat));
        EXPECT_EQ(last().ticket, crypto::TicketId{});
    }
}

TEST_F(CardGate, ACardThatTookItsTimeStillCounts) {
    EXPECT_EQ(outcome(tap(0, answered(1), 2900ms)), Outcome::Admit);
    EXPECT_GE(last().decided_us, 2'900'000U);
}

TEST_F(CardGate, TheCardThatOpenedThisLaneIsTheSameInAnyShape) {
    EXPECT_EQ(outcome(tap(0, copy(text(1)))), Outcome::Admit);
    EXPECT_EQ(outcome(tap(0, genuine_card(text(1)))), Outcome::Same);
    EXPECT_EQ(outcome(tap(0, copy(text(2)))), Outcome::Wait);
    EXPECT_EQ(outcome(tap(0, Reason::CardEmpty)), Outcome::Wait);
}

TEST_F(CardGate, ThePhoneOfStaffOpensTheMenu) {
    staff_products_ = {9'999};
    make_gate({{}, {}});
    crypto::Gt1Fields staff = phone(7);
    staff.product = 9'999;
    const auto scan = tap(0, CardSigned{answer_of(staff, challenge_), challenge_});
    (void)outcome(scan);
    EXPECT_EQ(answers_[scan].headline, "Menu of staff-7");
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

class CardPlatform : public WithCards<GatePlatformTest> {
protected:
    CardPlatform() {
        const auto medium = [](std::uint64_t id, const char* type, const char* identifier,
                               std::uint64_t position_id, bool active = true) {
            return Json{{"id", id},
                        {"type", type},
                        {"identifier", identifier},
                        {"active", active},
                        {"linked_orderposition", position_id}};
        };
        load({order("A", {position(1, "first"), position(2, "second")})},
             {rows(Resource::Media, "",
                   {medium(1, "nfc_uid", "04A1B2C3D4E5F6", 1),
                    medium(2, "nfc_mf0aes", "04FFEEDDCCBBAA", 2),
                    medium(3, "nfc_uid", "0400000000AA00", 2, false)})});
        take_book();
    }
    static CardOutcome uid(const char* identifier) { return CardMedium{"nfc_uid", identifier}; }
};

TEST_F(CardPlatform, AWristbandOpensForItsPosition) {
    EXPECT_EQ(outcome(tap(0, uid("04A1B2C3D4E5F6"))), Outcome::Admit);
    EXPECT_EQ(last().medium, std::to_underlying(protocol::Medium::Nfc));
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::StaticCopy));
    EXPECT_EQ(last().list, 7U);
    ASSERT_EQ(records().size(), 1U);
    EXPECT_EQ(records()[0]["secret"], "first");
    EXPECT_EQ(reason(show(1, "first")), Reason::Used);
}

TEST_F(CardPlatform, AChipThatProvedItsKeyIsA4) {
    EXPECT_EQ(outcome(tap(0, CardMedium{"nfc_mf0aes", "04FFEEDDCCBBAA"})), Outcome::Admit);
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::MutualCard));
}

TEST_F(CardPlatform, AMediumCountsUnderItsOwnKindOnly) {
    EXPECT_EQ(reason(tap(0, uid("04FFEEDDCCBBAA"))), Reason::Invalid);
    EXPECT_EQ(reason(tap(0, CardMedium{"nfc_mf0aes", "04A1B2C3D4E5F6"})), Reason::Invalid);
}

TEST_F(CardPlatform, WritingANumberOnATagDoesNotMakeItThatWristband) {
    EXPECT_EQ(reason(tap(0, copy("04A1B2C3D4E5F6"))), Reason::Invalid);
    EXPECT_EQ(reason(show(0, "04A1B2C3D4E5F6")), Reason::Invalid);
}

TEST_F(CardPlatform, OneThatWasSwitchedOffIsRefusedAndThePlatformHears) {
    EXPECT_EQ(reason(tap(0, uid("0400000000AA00"))), Reason::Invalid);
    ASSERT_EQ(records().size(), 1U);
    EXPECT_EQ(records()[0]["kind"], "failed");
    EXPECT_EQ(records()[0]["raw_source_type"], "nfc_uid");
    EXPECT_EQ(records()[0]["raw_barcode"], "0400000000AA00");
}

TEST_F(CardPlatform, ANumberIsNotEnoughWhereAProofIsDemanded) {
    venue_ = policy(kOnlyA3);
    make_lanes(2);
    EXPECT_EQ(reason(tap(0, uid("04A1B2C3D4E5F6"))), Reason::Assurance);
    EXPECT_EQ(reason(show(0, "first")), Reason::Assurance);
    EXPECT_EQ(outcome(tap(0, CardMedium{"nfc_mf0aes", "04FFEEDDCCBBAA"})), Outcome::Admit);
}

TEST_F(CardPlatform, ASecretOnACopiedTagIsThatSecret) {
    EXPECT_EQ(outcome(tap(0, copy("first"))), Outcome::Admit);
}

TEST_F(CardPlatform, AnAnswerIsProvenWithItsNonceHereToo) {
    const crypto::Challenge challenge{.nonce = {1}, .gate = 2, .time = 3};
    crypto::Gt1Fields fields = kFields;
    fields.holder = tests::ed25519_holder(tests::test_key(5));
    const Buffer answer = tests::with_nonce_proof(tests::test_ticket(fields, tests::test_key(1)),
                                                  challenge, tests::test_key(5));
    EXPECT_EQ(reason(tap(0, CardSigned{answer, {}})), Reason::Invalid);
    EXPECT_EQ(outcome(tap(0, CardSigned{answer, challenge})), Outcome::Admit);
    EXPECT_EQ(last().assurance, std::to_underlying(Assurance::HolderNonceProof));
    EXPECT_EQ(last().list, 0U) << "a ticket of the gate's own";
}

TEST_F(CardPlatform, AnEmptyCardIsRecordedAndNotReported) {
    EXPECT_EQ(reason(tap(0, Reason::CardEmpty)), Reason::CardEmpty);
    EXPECT_EQ(last().reason, Reason::CardEmpty);
    EXPECT_TRUE(records().empty());
}

}  // namespace
}  // namespace stile::test
