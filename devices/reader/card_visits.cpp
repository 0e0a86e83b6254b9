// SPDX-License-Identifier: Apache-2.0
// Sessions, commands and answers of cards.
#include "devices/reader/card_visits.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/atr.hpp"
#include "daemon/core/reason.hpp"
#include "devices/reader/scan_desk.hpp"

namespace stile::devices {
namespace {

constexpr std::size_t kMaxOpen = 8;
constexpr std::size_t kMostTimes = 256;
constexpr std::array<std::uint8_t, 5> kGetUid{0xFF, 0xCA, 0x00, 0x00, 0x00};

// Nothing but a number of one of the lengths that numbers have.
Bytes uid_in(Bytes answer) {
    if (answer.size() < 2 || answer[answer.size() - 2] != 0x90 || answer.back() != 0x00) return {};
    const Bytes uid = answer.first(answer.size() - 2);
    return uid.size() == 4 || uid.size() == 7 || uid.size() == 10 ? uid : Bytes{};
}

// Made up by the card for this moment: it says nothing about the next one.
bool tells_cards_apart(Bytes uid) {
    return !uid.empty() && (uid.size() != 4 || uid[0] != 0x08);
}

protocol::CardTechnology technology_of(Bytes atr) {
    const auto known = crypto::classify_atr(atr);
    if (!known) return protocol::CardTechnology::Other;
    switch (*known) {
        case crypto::CardClass::Type2:
            return protocol::CardTechnology::Type2;
        case crypto::CardClass::Type4:
            return protocol::CardTechnology::Type4;
        case crypto::CardClass::Other:
            return protocol::CardTechnology::Other;
    }
    return protocol::CardTechnology::Other;
}

protocol::CardStatus status_of(CardTrouble trouble) {
    switch (trouble) {
        case CardTrouble::Gone:
            return protocol::CardStatus::Gone;
        case CardTrouble::Late:
            return protocol::CardStatus::Timeout;
        case CardTrouble::Unfit:
            return protocol::CardStatus::Refused;
        case CardTrouble::Failed:
            return protocol::CardStatus::Failed;
    }
    return protocol::CardStatus::Failed;
}

}  // namespace

CardVisits::CardVisits(Ports ports, Timer& timer, std::chrono::milliseconds hold_off)
    : ports_{std::move(ports)},
      timer_{timer},
      answered_{hold_off},
      allowance_{kScanPeriod, kScansAtOnce} {}

void CardVisits::on_ready() {
    ports_.show(closed_ ? Signal::Closed : Signal::Idle);
}

void CardVisits::on_card(Bytes atr) {
    visit_ = Visit{.atr = {atr.begin(), atr.end()}};
    commanding_ = false;
    ports_.transmit(kGetUid, kUidBudget,
                    [this](const CcidReader::Answer& answer) { on_uid(answer); });
}

void CardVisits::on_uid(const CcidReader::Answer& answer) {
    if (!visit_) return;
    if (!answer && (answer.error() == CardTrouble::Gone || answer.error() == CardTrouble::Late))
        return;  // on_gone() is about to come
    const Bytes uid = answer ? uid_in(*answer) : Bytes{};
    visit_->uid.assign(uid.begin(), uid.end());
    tell();
}

void CardVisits::tell() {
    if (was_answered(visit_->uid)) {
        visit_->answered = true;
        return;
    }
    if (!ports_.up()) {  // on_up() begins anew
        ++counts_.dropped;
        return;
    }
    if (!allowance_.take(timer_.now())) {
        ++counts_.dropped;
        return try_again();
    }
    const auto session = static_cast<std::uint32_t>(ports_.next_number());
    if (!ports_.send(protocol::CardPresent{.session = session,
                                           .technology = technology_of(visit_->atr),
                                           .atr = visit_->atr,
                                           .uid = visit_->uid})) {
        ++counts_.dropped;
        return;
    }
    ++counts_.cards;
    visit_->session = session;
    open_.push_back({session, visit_->uid});
    if (open_.size() > kMaxOpen) open_.pop_front();
}

void CardVisits::on_gone() {
    if (!visit_) return;
    const Visit was = std::move(*visit_);
    visit_.reset();
    again_.reset();
    if (was.answered) remember(was.uid);
    if (was.session != 0) (void)ports_.send(protocol::CardGone{was.session});  // lost: no session
}

void CardVisits::on_up() {
    closed_ = false;
    ports_.show(Signal::Idle);
    if (visit_ && !visit_->answered) ports_.restart_card();
}

// Numbers begin anew with the next connection: nothing of this one may be answered there.
void CardVisits::on_down() {
    if (std::exchange(closed_, true)) return;
    ++connection_;
    open_.clear();
    again_.reset();
    dark_.reset();
    if (visit_) visit_->session = 0;
    ports_.show(Signal::Closed);
}

void CardVisits::on_message(const protocol::Message& message) {
    if (const auto* command = std::get_if<protocol::CardCommand>(&message)) on_command(*command);
    if (const auto* feedback = std::get_if<protocol::Feedback>(&message)) on_feedback(*feedback);
}

void CardVisits::on_command(const protocol::CardCommand& command) {
    if (!visit_ || visit_->session == 0 || visit_->session != command.session)
        return answer(command, protocol::CardStatus::Gone, {});
    if (commanding_ || !crypto::allowed(command.apdu))
        return answer(command, protocol::CardStatus::Refused, {});
    pass_on(command);
}

void CardVisits::pass_on(const protocol::CardCommand& command) {
    commanding_ = true;
    ++counts_.commands;
    const Time began = timer_.now();
    ports_.transmit(
        command.apdu, std::chrono::milliseconds{command.budget_ms},
        [this, command, began, connection = connection_](const CcidReader::Answer& got) {
            commanding_ = false;
            const auto took =
                std::chrono::duration_cast<std::chrono::microseconds>(timer_.now() - began);
            if (command_us_.size() < kMostTimes)
                command_us_.push_back(static_cast<std::uint32_t>(took.count()));
            if (connection != connection_) return;
            if (got) return answer(command, protocol::CardStatus::Ok, *got);
            answer(command, status_of(got.error()), {});
        });
}

void CardVisits::answer(const protocol::CardCommand& command, protocol::CardStatus status,
                        Bytes bytes) {
    // If it is lost, so is the connection, and with it the session.
    (void)ports_.send(protocol::CardAnswer{.session = command.session,
                                           .sequence = command.sequence,
                                           .status = status,
                                           .answer = {bytes.begin(), bytes.end()}});
}

void CardVisits::on_feedback(const protocol::Feedback& feedback) {
    const auto found =
        std::ranges::find_if(open_, [&](const Open& one) { return one.session == feedback.scan; });
    if (found == open_.end()) return;
    const Open open = std::move(*found);
    open_.erase(found);
    const bool lies_there = visit_ && visit_->session == open.session;
    const bool torn = feedback.reason == static_cast<std::uint8_t>(Reason::CardTorn);
    switch (feedback.outcome) {
        case protocol::Outcome::Wait:
            show_for_a_while(Signal::Wait);
            if (lies_there) try_again();
            return;
        case protocol::Outcome::Admit:
            show_for_a_while(Signal::Admit);
            break;
        case protocol::Outcome::Refuse:
            show_for_a_while(Signal::Refuse);
            if (!torn) break;
            if (lies_there) try_again();
            return;  // nothing was answered yet
        case protocol::Outcome::Same:
            break;
    }
    if (lies_there) visit_->answered = true;
    remember(open.uid);
}

void CardVisits::show_for_a_while(Signal signal) {
    ports_.show(signal);
    dark_ = timer_.now() + kShown;
    set_alarm();
}

void CardVisits::try_again() {
    again_ = timer_.now() + kAgain;
    set_alarm();
}

void CardVisits::on_alarm() {
    const Time now = timer_.now();
    if (dark_ && now >= *dark_) {
        dark_.reset();
        ports_.show(Signal::Idle);
    }
    if (again_ && now >= *again_) {
        again_.reset();
        if (visit_ && !visit_->answered) ports_.restart_card();
    }
    set_alarm();
}

void CardVisits::set_alarm() {
    if (!again_ && !dark_) return;
    timer_.wake_at(std::min(again_.value_or(Time::max()), dark_.value_or(Time::max())));
}

void CardVisits::remember(Bytes uid) {
    if (tells_cards_apart(uid)) (void)answered_.see(uid, timer_.now());
}

bool CardVisits::was_answered(Bytes uid) {
    if (!tells_cards_apart(uid)) return false;
    if (answered_.see(uid, timer_.now()) == Sighting::Held) return true;
    answered_.forget(uid);  // only answers are remembered
    return false;
}

CardVisits::Counts CardVisits::take_counts() {
    Counts counts = std::exchange(counts_, {});
    if (!command_us_.empty()) {
        const auto middle =
            command_us_.begin() + static_cast<std::ptrdiff_t>(command_us_.size() / 2);
        std::ranges::nth_element(command_us_, middle);
        counts.command_us = *middle;
        command_us_.clear();
    }
    return counts;
}

}  // namespace stile::devices
