// SPDX-License-Identifier: Apache-2.0
// Which dialogues a card is asked for, and in which order.
#pragma once

#include <cstdint>

#include "daemon/cards/card_desk.hpp"
#include "daemon/cards/card_keys.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

// What this gate wants of cards.
struct CardSite {
    enum class Switch : std::uint8_t { Off, On };
    Switch hce = Switch::On;   // phones that answer a nonce
    Switch uid = Switch::Off;  // numbers of cards, which anybody can clone
    CardKeys keys;
    std::uint64_t gate = 0;  // its number, for challenges
};

// Whether the lane asks a platform, which knows media.
enum class Media : std::uint8_t { Unknown, Known };

// In the order of CARDS.md: a phone or card with a key is never taken for its own copy. Nonces are
// made when their dialogue begins. Borrows the site; `now` is the gate's best guess.
[[nodiscard]] CardPlan plan_for(const protocol::CardPresent& card, const CardSite& site,
                                Media media, WallTime now);

}  // namespace stile
