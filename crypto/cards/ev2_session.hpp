// SPDX-License-Identifier: Apache-2.0
// Secure messaging with a DESFire EV2 or NTAG 424 after its authentication (AN12196): commands and
// answers under a MAC, with a counter that no recording can have.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "crypto/cards/apdu.hpp"
#include "crypto/cards/mutual.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

using TransactionId = std::array<std::uint8_t, 4>;

class Ev2Session {
public:
    // Takes the session keys of one authentication.
    Ev2Session(LockedBytes encryption, LockedBytes mac, TransactionId id, std::uint16_t counter = 0)
        : encryption_{std::move(encryption)}, mac_{std::move(mac)}, id_{id}, counter_{counter} {}

    // A command with its MAC. Nothing if libcrypto fails.
    [[nodiscard]] std::optional<CardSend> protect(std::uint8_t command, Bytes header) const;

    // The whole answer to it (all frames, MAC last, without status) to its data, of which the
    // caller expects `size` bytes: so many are in mode MAC, a padding more in mode FULL. Counts the
    // command. Nothing if a byte is not the card's, or there are more or fewer.
    [[nodiscard]] std::optional<Buffer> open(Bytes answer, std::size_t size);

private:
    [[nodiscard]] std::array<std::uint8_t, 2> counter_bytes() const;
    [[nodiscard]] std::optional<Buffer> decrypt(Bytes data) const;

    LockedBytes encryption_, mac_;
    TransactionId id_;
    std::uint16_t counter_;
};

}  // namespace stile::crypto
