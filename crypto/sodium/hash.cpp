// SPDX-License-Identifier: Apache-2.0
// SHA-256, BLAKE2b and random bytes by libsodium.
#include "crypto/hash.hpp"

#include <new>

#include <sodium.h>

#include "crypto/sodium/init.hpp"

namespace stile::crypto {
namespace {

TicketId blake2b(Bytes key, std::initializer_list<Bytes> parts) {
    need_sodium();
    TicketId out{};
    crypto_generichash_state state;
    crypto_generichash_init(&state, key.data(), key.size(), out.size());
    for (const Bytes part : parts)
        crypto_generichash_update(&state, part.data(), part.size());
    crypto_generichash_final(&state, out.data(), out.size());
    return out;
}

}  // namespace

Digest sha256(std::initializer_list<Bytes> parts) {
    Digest out{};
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (const Bytes part : parts)
        crypto_hash_sha256_update(&state, part.data(), part.size());
    crypto_hash_sha256_final(&state, out.data());
    return out;
}

namespace {

using Sha256State = crypto_hash_sha256_state;

Sha256State* state_in(std::array<std::byte, sizeof(Sha256State)>& bytes) {
    return std::launder(reinterpret_cast<Sha256State*>(bytes.data()));
}

}  // namespace

Sha256::Sha256() {
    static_assert(alignof(Sha256State) <= 8);
    crypto_hash_sha256_init(new (state_.data()) Sha256State);
}

void Sha256::add(Bytes part) {
    crypto_hash_sha256_update(state_in(state_), part.data(), part.size());
}

Digest Sha256::finish() {
    Digest out{};
    crypto_hash_sha256_final(state_in(state_), out.data());
    return out;
}

std::array<std::uint8_t, 16> blake2b_128(std::initializer_list<Bytes> parts) {
    return blake2b({}, parts);
}

TicketId ticket_id(const EventSecret& secret, const Identity& identity) {
    return blake2b(secret, {identity.bytes});
}

void fill_random(std::span<std::uint8_t> out) {
    need_sodium();
    if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace stile::crypto
