// SPDX-License-Identifier: Apache-2.0
// Makes pretix_sig1 tickets, good and bad, for tests to show.
#pragma once

#include <string>

#include "crypto/signing_key.hpp"
#include "tests/crypto/issuer.hpp"

namespace stile::tests {

// One spelling, with padding.
[[nodiscard]] inline std::string base64(Bytes bytes) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const Bytes part = bytes.subspan(at, std::min<std::size_t>(3, bytes.size() - at));
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = (bits << 8U) | (i < part.size() ? part[i] : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= part.size() ? kAlphabet[(bits >> (18 - 6 * i)) & 63U] : '=';
    }
    return text;
}

// The text of a code whose bytes are these.
[[nodiscard]] inline std::string turned(Bytes raw) {
    std::string text = base64(raw);
    std::ranges::reverse(text);
    return text;
}

[[nodiscard]] inline Buffer pretix_bytes(Bytes payload, const crypto::SigningKey& key) {
    Buffer raw;
    ByteWriter out{raw};
    out.number(std::uint8_t{1});
    out.number(static_cast<std::uint16_t>(payload.size()));
    out.number(std::uint16_t{64});
    out.raw(payload);
    out.raw(key.sign(payload));
    return raw;
}

[[nodiscard]] inline std::string pretix_text(Bytes payload, const crypto::SigningKey& key) {
    return turned(pretix_bytes(payload, key));
}

[[nodiscard]] inline crypto::KeyRecord pretix_record(const crypto::SigningKey& key) {
    crypto::KeyRecord record = test_record(key);
    record.formats = {"pretix_sig1"};
    return record;
}

// Seed "SEED12345", item 3, subevent 14.
inline constexpr std::array<std::uint8_t, 15> kPretixPayload{
    0x0A, 9, 'S', 'E', 'E', 'D', '1', '2', '3', '4', '5', 0x10, 3, 0x20, 14};

}  // namespace stile::tests
