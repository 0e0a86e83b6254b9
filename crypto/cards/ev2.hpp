// SPDX-License-Identifier: Apache-2.0
// NTAG 424 DNA and DESFire EV2 or EV3: card and gate prove a key to each other, then the ticket is
// read under the session's MAC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

// One fleet of cards, as its personaliser made them (CARDS.md).
struct Ev2Keys {
    Buffer application;     // 3 bytes: DESFire id as it is sent; 5 to 16: name for ISO SELECT
    std::uint8_t key = 0;   // number, 0 to 13
    std::uint8_t file = 0;  // number, 0 to 31
    LockedBytes master{16};
    Buffer context;  // behind the UID in the input of AN10922
};

// What is wrong with them, for people; empty if nothing is.
[[nodiscard]] std::string_view fault_of(const Ev2Keys& keys);

using Ev2Random = std::array<std::uint8_t, 16>;

// Borrows the keys, which must outlive the dialogue and be without fault. The UID is the card's, as
// its reader tells it; `random` is fresh. The dialogue authenticates once: cards count failures.
[[nodiscard]] std::unique_ptr<CardDialogue> make_ev2(const Ev2Keys& keys, Bytes uid,
                                                     const Ev2Random& random);

}  // namespace stile::crypto
