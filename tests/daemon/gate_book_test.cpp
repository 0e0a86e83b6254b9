// SPDX-License-Identifier: Apache-2.0
// Which book and which keys the gate goes by: before, after and without an import.
#include "tests/daemon/gate_platform_fixture.hpp"

namespace stile::test {
namespace {

// Its tickets are of the event that `demo` has in the catalog.
class GateBookTest : public GatePlatformTest {
protected:
    static crypto::KeyRecord pretix_key() {
        crypto::KeyRecord record = tests::pretix_record(tests::test_key(2));
        record.issuer = "shop";
        record.events = {event_number("demo")};
        record.not_before = std::chrono::sys_seconds::min();
        return record;
    }
    void pin_key() { ASSERT_TRUE(ring_.add(pretix_key())); }
    static Json event_with_key() {
        Json out = event();
        out["valid_keys"]["pretix_sig1"] =
            Json::array({to_hex(Bytes{tests::test_key(2).public_key()})});
        return out;
    }
    void load_signed(const std::vector<Json>& sold) {
        const auto done =
            catalog_.load({rows(Resource::Event, "demo", {event_with_key()}),
                           rows(Resource::Items, "demo", {{{"id", 3}, {"name", "Signed"}}}),
                           rows(Resource::Lists, "demo", lists()), orders("demo", sold)});
        ASSERT_TRUE(done) << done.error().context;
        take_book();
    }
};

TEST_F(GateBookTest, WithoutABookEverybodyIsRefusedAtALaneWithLists) {
    gate_->take_book({});
    EXPECT_EQ(reason(show(0, "first")), Reason::ListsUnreadable);
    EXPECT_EQ(reason(show(0, "nobody's")), Reason::ListsUnreadable);
    EXPECT_EQ(reason(show(0, text(1))), Reason::ListsUnreadable);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(GateBookTest, BeforeTheFirstBookNobodyIsAdmitted) {
    make_gate({{.lists = {{"demo", 7}}}});
    EXPECT_EQ(reason(show(0, "first")), Reason::ListsUnreadable);
}

TEST_F(GateBookTest, AListThatTheBookDoesNotHaveRefuses) {
    make_lanes(1, 70);
    EXPECT_EQ(reason(show(0, "first")), Reason::Error);
}

TEST_F(GateBookTest, AnEventThatTheBookDoesNotHaveKnowsNobody) {
    make_gate({{.lists = {{"other", 7}}}});
    take_book();
    EXPECT_EQ(reason(show(0, "first")), Reason::Invalid);
}

TEST_F(GateBookTest, AnImportSwitchesTheBook) {
    load({order("A", {position(1, "first", {{"item", 5}})})},
         {rows(Resource::Items, "demo", {{{"id", 5}, {"name", "New"}}})});
    EXPECT_EQ(reason(show(0, "first")), Reason::Error);  // the old book knows no such product
    take_book();
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
}

TEST_F(GateBookTest, AnOverrideUsesTheBookOfItsScan) {
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    load({order("Z", {position(9, "ninth")})});
    take_book();
    EXPECT_EQ(gate_->override_refusal(0, {"ann", "lead"}, "ok").value(), Overridden::Admitted);
    EXPECT_EQ(records().back()["secret"], "unpaid");
}

TEST_F(GateBookTest, ASignedTicketIsGoodBeforeItsOrderIsThere) {
    pin_key();
    make_lanes(2);
    load_signed({});
    EXPECT_EQ(answer_to(0, signed_ticket()), Outcome::Admit);
    pass(0);
    EXPECT_EQ(records()[0]["secret"], signed_ticket());
    EXPECT_EQ(entries<Decided>()[0].issuer, "shop");
    load_signed({order("A", {position(1, signed_ticket(), {{"item", 3}, {"subevent", 14}})})});
    EXPECT_EQ(reason(show(1, signed_ticket())), Reason::Used);
}

TEST_F(GateBookTest, ATicketInViewStaysTheSameWhenItsOrderArrives) {
    pin_key();
    make_lanes(1);
    load_signed({});
    EXPECT_EQ(answer_to(0, signed_ticket()), Outcome::Admit);
    load_signed({order("A", {position(1, signed_ticket(), {{"item", 3}, {"subevent", 14}})})});
    EXPECT_EQ(answer_to(0, signed_ticket()), Outcome::Same);
}

TEST_F(GateBookTest, ThePlatformsKeysProveNothingUnlessTheSiteSaysSo) {
    load_signed({});
    EXPECT_EQ(reason(show(0, signed_ticket())), Reason::Invalid);
}

TEST_F(GateBookTest, ThePlatformsKeysProveTicketsOfItsEvents) {
    platform_->keys = PlatformSetup::Keys::OfEvents;
    make_lanes(1);
    load_signed({});
    EXPECT_EQ(reason(show(0, signed_ticket())), Reason::Valid);
    EXPECT_EQ(entries<Decided>()[0].fault, 0);
    EXPECT_EQ(entries<Decided>()[0].issuer, "platform");
}

TEST_F(GateBookTest, AKeyThatTheNextBookDoesNotHaveIsForgotten) {
    platform_->keys = PlatformSetup::Keys::OfEvents;
    make_lanes(1);
    load_signed({});
    load({});
    take_book();
    EXPECT_EQ(reason(show(0, signed_ticket())), Reason::Invalid);
}

TEST_F(GateBookTest, ALaneWithoutListsDoesNotAdmitTheirTicketsOnTheOwnList) {
    pin_key();
    make_gate({{.lists = {{"demo", 7}}}, {}});
    load_signed({});
    EXPECT_EQ(reason(show(1, signed_ticket())), Reason::Invalid);
    EXPECT_EQ(reason(show(1, "first")), Reason::Invalid);
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateBookTest, AStaffCredentialOpensTheMenuOnlyOnTheOwnList) {
    staff_products_ = {3};
    pin_key();
    make_lanes(1);
    load_signed({});
    EXPECT_EQ(answer_to(0, signed_ticket()), Outcome::Admit);  // product 3 of the platform
    EXPECT_TRUE(entries<Act>().empty());
}

TEST_F(GateBookTest, AnUnreadableRevocationListRefuses) {
    revocation_ = fail(Errc::Corrupt, "no list");
    EXPECT_EQ(reason(show(0, "first")), Reason::ListsUnreadable);
}

}  // namespace
}  // namespace stile::test
