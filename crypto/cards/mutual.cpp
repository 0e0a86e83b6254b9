// SPDX-License-Identifier: Apache-2.0
// Turns, encrypts and compares the random numbers.
#include "crypto/cards/mutual.hpp"

#include <algorithm>

namespace stile::crypto {
namespace {

// Left by one byte, which AN12196 writes as '.
AesBlock turned(Bytes block) {
    AesBlock out{};
    std::ranges::rotate_copy(block, block.begin() + 1, out.begin());
    return out;
}

}  // namespace

MacTag mac_tag(const AesBlock& mac) {
    MacTag tag{};
    for (std::size_t i = 0; i < tag.size(); ++i)
        tag[i] = mac[(2 * i) + 1];
    return tag;
}

MutualProof::MutualProof(AesKey key, const AesBlock& random) : secrets_{48} {
    std::ranges::copy(key, secrets_.span().begin());
    std::ranges::copy(random, secrets_.span().begin() + 16);
}

std::optional<std::array<std::uint8_t, 32>> MutualProof::answer(const AesBlock& challenge) {
    const auto theirs_room = secrets_.span().subspan(32, 16);
    std::ranges::copy(challenge, theirs_room.begin());
    AesBlock iv{};
    if (!aes_cbc_decrypt(key(), iv, theirs_room)) return std::nullopt;
    std::array<std::uint8_t, 32> word{};
    std::ranges::copy(ours(), word.begin());
    std::ranges::copy(turned(theirs()), word.begin() + 16);
    iv = {};
    if (!aes_cbc_encrypt(key(), iv, word)) return std::nullopt;
    return word;
}

bool MutualProof::decrypt(std::span<std::uint8_t> bytes) const {
    AesBlock iv{};
    return aes_cbc_decrypt(key(), iv, bytes);
}

bool MutualProof::is_ours(Bytes word) const {
    return same_bytes(word, turned(ours()));
}

std::optional<LockedBytes> MutualProof::session_key(std::uint16_t label) const {
    LockedBytes vector{32};  // label, 0001, 0080, then the context of AN12196 section 5.6
    const auto out = vector.span();
    const Bytes a = ours();
    const Bytes b = theirs();
    const std::array<std::uint8_t, 4> counter{0x00, 0x01, 0x00, 0x80};
    std::ranges::copy(big_endian(label), out.begin());
    std::ranges::copy(counter, out.begin() + 2);
    std::ranges::copy(a.first(2), out.begin() + 6);
    for (std::size_t i = 0; i < 6; ++i)
        out[8 + i] = a[2 + i] ^ b[i];
    std::ranges::copy(b.subspan(6), out.begin() + 14);
    std::ranges::copy(a.subspan(8), out.begin() + 24);
    std::optional<AesBlock> mac = aes_cmac(key(), {vector.bytes()});
    if (!mac) return std::nullopt;
    LockedBytes session{mac->size()};
    std::ranges::copy(*mac, session.span().begin());
    wipe(*mac);
    return session;
}

}  // namespace stile::crypto
