// SPDX-License-Identifier: Apache-2.0
// The decision on a position of synced orders, check by check.
#include <gtest/gtest.h>

#include "decide_guest.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using test::Guest;
using test::kNoon;

TEST(DecidePosition, AdmitsAPaidPosition) {
    EXPECT_EQ(Guest{}.reason(), Reason::Valid);
}

TEST(DecidePosition, NeedsAList) {
    Guest guest;
    guest.at = {};
    EXPECT_EQ(guest.asked(), Reason::Error);
    guest.at.event = &guest.event;
    EXPECT_EQ(guest.asked(), Reason::Error);
    EXPECT_EQ(decide(PositionClaim{&guest.position, nullptr}, {}, {}, guest.now, Direction::Entry),
              (Decision{Verdict::Refuse, Reason::Error}));
}

TEST(DecidePosition, RefusesAListOfAnotherEvent) {
    Guest guest;
    guest.list.key.event = 8;
    EXPECT_EQ(guest.reason(), Reason::Error);
}

TEST(DecidePosition, RefusesAPositionOfAnotherEvent) {
    Guest guest;
    guest.position.event = 8;
    EXPECT_EQ(guest.reason(), Reason::Invalid);
}

TEST(DecidePosition, RefusesAProductThatNobodyKnows) {
    Guest guest;
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.at.product = nullptr;
    EXPECT_EQ(guest.asked(), Reason::Error);
}

TEST(DecidePosition, RefusesCanceledAndExpiredOrdersInBothDirections) {
    for (const OrderStatus status : {OrderStatus::Canceled, OrderStatus::Expired}) {
        Guest guest;
        guest.position.status = status;
        EXPECT_EQ(guest.reason(), Reason::Canceled);
        EXPECT_EQ(guest.exit(), Reason::Canceled);
    }
}

TEST(DecidePosition, RefusesABlockedPositionInBothDirections) {
    Guest guest;
    guest.position.blocked = true;
    EXPECT_EQ(guest.reason(), Reason::Blocked);
    EXPECT_EQ(guest.exit(), Reason::Blocked);
}

TEST(DecidePosition, RefusesABlockedOrRevokedSecret) {
    Guest guest;
    guest.at.block = ListFacts::Block::Blocked;
    EXPECT_EQ(guest.reason(), Reason::Blocked);
    guest.revocation.list = RevocationFacts::List::Revoked;
    EXPECT_EQ(guest.reason(), Reason::Revoked);
    EXPECT_EQ(guest.exit(), Reason::Revoked);
}

TEST(DecidePosition, RefusesEverybodyWhileTheRevocationListCannotBeRead) {
    Guest guest;
    guest.revocation.list = RevocationFacts::List::Unreadable;
    EXPECT_EQ(guest.reason(), Reason::ListsUnreadable);
}

TEST(DecidePosition, RefusesAnOrderThatWaitsForApproval) {
    Guest guest;
    guest.position.status = OrderStatus::Pending;
    guest.position.require_approval = true;
    guest.list.include_pending = true;
    guest.at.unpaid = ListFacts::Unpaid::Ignore;
    EXPECT_EQ(guest.reason(), Reason::Unapproved);
}

TEST(DecidePosition, RefusesAPendingOrderUnlessTheListAndTheStaffPermitIt) {
    Guest guest;
    guest.position.status = OrderStatus::Pending;
    EXPECT_EQ(guest.reason(), Reason::Unpaid);
    guest.at.unpaid = ListFacts::Unpaid::Ignore;
    EXPECT_EQ(guest.reason(), Reason::Unpaid);
    guest.list.include_pending = true;
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.at.unpaid = ListFacts::Unpaid::Refuse;
    EXPECT_EQ(guest.reason(), Reason::Unpaid);
    EXPECT_EQ(guest.exit(), Reason::Unpaid);
}

