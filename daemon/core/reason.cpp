// SPDX-License-Identifier: Apache-2.0
// The one table of reasons: display, reader, MQTT and handbook all take their words from here.
#include "daemon/core/reason.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace stile {
namespace {

constexpr std::array kTable{
    ReasonText{Reason::Valid, "VALID", "", "Welcome", "Please go through.",
               "The ticket is good and the lane is open. If the guest does not pass in time, the "
               "lane locks and the ticket is good again (at a lane without a sensor it counts as "
               "used)."},
    ReasonText{
        Reason::Invalid, "INVALID", "invalid", "This is not a valid ticket",
        "Please go to the ticket desk.",
        "No ticket that this gate can prove: another event's, a damaged or a forged one, or just "
        "any code. Look at the ticket; if it seems right, the desk sells or re-issues."},
    ReasonText{Reason::Unpaid, "UNPAID", "unpaid", "This ticket is not paid yet",
               "Please go to the ticket desk.",
               "The order is known and not paid. The guest can pay at the desk and come again."},
    ReasonText{
        Reason::Canceled, "CANCELED", "canceled", "This order was cancelled",
        "Please go to the ticket desk.",
        "The order was cancelled by the organiser or by the buyer. The desk can say when and why."},
    ReasonText{
        Reason::Used, "USED", "already_redeemed", "This ticket was already used",
        "Please go to the ticket desk.",
        "Somebody passed on this ticket before; the log says when and where. Ask whether the guest "
        "went out and whether they have a copy; a supervisor can take an entry of the last 15 "
        "minutes back, or let this guest in (stilectl override) within 30 seconds of the "
        "refusal."},
    ReasonText{Reason::Revoked, "REVOKED", "revoked", "This ticket was withdrawn",
               "Look for a newer ticket in your e-mail, or go to the ticket desk.",
               "The organiser has withdrawn this ticket, for example after a refund or because it "
               "was exchanged. There may be a newer one."},
    ReasonText{Reason::Blocked, "BLOCKED", "blocked", "This ticket is blocked",
               "Please go to the ticket desk.",
               "The ticket is blocked for now. The desk can see why and lift it."},
    ReasonText{Reason::InvalidTime, "INVALID_TIME", "invalid_time", "Not valid at this time",
               "See the times on your ticket.",
               "Too early or too late for this ticket. Tell the guest the times that stand on it."},
    ReasonText{Reason::Product, "PRODUCT", "product", "Not valid at this entrance",
               "See the entrance on your ticket.",
               "A genuine ticket, and not for this entrance or this event day. Send the guest to "
               "the entrance on the ticket."},
    ReasonText{Reason::Rules, "RULES", "rules", "Not valid here and now", "Please ask the staff.",
               "A rule of the access list says no; the sign names the condition that is nearest to "
               "being met. stilectl explain says all of it."},
    ReasonText{Reason::Ambiguous, "AMBIGUOUS", "ambiguous", "Several tickets match",
               "Please show the ticket for today.",
               "The code belongs to several tickets and the gate cannot choose. Let the guest show "
               "the single ticket."},
    ReasonText{Reason::Unapproved, "UNAPPROVED", "unapproved", "This order waits for approval",
               "Please go to the ticket desk.",
               "The organiser has to approve this order first. The desk can ask."},
    ReasonText{Reason::AnswersRequired, "ANSWERS_REQUIRED", "incomplete",
               "Some answers are missing", "Please ask the staff.",
               "A question of the order is not answered yet. Staff with a scanner of the platform "
               "can enter the answer."},
    ReasonText{Reason::Error, "ERROR", "error", "The gate cannot decide", "Please ask the staff.",
               "Something is wrong at the gate, not with the ticket. Try again; if it stays, send "
               "the guest to another lane and call the technician."},
    ReasonText{Reason::AlreadyExchanged, "ALREADY_EXCHANGED", "already_exchanged",
               "This ticket was exchanged", "Use your wristband or card.",
               "The ticket was exchanged for a wristband or card, and only that is good now. If "
               "the guest does not have it, the desk helps."},
    ReasonText{Reason::ExchangeRequired, "EXCHANGE_REQUIRED_OFFLINE", "exchange",
               "Exchange this ticket first", "Please go to the ticket desk.",
               "This ticket must become a wristband or card before it opens anything. The exchange "
               "is at the desk."},
    ReasonText{Reason::Replayed, "REPLAYED", "already_redeemed", "This code is too old",
               "Open the ticket in the app and show it again.",
               "A code of an app changes all the time, and this one is old or was shown before: a "
               "screenshot, or a phone without its app open. Let the guest open the app."},
    ReasonText{Reason::Superseded, "SUPERSEDED", "revoked", "There is a newer copy of this ticket",
               "Show the newest ticket you were sent.",
               "The ticket was issued again, and the newer copy is the good one. Let the guest "
               "look for the newest message."},
    ReasonText{Reason::Assurance, "ASSURANCE", "invalid", "A copy is not enough here",
               "Open the ticket in the app.",
               "This kind of ticket has to be shown by the app or the card, not as a picture or on "
               "paper."},
    ReasonText{Reason::Passback, "PASSBACK", "already_redeemed", "This ticket is already inside",
               "Please ask the staff.",
               "Somebody with this ticket is inside and has not come out. Ask whether the guest "
               "left without a scan; a supervisor can put it right."},
    ReasonText{Reason::Capacity, "CAPACITY", "rules", "This area is full", "Please wait here.",
               "As many people as may be are inside. Guests can come in as soon as others leave."},
    ReasonText{Reason::StaleLists, "STALE_LISTS", "error", "The gate's lists are too old",
               "Please ask the staff.",
               "The gate has not had news of the organiser for too long, and the policy says to be "
               "careful. Check the network, or bring the lists on a stick."},
    ReasonText{
        Reason::Clock, "CLOCK", "error", "The clocks do not agree",
        "Set your phone's time to automatic.",
        "The phone's time, or the gate's, is wrong. Let the guest set the phone to automatic; if "
        "all guests see this, the gate's clock is the one: call the technician."},
    ReasonText{Reason::ListsUnreadable, "LISTS_UNREADABLE", "error", "The gate cannot decide",
               "Please ask the staff.",
               "The list of withdrawn tickets cannot be read, so nobody can be admitted. Send "
               "guests to another gate and call the technician."},
    ReasonText{Reason::NotRecorded, "NOT_RECORDED", "error", "The gate cannot record entries",
               "Please ask the staff.",
               "The gate cannot write entries down (a full or failing disk), so it admits nobody. "
               "Send guests to another gate and call the technician."},
    ReasonText{
        Reason::LaneClosed, "LANE_CLOSED", "error", "This lane is closed",
        "Please use another lane.",
        "The lane is locked, out of order, in test, or lets people only out. Send the guest to "
        "another lane."},
    ReasonText{Reason::FreePassage, "FREE_PASSAGE", "", "Free passage", "Please go through.",
               "The lane is open for everybody. No ticket is looked at, and none is used up."},
    ReasonText{Reason::CardTorn, "CARD_TORN", "error", "The card was gone too soon",
               "Hold it still at the reader until it answers.",
               "The card left the reader before it had answered. Let the guest lay it on and keep "
               "it there for a second."},
    ReasonText{Reason::CardEmpty, "CARD_EMPTY", "invalid", "There is no ticket on this card",
               "Show the ticket that you were sent, or go to the ticket desk.",
               "The card or phone is in order and holds no ticket of this event. The guest may "
               "have another card, or the ticket as a code."},
    ReasonText{Reason::CardUnreadable, "CARD_UNREADABLE", "invalid", "This card cannot be read",
               "Please go to the ticket desk.",
               "The card is damaged, or of a kind that tickets are not on. Try it once more, flat "
               "and without others beside it; then the desk."},
    ReasonText{Reason::CardRandomId, "CARD_RANDOM_ID", "invalid",
               "This card has no number of its own",
               "Open the ticket on your phone, or go to the ticket desk.",
               "Many phones and bank cards show another number each time, so the number cannot be "
               "a ticket. The guest needs the ticket itself."},
    ReasonText{Reason::CardKey, "CARD_KEY", "invalid", "This card could not prove itself",
               "Please go to the ticket desk.",
               "The card does not know the secret of its kind: a copy, another organiser's card, "
               "or one that was made before the keys changed. The desk looks at it."},
    ReasonText{Reason::CardDelay, "CARD_DELAY", "error", "This card needs a moment",
               "Take it away, wait ten seconds, and hold it to the reader again.",
               "After wrong attempts a card answers slowly, to protect itself. It is in order "
               "again after a few seconds in the hand."},
    ReasonText{Reason::CardLocked, "CARD_LOCKED", "invalid", "This phone is locked",
               "Unlock it, choose your ticket, and hold it to the reader again.",
               "The phone asks its owner before it shows a ticket. Let the guest unlock it and "
               "choose the ticket."},
};

}  // namespace

const ReasonText& text_of(Reason reason) {
    const auto* row = std::ranges::find(kTable, reason, &ReasonText::reason);
    return row == kTable.end() ? kTable[std::to_underlying(Reason::Error) - 1] : *row;
}

std::optional<Reason> reason_from(std::uint8_t number) {
    const auto* row = std::ranges::find(kTable, static_cast<Reason>(number), &ReasonText::reason);
    return row == kTable.end() ? std::nullopt : std::optional{row->reason};
}

}  // namespace stile
