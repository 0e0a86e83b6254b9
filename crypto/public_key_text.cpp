// SPDX-License-Identifier: Apache-2.0
// The two ways in which an Ed25519 public key is written down.
#include <algorithm>

#include "crypto/base64.hpp"
#include "crypto/key_ring.hpp"

namespace stile::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view kEnd = "\n-----END PUBLIC KEY-----\n";
// SubjectPublicKeyInfo of RFC 8410: everything before the 32 bytes of the key is fixed.
constexpr std::array<std::uint8_t, 12> kDer{0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                            0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};

std::optional<PublicKey> from_pem(std::string_view entry) {
    std::array<std::uint8_t, 160> pem{};
    const auto pem_size = base64_decode(as_bytes(entry), pem);
    if (!pem_size) return std::nullopt;
    std::string_view text = as_text(Bytes{pem}.first(*pem_size));
    if (!text.starts_with(kBegin)) return std::nullopt;
    text.remove_prefix(kBegin.size());
    if (!text.ends_with(kEnd)) return std::nullopt;
    text.remove_suffix(kEnd.size());
    std::array<std::uint8_t, kDer.size() + 32> der{};
    const auto der_size = base64_decode(as_bytes(text), der);
    if (der_size != der.size() || !std::ranges::equal(Bytes{der}.first(kDer.size()), kDer))
        return std::nullopt;
    PublicKey key{};
    std::ranges::copy(Bytes{der}.last<32>(), key.begin());
    return key;
}

}  // namespace

std::optional<PublicKey> parse_public_key(std::string_view text) {
    PublicKey key{};
    if (text.size() != 2 * key.size()) return from_pem(text);
    const auto bytes = from_hex(text);
    if (!bytes) return std::nullopt;
    std::ranges::copy(*bytes, key.begin());
    return key;
}

}  // namespace stile::crypto
