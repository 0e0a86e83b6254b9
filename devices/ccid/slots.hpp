// SPDX-License-Identifier: Apache-2.0
// What lies in each slot of a reader, as far as its messages tell. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "devices/ccid/frame.hpp"
#include "devices/ccid/timer.hpp"

namespace stile::devices {

// What came of powering a card.
enum class Powered : std::uint8_t {
    Ours,     // a contactless card that answers
    NotOurs,  // a SAM or a contact card: left alone until it is taken out
    Mute,     // something that does not answer; it is tried again
};

// At most one card is active at once; another one waits until that one is gone.
class CcidSlots {
public:
    using Time = Timer::Time;

    // With `only`, all other slots are left alone.
    CcidSlots(std::uint8_t count, std::optional<std::uint8_t> only);

    // A slot's state in an answer of the reader.
    void saw(std::uint8_t slot, CardPower power);
    // A notification. Says whether the slot should be asked at once, since a card is known there.
    enum class Doubt : std::uint8_t { None, Ask };
    Doubt told(std::uint8_t slot, SlotNews news);
    void powered(std::uint8_t slot, Powered how, Time now);
    // The active card is left alone until it is taken away.
    void set_aside(std::uint8_t slot);
    // The active card does not answer any more: it is powered anew, or left alone after the third
    // time without having been away.
    void lost(std::uint8_t slot);
    // It is powered anew because somebody wants it so.
    void restart(std::uint8_t slot);
    // It was switched off, and can be powered again.
    void switched_off(std::uint8_t slot);
    // Nothing is known any more.
    void clear();

    [[nodiscard]] std::uint8_t count() const { return static_cast<std::uint8_t>(slots_.size()); }
    [[nodiscard]] bool used(std::uint8_t slot) const { return !only_ || *only_ == slot; }
    [[nodiscard]] std::optional<std::uint8_t> active() const;
    // The next slot whose card wants power now.
    [[nodiscard]] std::optional<std::uint8_t> to_power(Time now) const;
    // Whether it must be switched off first, since it did not answer before.
    [[nodiscard]] bool wants_off(std::uint8_t slot) const { return slots_[slot].off_first; }
    // When to_power() may have something new; nothing: when something happens.
    [[nodiscard]] std::optional<Time> next_try() const;
    // No card is known in any slot.
    [[nodiscard]] bool all_empty() const;

private:
    enum class State : std::uint8_t { Empty, Waiting, Active, Aside };
    struct Slot {
        State state = State::Empty;
        int mute = 0;  // times in succession
        bool off_first = false;
        int losses = 0;  // since it came
        Time not_before{};
    };

    std::optional<std::uint8_t> only_;
    std::vector<Slot> slots_;
};

}  // namespace stile::devices
