// SPDX-License-Identifier: Apache-2.0
// Protobuf by hand: the library would take the last of two equal fields and drop one of a wrong
// type in silence, and this is the whole of what it would do for us.
#include "crypto/formats/pretix_message.hpp"

#include <array>

namespace stile::crypto {
namespace {

// Wire types. Groups (3 and 4) are not in proto3.
constexpr std::uint64_t kVarint = 0;
constexpr std::uint64_t kFixed64 = 1;
constexpr std::uint64_t kText = 2;
constexpr std::uint64_t kFixed32 = 5;

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kLastKnown = 6;
constexpr std::uint64_t kMaxField = (1U << 29U) - 1;
constexpr std::uint64_t kMaxInt64 = 0x7FFF'FFFF'FFFF'FFFF;

// Marks the reader failed when the number does not end or does not fit 64 bits.
std::uint64_t read_varint(ByteReader& in) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint64_t byte = in.number<std::uint8_t>();
        if (shift == 63 && byte > 1) break;
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80) return value;
    }
    in.fail();
    return 0;
}

Bytes read_text(ByteReader& in) {
    const std::uint64_t size = read_varint(in);
    if (size > in.left()) in.fail();
    return in.take(in.ok() ? static_cast<std::size_t>(size) : 0);
}

void skip(ByteReader& in, std::uint64_t type) {
    if (type == kVarint) {
        (void)read_varint(in);
    } else if (type == kFixed64) {
        (void)in.take(8);
    } else if (type == kText) {
        (void)read_text(in);
    } else if (type == kFixed32) {
        (void)in.take(4);
    } else {
        in.fail();
    }
}

void read_seed(ByteReader& in, PretixMessage& out) {
    const Bytes seed = read_text(in);
    if (!is_utf8(seed)) in.fail();
    out.seed = as_text(seed);
}

void read_number(ByteReader& in, std::uint64_t field, PretixMessage& out) {
    const std::uint64_t value = read_varint(in);
    if (value > kMaxInt64) in.fail();
    if (field == 2) out.item = value;
    if (field == 3) out.variation = value;
    if (field == 4) out.subevent = value;
    if (field == 5) out.valid_from = value;
    if (field == 6) out.valid_until = value;
}

}  // namespace

std::expected<PretixMessage, Fault> parse_pretix_message(Bytes payload) {
    PretixMessage message;
    std::array<bool, kLastKnown + 1> seen{};
    ByteReader in{payload};
    while (in.ok() && in.left() > 0) {
        const std::uint64_t tag = read_varint(in);
        const std::uint64_t field = tag >> 3U;
        const std::uint64_t type = tag & 7U;
        const bool known = field <= kLastKnown;
        const bool wrong_type = known && type != (field == kSeed ? kText : kVarint);
        if (field == 0 || field > kMaxField || wrong_type || (known && seen[field])) {
            in.fail();
        } else if (!known) {
            skip(in, type);
        } else if (field == kSeed) {
            read_seed(in, message);
        } else {
            read_number(in, field, message);
        }
        if (known) seen[field] = true;
    }
    if (!in.ok() || message.item == 0) return std::unexpected{Fault::BadField};
    return message;
}

}  // namespace stile::crypto
