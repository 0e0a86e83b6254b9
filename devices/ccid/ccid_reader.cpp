// SPDX-License-Identifier: Apache-2.0
// What a card reader does next: the card's commands first, then new cards, then lamps, then
// looking.
#include "devices/ccid/ccid_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/ccid/contactless_atr.hpp"
#include "devices/usb/usb_device.hpp"

namespace stile::devices {
namespace {

using Milliseconds = std::chrono::milliseconds;

// T=1 as every contactless card has it, for readers that want to be told (CCID.md).
constexpr std::array<std::uint8_t, 7> kT1Parameters = {0x11, 0x10, 0x00, 0x4D, 0x00, 0x20, 0x00};
constexpr std::uint8_t kT1 = 0x01;
constexpr Milliseconds kLeastBudget{5};  // with less there is no point in asking

// The card said nothing, or nothing that the reader could understand.
bool speechless(std::uint8_t error) {
    return error == kCcidCardMute || error == kCcidParity || error == kCcidOverrun ||
           error == kCcidHardware;
}

}  // namespace

Result<std::unique_ptr<CcidReader>> CcidReader::open(std::unique_ptr<UsbInterface> usb,
                                                     Timer& timer, Handlers handlers,
                                                     const CcidBudgets& budgets) {
    const auto descriptor = parse_ccid_descriptor(usb->info().extra);
    if (!descriptor) return std::unexpected{descriptor.error()};
    if (endpoint_of(usb->info(), UsbEndpoint::Kind::BulkIn) == nullptr ||
        endpoint_of(usb->info(), UsbEndpoint::Kind::BulkOut) == nullptr)
        return fail(Errc::Invalid, "the card reader has no bulk endpoints");
    return std::unique_ptr<CcidReader>{
        new CcidReader{std::move(usb), timer, std::move(handlers), *descriptor, budgets}};
}

CcidReader::CcidReader(std::unique_ptr<UsbInterface> usb, Timer& timer, Handlers handlers,
                       const CcidDescriptor& descriptor, const CcidBudgets& budgets)
    : usb_{std::move(usb)},
      timer_{timer},
      handlers_{std::move(handlers)},
      descriptor_{descriptor},
      budgets_{budgets},
      profile_{profile_of(usb_->identity().vendor, usb_->identity().product)},
      pipe_{*usb_, timer_},
      slots_{static_cast<std::uint8_t>(descriptor.last_slot + 1), profile_.slot},
      next_rest_{budgets.first_rest} {}

void CcidReader::start() {
    synchronise();
}

void CcidReader::on_alarm() {
    if (condition_ != CcidCondition::Resting) return pump();
    if (timer_.now() >= rest_until_) return reset();
    timer_.wake_at(rest_until_);
}

void CcidReader::ask(const CcidCommand& command, Milliseconds budget, Then then) {
    pipe_.exchange(command, budget, CcidPipe::Reading::Strict,
                   [this, then](const CcidPipe::Answer& answer) {
                       if (!answer) return on_fault(answer.error());
                       strikes_ = 0;
                       (this->*then)(*answer);
                       settle();
                       pump();
                   });
}

void CcidReader::pump() {
    if (condition_ != CcidCondition::Working || pipe_.busy()) return;
    if (transfer_) return send_block();
    const Timer::Time now = timer_.now();
    if (const auto slot = slots_.to_power(now)) return power_on(*slot);
    if (!setup_.empty() || !signals_.empty()) return send_escape();
    const Timer::Time due = last_look_ + poll_period();
    if (looks_ > 0 || now >= due) return poll();
    timer_.wake_at(std::min(due, slots_.next_try().value_or(due)));
}

void CcidReader::power_on(std::uint8_t slot) {
    powering_ = slot;
    if (slots_.wants_off(slot)) {
        return ask({.request = CcidRequest::PowerOff, .slot = slot}, budgets_.command,
                   &CcidReader::on_power_off);
    }
    // 0: the reader chooses the voltage; 1: 5 V, which means nothing without contacts.
    const std::uint8_t voltage = descriptor_.chooses_voltage() ? 0 : 1;
    ask({.request = CcidRequest::PowerOn, .slot = slot, .specific = {voltage, 0, 0}},
        budgets_.command, &CcidReader::on_power);
}

void CcidReader::on_power_off(const CcidAnswer& answer) {
    slots_.saw(answer.slot, answer.card);
    slots_.switched_off(answer.slot);
    powering_.reset();  // pump() goes on with it
}

void CcidReader::on_power(const CcidAnswer& answer) {
    const Timer::Time now = timer_.now();
    if (answer.outcome == CcidOutcome::Failed || answer.data.size() > kLongestAtr) {
        powering_.reset();
        slots_.saw(answer.slot, answer.card);
        return slots_.powered(answer.slot, Powered::Mute, now);
    }
    if (!is_contactless(answer.data)) {
        powering_.reset();
        return slots_.powered(answer.slot, Powered::NotOurs, now);
    }
    atr_.assign(answer.data.begin(), answer.data.end());
    if (descriptor_.chooses_parameters()) return present();
    ask({.request = CcidRequest::SetParameters,
         .slot = answer.slot,
         .specific = {kT1, 0, 0},
         .data = kT1Parameters},
        budgets_.command, &CcidReader::on_parameters);
}

// A reader that refuses them has its own.
void CcidReader::on_parameters(const CcidAnswer& /*answer*/) {
    present();
}

void CcidReader::present() {
    const auto slot = std::exchange(powering_, std::nullopt);
    slots_.powered(*slot, Powered::Ours, timer_.now());
    if (slots_.active() != slot) return look_soon();  // it was taken away meanwhile
    card_ = slot;
    card_time_ = {};
    last_look_ = timer_.now();
    handlers_.on_card(atr_);
}

void CcidReader::transmit(Bytes apdu, Milliseconds budget, OnAnswer done) {
    if (!card_ || transfer_) return done(std::unexpected{CardTrouble::Gone});
    if (!fits(apdu, descriptor_)) return done(std::unexpected{CardTrouble::Unfit});
    const Timer::Time card_left = budgets_.card - card_time_;
    const Timer::Time left = std::min<Timer::Time>({budget, budgets_.command, card_left});
    if (left < kLeastBudget) return give_up_card(done);
    const std::size_t block =
        std::min<std::size_t>(descriptor_.longest_frame, CcidPipe::kBuffer) - kCcidHeaderBytes;
    const Timer::Time now = timer_.now();
    transfer_.emplace(ApduTransfer{apdu, descriptor_.level, block}, std::move(done), now,
                      now + left);
    pump();
}

// It has used its time: nothing more is asked of it.
void CcidReader::give_up_card(const OnAnswer& done) {
    slots_.set_aside(*card_);
    card_.reset();
    done(std::unexpected{CardTrouble::Late});
    handlers_.on_gone();
}

void CcidReader::send_block() {
    const auto left = std::chrono::floor<Milliseconds>(transfer_->deadline - timer_.now());
    const ApduTransfer::Block block = transfer_->blocks.next();
    ask({.request = CcidRequest::Transfer,
         .slot = *card_,
         .specific = {0, static_cast<std::uint8_t>(block.place), 0},
         .data = block.data},
        left, &CcidReader::on_block);
}

void CcidReader::on_block(const CcidAnswer& answer) {
    if (!transfer_) return;  // its card is gone already
    if (answer.outcome == CcidOutcome::Failed) return on_refused_block(answer);
    switch (transfer_->blocks.take(answer)) {
        case ApduTransfer::Step::More:
            return;
        case ApduTransfer::Step::Done:
            resets_ = 0;
            next_rest_ = budgets_.first_rest;
            last_look_ = timer_.now();
            return finish(std::nullopt);
        case ApduTransfer::Step::Broken:
            return on_fault(PipeFault::Broken);
    }
}

void CcidReader::on_refused_block(const CcidAnswer& answer) {
    slots_.saw(answer.slot, answer.card);
    if (slots_.active() == card_ && speechless(answer.error)) slots_.lost(*card_);
    if (slots_.active() == card_) finish(CardTrouble::Failed);
}

void CcidReader::finish(std::optional<CardTrouble> trouble) {
    if (!transfer_) return;
    card_time_ += timer_.now() - transfer_->began;
    const auto ended = std::exchange(transfer_, std::nullopt);
    if (trouble) return ended->done(std::unexpected{*trouble});
    ended->done(Bytes{ended->blocks.answer()});
}

// Tells that the card is gone, as soon as anything says so.
void CcidReader::settle() {
    if (!card_ || slots_.active() == card_) return;
    card_.reset();
    finish(CardTrouble::Gone);
    handlers_.on_gone();
}

void CcidReader::restart_card() {
    if (!card_) return;
    slots_.restart(*card_);
    settle();
    pump();
}

void CcidReader::show(Signal signal) {
    if (mute_lamp_) return;
    const Escapes escapes = signal_escapes(profile_, signal);
    signals_.assign(escapes.begin(), escapes.end());
    pump();
}

void CcidReader::send_escape() {
    auto& queue = setup_.empty() ? signals_ : setup_;
    const Buffer payload = std::move(queue.front());
    queue.pop_front();
    escaping_ = true;
    ask({.request = CcidRequest::Escape, .slot = profile_.slot.value_or(0), .data = payload},
        budgets_.command, &CcidReader::on_escape);
}

void CcidReader::on_escape(const CcidAnswer& answer) {
    escaping_ = false;
    if (answer.outcome != CcidOutcome::Failed) return;
    mute_lamp_ = true;
    setup_.clear();
    signals_.clear();
}

void CcidReader::poll() {
    looks_ = std::max(looks_ - 1, 0);
    do
        polled_ = static_cast<std::uint8_t>((polled_ + 1) % slots_.count());
    while (!slots_.used(polled_));
    ask({.request = CcidRequest::SlotStatus, .slot = polled_}, budgets_.command,
        &CcidReader::on_status);
}

void CcidReader::on_status(const CcidAnswer& answer) {
    const bool empty = slots_.all_empty();
    slots_.saw(answer.slot, answer.card);
    if (empty && !slots_.all_empty()) ++missed_news_;
    last_look_ = timer_.now();
}

void CcidReader::look_soon() {
    looks_ = profile_.slot ? 1 : slots_.count();
}

Timer::Time CcidReader::poll_period() const {
    const auto period = hears_well() && slots_.all_empty() ? budgets_.quiet_poll : budgets_.poll;
    return Timer::Time{period} / (profile_.slot ? 1 : slots_.count());
}

}  // namespace stile::devices