TEST(DecidePosition, AdmitsAPendingOrderThatIsValidAllTheSame) {
    Guest guest;
    guest.position.status = OrderStatus::Pending;
    guest.position.valid_if_pending = true;
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

TEST(DecidePosition, TakesBothEndsOfTheTimesAsInside) {
    Guest guest;
    guest.position.valid_from = kNoon;
    guest.position.valid_until = kNoon;
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.now = {kNoon - 1ms, kNoon - 1ms};
    EXPECT_EQ(guest.reason(), Reason::InvalidTime);
    guest.now = {kNoon + 1ms, kNoon + 1ms};
    EXPECT_EQ(guest.reason(), Reason::InvalidTime);
    EXPECT_EQ(guest.exit(), Reason::Valid);
}

TEST(DecidePosition, RefusesAProductThatIsNotOnTheListInBothDirections) {
    Guest guest;
    guest.list.all_products = false;
    guest.list.products = {2};
    EXPECT_EQ(guest.reason(), Reason::Product);
    EXPECT_EQ(guest.exit(), Reason::Product);
    guest.list.products = {2, 1};
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

TEST(DecidePosition, RefusesAnotherDateOfASeries) {
    Guest guest;
    guest.list.subevent = 12;
    EXPECT_EQ(guest.reason(), Reason::Invalid);
    guest.position.subevent = 14;
    EXPECT_EQ(guest.reason(), Reason::Invalid);
    EXPECT_EQ(guest.exit(), Reason::Invalid);
    guest.position.subevent = 12;
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

TEST(DecidePosition, WantsAMediumWhereTheProductDoes) {
    Guest guest;
    guest.product.media = MediaPolicy::Wanted;
    EXPECT_EQ(guest.reason(), Reason::ExchangeRequired);
    guest.at.media = ListFacts::Media::Linked;
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.event.media_enforced = true;
    EXPECT_EQ(guest.reason(), Reason::AlreadyExchanged);
    const KnownMedium medium;
    guest.medium = &medium;
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

// The earlier the check, the more it says: each refusal hides the ones after it.
TEST(DecidePosition, AsksInTheWrittenOrder) {
    Guest guest;
    guest.visit(Direction::Entry, 1h);
    EXPECT_EQ(guest.reason(), Reason::Used);
    guest.position.status = OrderStatus::Pending;
    EXPECT_EQ(guest.reason(), Reason::Unpaid);
    guest.list.subevent = 12;
    EXPECT_EQ(guest.reason(), Reason::Invalid);
    guest.list.all_products = false;
    EXPECT_EQ(guest.reason(), Reason::Product);
    guest.position.valid_until = kNoon - 1h;
    EXPECT_EQ(guest.reason(), Reason::InvalidTime);
    guest.position.require_approval = true;
    EXPECT_EQ(guest.reason(), Reason::Unapproved);
    guest.position.blocked = true;
    EXPECT_EQ(guest.reason(), Reason::Blocked);
    guest.position.status = OrderStatus::Canceled;
    EXPECT_EQ(guest.reason(), Reason::Canceled);
}

TEST(DecideEntries, AdmitsOnceOnAListWithoutReEntry) {
    Guest guest;
    guest.visit(Direction::Entry, 2h);
    EXPECT_EQ(guest.reason(), Reason::Used);
    guest.visit(Direction::Exit, 1h);
    EXPECT_EQ(guest.reason(), Reason::Used);
}

TEST(DecideEntries, AdmitsAgainAfterAnExitWhereTheListPermitsIt) {
    Guest guest;
    guest.list.entry_after_exit = true;
    guest.visit(Direction::Entry, 3h);
    EXPECT_EQ(guest.reason(), Reason::Used);
    guest.visit(Direction::Exit, 2h);
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.visit(Direction::Entry, 1h);
    EXPECT_EQ(guest.reason(), Reason::Used);
}

TEST(DecideEntries, AdmitsWhoWasOnlySeenLeaving) {
    Guest guest;
    guest.visit(Direction::Exit, 2h);
    guest.visit(Direction::Exit, 1h);
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

TEST(DecideEntries, AdmitsHoweverOftenWhereTheListPermitsIt) {
    Guest guest;
    guest.list.multiple_entries = true;
    guest.visit(Direction::Entry, 2h);
    guest.visit(Direction::Entry, 1h);
    EXPECT_EQ(guest.reason(), Reason::Valid);
}

TEST(DecideEntries, NeverKeepsAnybodyInside) {
    Guest guest;
    guest.visit(Direction::Entry, 2h);
    guest.visit(Direction::Exit, 1h);
    EXPECT_EQ(guest.exit(), Reason::Valid);
}

TEST(DecideEntries, CountsAnAdmissionWhoseOutcomeIsNotKnownYet) {
    Guest guest;
    guest.visit(Direction::Entry, 1min);
    guest.visits.back().standing = Visit::Standing::Open;
    EXPECT_EQ(guest.reason(), Reason::Used);
}

TEST(DecideEntries, OrdersVisitsOfOneMomentByTheirNumbers) {
    Guest guest;
    guest.list.entry_after_exit = true;
    guest.visit(Direction::Exit, 1h);
    guest.visit(Direction::Entry, 1h);
    EXPECT_EQ(guest.reason(), Reason::Used);
}

}  // namespace
}  // namespace stile
