// SPDX-License-Identifier: Apache-2.0
// A staff credential at a lane, and the cards after it.
#include <gtest/gtest.h>

#include "tests/daemon/gate_fixture.hpp"

namespace stile {
namespace {

using protocol::Outcome;
using test::kFields;
using test::kNoon;

class GateMenu : public test::GateTest {
protected:
    GateMenu() {
        staff_products_ = {kStaffProduct};
        make_gate({{}, {}});
    }
    static constexpr std::uint64_t kStaffProduct = 9'999;
    static crypto::Gt1Fields staff_fields() {
        crypto::Gt1Fields fields = kFields;
        fields.serial = 7;
        fields.product = kStaffProduct;
        fields.admissions = 255;
        return fields;
    }
    static std::string credential(std::uint32_t later = 0) {
        const crypto::SigningKey holder = tests::test_key(5);
        crypto::Gt1Fields fields = staff_fields();
        fields.holder = tests::ed25519_holder(holder);
        const auto now = static_cast<std::uint32_t>(kNoon.time_since_epoch().count() / 1000);
        return crypto::gt1_text(tests::with_time_proof(
            tests::test_ticket(fields, tests::test_key(1)), now + later, holder));
    }
    std::string headline(std::uint64_t scan) {
        (void)outcome(scan);
        return answers_[scan].headline;
    }
};

TEST_F(GateMenu, OpensTheMenuAndNotTheTurnstile) {
    EXPECT_EQ(headline(show(0, credential())), "Menu of staff-7");
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
    ASSERT_EQ(entries<Act>().size(), 1U);
    EXPECT_EQ(entries<Act>()[0].what, ActKind::Login);
    EXPECT_EQ(entries<Act>()[0].person, "staff-7");
}

TEST_F(GateMenu, LetsTheNextGuestPassWithTheReasonOfTheCard) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(headline(show(0, "stile:menu:admit-next:pram")), "The next guest may pass");
    EXPECT_EQ(turnstiles_[0]->releases.size(), 1U);
    EXPECT_EQ(entries<Act>().back().what, ActKind::OpenOnce);
    EXPECT_EQ(entries<Act>().back().person, "staff-7");
    EXPECT_EQ(entries<Act>().back().reason, "pram");
}

TEST_F(GateMenu, AdmitsTheGuestWhoWasRefused) {
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(reason(show(0, text(1))), Reason::Revoked);
    revocation_ = RevocationFacts{};
    (void)outcome(show(0, credential()));
    (void)outcome(show(0, "stile:menu:admit-next"));
    EXPECT_EQ(entries<Act>().back().what, ActKind::Override);
    EXPECT_EQ(entries<Decided>().back().flags, kFlagOverride);
}

TEST_F(GateMenu, TakesTheLastPassageBack) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    (void)outcome(show(0, credential()));
    EXPECT_EQ(headline(show(0, "stile:menu:undo-last")), "taken back");
    EXPECT_EQ(entries<Annulled>()[0].person, "staff-7");
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateMenu, HasNothingToTakeBackAtFirst) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(headline(show(0, "stile:menu:undo-last")), "nobody was admitted here");
}

TEST_F(GateMenu, CallsASupervisor) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(headline(show(0, "stile:menu:call-supervisor")), "A supervisor was called");
    EXPECT_EQ(entries<Act>().back().what, ActKind::CallSupervisor);
}

TEST_F(GateMenu, RefusesACardWithoutACredential) {
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
    (void)outcome(show(0, credential()));
    EXPECT_EQ(reason(show(1, "stile:menu:admit-next")), Reason::Invalid) << "at another lane";
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
    EXPECT_TRUE(turnstiles_[1]->releases.empty());
}

TEST_F(GateMenu, RefusesAPhotographOfTheCredential) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(reason(show(1, credential())), Reason::Replayed);
    EXPECT_EQ(headline(show(1, credential(1))), "Menu of staff-7");
}

TEST_F(GateMenu, LooksOnceAtACredentialThatIsHeldInView) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(outcome(show(0, credential())), Outcome::Same);
    EXPECT_EQ(outcome(show(0, credential(5))), Outcome::Same);
    EXPECT_EQ(headline(show(0, "stile:menu:call-supervisor")), "A supervisor was called");
}

TEST_F(GateMenu, ClosesWhenAGuestComesBetween) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(reason(show(0, "rubbish")), Reason::Invalid);
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
}

TEST_F(GateMenu, RefusesACredentialThatAnybodyCouldCopy) {
    EXPECT_EQ(reason(show(0, text(staff_fields()))), Reason::Assurance);
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
}

TEST_F(GateMenu, RefusesACredentialThatWasWithdrawn) {
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(reason(show(0, credential())), Reason::Revoked);
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
}

TEST_F(GateMenu, ClosesWhenTheKeyOfTheCredentialIsGone) {
    (void)outcome(show(0, credential()));
    rules_.keys = tests::ring_of(tests::test_record(tests::test_key(2)));
    gate_->take_rules(rules_);
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(GateMenu, ClosesWhenItsProductIsTheStaffsNoLonger) {
    (void)outcome(show(0, credential()));
    rules_.staff_products = {};
    gate_->take_rules(rules_);
    EXPECT_EQ(reason(show(0, "stile:menu:admit-next")), Reason::Invalid);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(GateMenu, AsksForNoCardOnceItIsClosed) {
    (void)outcome(show(0, credential()));
    EXPECT_EQ(gate_->sign(0).words, "Show a card of the menu.");
    rules_.staff_products = {};
    gate_->take_rules(rules_);
    EXPECT_EQ(gate_->sign(0).words, "");
}

TEST_F(GateMenu, StaysOpenWhenOnlyRulesForGuestsChange) {
    (void)outcome(show(0, credential()));
    rules_.products = {99};
    gate_->take_rules(rules_);
    EXPECT_EQ(headline(show(0, "stile:menu:admit-next")), "The next guest may pass");
}

}  // namespace
}  // namespace stile
