// SPDX-License-Identifier: Apache-2.0
// A card reader in trouble: drop the command, reset the port, rest a while, reset again.
#include <algorithm>

#include "devices/ccid/ccid_reader.hpp"

namespace stile::devices {
namespace {

constexpr int kMostStrikes = 3;  // aborts that help, without one good answer in between
constexpr int kMostLampHangs = 2;

}  // namespace

void CcidReader::on_fault(PipeFault fault) {
    if (condition_ == CcidCondition::Unplugged) return;
    switch (fault) {
        case PipeFault::Gone:
            return unplugged();
        case PipeFault::Late:
            return recover(CardTrouble::Late, "it does not answer in time");
        case PipeFault::Broken:
            return recover(CardTrouble::Failed, "it breaks the protocol");
    }
}

// Whoever hears of it may ask for more at once: nothing more is begun in this condition.
void CcidReader::recover(CardTrouble trouble, std::string_view why) {
    reason_ = why;
    enter(CcidCondition::Recovering);
    finish(trouble);
    if (card_ && slots_.active() == card_) slots_.set_aside(*card_);
    if (powering_) slots_.powered(*powering_, Powered::Mute, timer_.now());
    // Once may be chance; then better no lamp than a reader that hangs again.
    if (escaping_ && ++lamp_hangs_ >= kMostLampHangs) mute_lamp_ = true;
    powering_.reset();
    escaping_ = false;
    setup_.clear();
    signals_.clear();
    settle();
    if (++strikes_ > kMostStrikes) return reset_or_rest();
    pipe_.abort(budgets_.abort, [this](const CcidPipe::Answer& answer) {
        if (answer && answer->outcome == CcidOutcome::Ok) return work();
        if (!answer && answer.error() == PipeFault::Gone) return unplugged();
        reset_or_rest();
    });
}

void CcidReader::reset_or_rest() {
    if (resets_ >= budgets_.most_resets) return rest();
    reset();
}

void CcidReader::reset() {
    ++resets_;
    strikes_ = 0;
    slots_.clear();
    settle();
    const auto done = usb_->reset();
    if (done) return synchronise();
    reason_ = done.error().context;
    if (done.error().code == Errc::Closed) return unplugged();
    rest();
}

void CcidReader::rest() {
    rest_until_ = timer_.now() + next_rest_;
    next_rest_ = std::min(2 * next_rest_, budgets_.longest_rest);
    timer_.wake_at(rest_until_);
    enter(CcidCondition::Resting);
}

// Whoever had the reader before us may have left answers in it: an answer to a question of ours
// shows that we are past them.
void CcidReader::synchronise() {
    listen_faults_ = 0;
    missed_news_ = -static_cast<int>(slots_.count());  // cards that lie there already
    pipe_.exchange({.request = CcidRequest::SlotStatus, .slot = profile_.slot.value_or(0)},
                   budgets_.command, CcidPipe::Reading::Forgiving,
                   [this](const CcidPipe::Answer& answer) {
                       if (answer) {
                           slots_.saw(answer->slot, answer->card);
                           return work();
                       }
                       if (answer.error() == PipeFault::Gone) return unplugged();
                       reason_ = "it does not answer";
                       reset_or_rest();
                   });
}

void CcidReader::work() {
    const Escapes escapes = setup_escapes(profile_);
    if (!mute_lamp_) setup_.assign(escapes.begin(), escapes.end());
    look_soon();
    listen();
    enter(CcidCondition::Working);
    pump();
}

void CcidReader::unplugged() {
    if (condition_ == CcidCondition::Unplugged) return;
    slots_.clear();
    settle();
    enter(CcidCondition::Unplugged);
}

void CcidReader::enter(CcidCondition condition) {
    if (condition_ == condition) return;
    condition_ = condition;
    if (handlers_.on_condition) handlers_.on_condition();
}

}  // namespace stile::devices
