// SPDX-License-Identifier: Apache-2.0
// The one table of reasons: display, reader, MQTT and handbook all take their words from here.
#include "daemon/core/reason.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace stile {
namespace {

constexpr std::array kTable{
    ReasonText{Reason::Valid, "VALID", "", "Welcome", "Please go through."},
    ReasonText{Reason::Invalid, "INVALID", "invalid", "This is not a valid ticket",
               "Please go to the ticket desk."},
    ReasonText{Reason::Unpaid, "UNPAID", "unpaid", "This ticket is not paid yet",
               "Please go to the ticket desk."},
    ReasonText{Reason::Canceled, "CANCELED", "canceled", "This order was cancelled",
               "Please go to the ticket desk."},
    ReasonText{Reason::Used, "USED", "already_redeemed", "This ticket was already used",
               "Please go to the ticket desk."},
    ReasonText{Reason::Revoked, "REVOKED", "revoked", "This ticket was withdrawn",
               "Look for a newer ticket in your e-mail, or go to the ticket desk."},
    ReasonText{Reason::Blocked, "BLOCKED", "blocked", "This ticket is blocked",
               "Please go to the ticket desk."},
    ReasonText{Reason::InvalidTime, "INVALID_TIME", "invalid_time", "Not valid at this time",
               "See the times on your ticket."},
    ReasonText{Reason::Product, "PRODUCT", "product", "Not valid at this entrance",
               "See the entrance on your ticket."},
    ReasonText{Reason::Rules, "RULES", "rules", "Not valid here and now", "Please ask the staff."},
    ReasonText{Reason::Ambiguous, "AMBIGUOUS", "ambiguous", "Several tickets match",
               "Please show the ticket for today."},
    ReasonText{Reason::Unapproved, "UNAPPROVED", "unapproved", "This order waits for approval",
               "Please go to the ticket desk."},
    ReasonText{Reason::AnswersRequired, "ANSWERS_REQUIRED", "incomplete",
               "Some answers are missing", "Please ask the staff."},
    ReasonText{Reason::Error, "ERROR", "error", "The gate cannot decide", "Please ask the staff."},
    ReasonText{Reason::AlreadyExchanged, "ALREADY_EXCHANGED", "already_exchanged",
               "This ticket was exchanged", "Use your wristband or card."},
    ReasonText{Reason::ExchangeRequired, "EXCHANGE_REQUIRED_OFFLINE", "exchange",
               "Exchange this ticket first", "Please go to the ticket desk."},
    ReasonText{Reason::Replayed, "REPLAYED", "already_redeemed", "This code is too old",
               "Open the ticket in the app and show it again."},
    ReasonText{Reason::Superseded, "SUPERSEDED", "revoked", "There is a newer copy of this ticket",
               "Show the newest ticket you were sent."},
    ReasonText{Reason::Assurance, "ASSURANCE", "invalid", "A copy is not enough here",
               "Open the ticket in the app."},
    ReasonText{Reason::Passback, "PASSBACK", "already_redeemed", "This ticket is already inside",
               "Please ask the staff."},
    ReasonText{Reason::Capacity, "CAPACITY", "rules", "This area is full", "Please wait here."},
    ReasonText{Reason::StaleLists, "STALE_LISTS", "error", "The gate's lists are too old",
               "Please ask the staff."},
    ReasonText{Reason::Clock, "CLOCK", "error", "The clocks do not agree",
               "Set your phone's time to automatic."},
    ReasonText{Reason::ListsUnreadable, "LISTS_UNREADABLE", "error", "The gate cannot decide",
               "Please ask the staff."},
    ReasonText{Reason::NotRecorded, "NOT_RECORDED", "error", "The gate cannot record entries",
               "Please ask the staff."},
    ReasonText{Reason::LaneClosed, "LANE_CLOSED", "error", "This lane is closed",
               "Please use another lane."},
    ReasonText{Reason::FreePassage, "FREE_PASSAGE", "", "Free passage", "Please go through."},
    ReasonText{Reason::CardTorn, "CARD_TORN", "error", "The card was gone too soon",
               "Hold it still at the reader until it answers."},
    ReasonText{Reason::CardEmpty, "CARD_EMPTY", "invalid", "There is no ticket on this card",
               "Show the ticket that you were sent, or go to the ticket desk."},
    ReasonText{Reason::CardUnreadable, "CARD_UNREADABLE", "invalid", "This card cannot be read",
               "Please go to the ticket desk."},
    ReasonText{Reason::CardRandomId, "CARD_RANDOM_ID", "invalid",
               "This card has no number of its own",
               "Open the ticket on your phone, or go to the ticket desk."},
    ReasonText{Reason::CardKey, "CARD_KEY", "invalid", "This card could not prove itself",
               "Please go to the ticket desk."},
    ReasonText{Reason::CardDelay, "CARD_DELAY", "error", "This card needs a moment",
               "Take it away, wait ten seconds, and hold it to the reader again."},
    ReasonText{Reason::CardLocked, "CARD_LOCKED", "invalid", "This phone is locked",
               "Unlock it, choose your ticket, and hold it to the reader again."},
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
