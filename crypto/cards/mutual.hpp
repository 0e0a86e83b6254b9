// SPDX-License-Identifier: Apache-2.0
// The exchange by which card and reader prove an AES key to each other, and the session keys that
// follow: what DESFire EV2, NTAG 424 and Ultralight AES have in common (AN12196, AN13452).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "crypto/aes.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

using MacTag = std::array<std::uint8_t, 8>;

// The eight bytes of a CMAC with odd index.
[[nodiscard]] MacTag mac_tag(const AesBlock& mac);

// Our side of one authentication. Everything in it is in locked memory and wiped with it.
class MutualProof {
public:
    // The key is copied; `random` is ours, fresh for this exchange.
    MutualProof(AesKey key, const AesBlock& random);

    // What we answer to E(RndB): E(RndA || RndB'). Nothing if libcrypto fails.
    [[nodiscard]] std::optional<std::array<std::uint8_t, 32>> answer(const AesBlock& challenge);

    // Decrypts the card's last word in place (a multiple of 16 bytes). False if libcrypto fails.
    [[nodiscard]] bool decrypt(std::span<std::uint8_t> bytes) const;
    // Whether these 16 bytes are RndA'.
    [[nodiscard]] bool is_ours(Bytes turned) const;

    // CMAC(key, label || 0001 0080 || what both random numbers make).
    [[nodiscard]] std::optional<LockedBytes> session_key(std::uint16_t label) const;

private:
    [[nodiscard]] AesKey key() const { return secrets_.bytes().subspan<0, 16>(); }
    [[nodiscard]] Bytes ours() const { return secrets_.bytes().subspan(16, 16); }
    [[nodiscard]] Bytes theirs() const { return secrets_.bytes().subspan(32, 16); }

    LockedBytes secrets_;  // key, RndA, RndB
};

inline constexpr std::uint16_t kSessionEncryption = 0xA55A;
inline constexpr std::uint16_t kSessionMac = 0x5AA5;

}  // namespace stile::crypto
