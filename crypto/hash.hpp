// SPDX-License-Identifier: Apache-2.0
// Hashes and random bytes, with the library that computes them hidden.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "crypto/base/bytes.hpp"
#include "crypto/ticket.hpp"

namespace stile::crypto {

using Digest = std::array<std::uint8_t, 32>;
using TicketId = std::array<std::uint8_t, 16>;

// SHA-256 over the parts, one after the other. Reentrant, no allocation.
[[nodiscard]] Digest sha256(std::initializer_list<Bytes> parts);

// The same over parts that come one by one.
class Sha256 {
public:
    Sha256();
    void add(Bytes part);
    // Once.
    [[nodiscard]] Digest finish();

private:
    alignas(8) std::array<std::byte, 104> state_;  // the library's
};

// BLAKE2b with a 128-bit result, no key.
[[nodiscard]] std::array<std::uint8_t, 16> blake2b_128(std::initializer_list<Bytes> parts);

// The name of a ticket in logs and messages: keyed BLAKE2b-128 of its identity under a secret that
// gates and collectors share, so that nobody else can find a serial by trying them all.
using EventSecret = std::array<std::uint8_t, 32>;
[[nodiscard]] TicketId ticket_id(const EventSecret& secret, const Identity& identity);

// From the operating system; never fails (the process ends if it cannot be had).
void fill_random(std::span<std::uint8_t> out);

}  // namespace stile::crypto
