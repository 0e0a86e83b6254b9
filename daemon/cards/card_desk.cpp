// SPDX-License-Identifier: Apache-2.0
// Commands out, answers in, and a time limit on both.
#include "daemon/cards/card_desk.hpp"

#include <algorithm>
#include <utility>

#include "crypto/cards/allow_list.hpp"

namespace stile {
namespace {

using crypto::CardFault;
using protocol::CardStatus;
using protocol::Outcome;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kMostCommandBytes = 4096;

// Of several, the guest is told the one that says most about the card.
int weight(CardFault fault) {
    switch (fault) {
        case CardFault::NotThis:
            return 0;
        case CardFault::Empty:
            return 1;
        case CardFault::RandomId:
            return 2;
        case CardFault::Unsupported:
            return 3;
        case CardFault::Malformed:
            return 4;
        case CardFault::WrongKey:
            return 5;
        case CardFault::Locked:
            return 6;
        case CardFault::Delay:
            return 7;
    }
    return 0;
}

bool same_card(const protocol::CardPresent& one, const protocol::CardPresent& other) {
    return !one.uid.empty() && one.uid == other.uid && one.technology == other.technology &&
           one.atr == other.atr;
}

Reason reason_of(CardFault fault) {
    switch (fault) {
        case CardFault::NotThis:
        case CardFault::Empty:
            return Reason::CardEmpty;
        case CardFault::Malformed:
        case CardFault::Unsupported:
            return Reason::CardUnreadable;
        case CardFault::WrongKey:
            return Reason::CardKey;
        case CardFault::RandomId:
            return Reason::CardRandomId;
        case CardFault::Locked:
            return Reason::CardLocked;
        case CardFault::Delay:
            return Reason::CardDelay;
    }
    return Reason::CardUnreadable;
}

// It said what it wants first; asking for something else would only hold its owner up.
bool ends_visit(CardFault fault) {
    return fault == CardFault::Delay || fault == CardFault::Locked;
}

}  // namespace

Result<void> CardDesk::take(const protocol::CardPresent& present) {
    if (present.session <= last_session_)
        return fail(Errc::Invalid, "a number of a card session was used before");
    last_session_ = present.session;
    visit_.reset();
    deadline_.reset();
    if (lies_there(present)) {
        rest_ = {present, EventLoop::monotonic_ns()};
        parts_.send(protocol::Feedback{.scan = present.session, .outcome = Outcome::Same});
        return {};
    }
    rest_.reset();
    visit_.emplace(Visit{.card = present,
                         .came_ns = EventLoop::monotonic_ns(),
                         .plan = parts_.plan(present),
                         .dialogue = {}});
    go_on(CardFault::NotThis);
    return {};
}

bool CardDesk::lies_there(const protocol::CardPresent& card) const {
    const auto ago = nanoseconds{EventLoop::monotonic_ns() - (rest_ ? rest_->seen_ns : 0)};
    return rest_ && ago < parts_.limits.rest && same_card(card, rest_->card);
}

void CardDesk::take(const protocol::CardAnswer& answer) {
    if (!visit_ || answer.session != visit_->card.session || answer.sequence != visit_->commands)
        return;
    deadline_.reset();
    switch (answer.status) {
        case CardStatus::Ok:
            return go_on(visit_->dialogue->take(answer.answer));
        case CardStatus::Refused:  // a reader that cannot send this can send no more of its kind
            return go_on(CardFault::NotThis);
        case CardStatus::Gone:
        case CardStatus::Timeout:
        case CardStatus::Failed:
            return tear();
    }
}

void CardDesk::take(const protocol::CardGone& gone) {
    if (rest_ && rest_->card.session == gone.session) rest_.reset();
    if (visit_ && visit_->card.session == gone.session) tear();
}

void CardDesk::answered(const protocol::Feedback& feedback) {
    const bool waits = feedback.outcome == Outcome::Wait;
    if (waits && rest_ && rest_->card.session == feedback.scan) rest_.reset();
}

void CardDesk::reset() {
    visit_.reset();
    rest_.reset();
    deadline_.reset();
    last_session_ = 0;
}

// Until there is something to send, or nothing more to ask.
void CardDesk::go_on(crypto::CardStep step) {
    while (!std::holds_alternative<crypto::CardSend>(step)) {
        if (auto* found = std::get_if<crypto::CardFinding>(&step)) return finish(std::move(*found));
        note(std::get<CardFault>(step));
        if (ends_visit(visit_->fault) || !begin_next()) return finish(reason_of(visit_->fault));
        step = visit_->dialogue->begin();
    }
    command(std::move(std::get<crypto::CardSend>(step).apdu));
}

void CardDesk::note(CardFault fault) {
    if (weight(fault) > weight(visit_->fault)) visit_->fault = fault;
    // A card counts failed proofs, so a key is tried only where the one before was not even asked.
    const bool asked =
        visit_->next > 0 && visit_->plan[visit_->next - 1].keys == CardTurn::Keys::Secret;
    if (asked && fault != CardFault::NotThis) visit_->keys_allowed = CardTurn::Keys::None;
}

bool CardDesk::begin_next() {
    visit_->dialogue.reset();
    while (visit_->next < visit_->plan.size()) {
        const CardTurn& turn = visit_->plan[visit_->next++];
        if (turn.keys > visit_->keys_allowed) continue;
        visit_->dialogue = turn.make();
        return true;
    }
    return false;
}

void CardDesk::command(Buffer apdu) {
    const auto spent =
        std::chrono::floor<milliseconds>(nanoseconds{EventLoop::monotonic_ns() - visit_->came_ns});
    const milliseconds budget = std::min(parts_.limits.command, parts_.limits.card - spent);
    if (budget <= milliseconds{0}) return tear();
    const bool sendable = apdu.size() <= kMostCommandBytes && crypto::allowed(apdu);
    if (!sendable || visit_->commands == parts_.limits.commands)
        return finish(Reason::CardUnreadable);
    ++visit_->commands;
    deadline_ = parts_.loop.after(budget + parts_.limits.reader, [this] {
        parts_.on_silence();
        tear();
    });
    parts_.send(protocol::CardCommand{.session = visit_->card.session,
                                      .sequence = visit_->commands,
                                      .budget_ms = static_cast<std::uint16_t>(budget.count()),
                                      .apdu = std::move(apdu)});
}

void CardDesk::finish(CardOutcome outcome) {
    rest_ = {visit_->card, EventLoop::monotonic_ns()};
    tell(std::move(outcome));
}

// The next time it is asked from the beginning.
void CardDesk::tear() {
    tell(Reason::CardTorn);
}

void CardDesk::tell(CardOutcome outcome) {
    SeenCard seen{.session = visit_->card.session,
                  .came_ns = static_cast<std::uint64_t>(visit_->came_ns),
                  .outcome = std::move(outcome)};
    visit_.reset();
    deadline_.reset();
    parts_.on_card(std::move(seen));
}

}  // namespace stile
