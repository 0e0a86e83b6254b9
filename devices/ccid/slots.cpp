// SPDX-License-Identifier: Apache-2.0
// The states of slots and what changes them.
#include "devices/ccid/slots.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

constexpr int kQuickTries = 2;  // of a card that does not answer; then one a kSlowTry
constexpr std::chrono::seconds kSlowTry{1};
constexpr int kMostLosses = 3;

}  // namespace

CcidSlots::CcidSlots(std::uint8_t count, std::optional<std::uint8_t> only)
    : only_{only}, slots_(count) {}

void CcidSlots::saw(std::uint8_t slot, CardPower power) {
    Slot& at = slots_[slot];
    switch (power) {
        case CardPower::Absent:
            at = {};
            return;
        case CardPower::Inactive:
            // The reader has taken its power away: another card, or the same one anew.
            if (at.state == State::Active) return lost(slot);
            [[fallthrough]];
        case CardPower::Active:
            if (at.state == State::Empty) at = {.state = State::Waiting};
            return;
    }
}

CcidSlots::Doubt CcidSlots::told(std::uint8_t slot, SlotNews news) {
    Slot& at = slots_[slot];
    switch (news) {
        case SlotNews::Unchanged:
            return Doubt::None;
        case SlotNews::Removed:
            at = {};
            return Doubt::None;
        case SlotNews::Inserted:
            if (at.state == State::Active) return Doubt::Ask;
            if (at.state != State::Waiting) at = {.state = State::Waiting};
            return Doubt::None;
    }
    return Doubt::None;
}

void CcidSlots::powered(std::uint8_t slot, Powered how, Time now) {
    Slot& at = slots_[slot];
    switch (how) {
        case Powered::Ours:
            if (at.state == State::Waiting) at = {.state = State::Active, .losses = at.losses};
            return;
        case Powered::NotOurs:
            at = {.state = State::Aside};
            return;
        case Powered::Mute:
            if (at.state != State::Waiting) return;
            ++at.mute;
            at.off_first = true;
            at.not_before = at.mute < kQuickTries ? now : now + kSlowTry;
            return;
    }
}

void CcidSlots::switched_off(std::uint8_t slot) {
    slots_[slot].off_first = false;
}

void CcidSlots::set_aside(std::uint8_t slot) {
    slots_[slot] = {.state = State::Aside};
}

void CcidSlots::lost(std::uint8_t slot) {
    const int losses = slots_[slot].losses + 1;
    const State state = losses < kMostLosses ? State::Waiting : State::Aside;
    slots_[slot] = {.state = state, .off_first = true, .losses = losses};
}

void CcidSlots::restart(std::uint8_t slot) {
    slots_[slot] = {.state = State::Waiting, .off_first = true};
}

void CcidSlots::clear() {
    std::ranges::fill(slots_, Slot{});
}

std::optional<std::uint8_t> CcidSlots::active() const {
    const auto found = std::ranges::find(slots_, State::Active, &Slot::state);
    if (found == slots_.end()) return std::nullopt;
    return static_cast<std::uint8_t>(found - slots_.begin());
}

std::optional<std::uint8_t> CcidSlots::to_power(Time now) const {
    if (active()) return std::nullopt;
    for (std::uint8_t slot = 0; slot < count(); ++slot) {
        const Slot& at = slots_[slot];
        if (used(slot) && at.state == State::Waiting && at.not_before <= now) return slot;
    }
    return std::nullopt;
}

std::optional<CcidSlots::Time> CcidSlots::next_try() const {
    std::optional<Time> next;
    if (active()) return next;
    for (std::uint8_t slot = 0; slot < count(); ++slot) {
        const Slot& at = slots_[slot];
        if (!used(slot) || at.state != State::Waiting) continue;
        if (!next || at.not_before < *next) next = at.not_before;
    }
    return next;
}

bool CcidSlots::all_empty() const {
    return std::ranges::all_of(slots_, [](const Slot& at) { return at.state == State::Empty; });
}

}  // namespace stile::devices
