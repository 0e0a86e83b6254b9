// SPDX-License-Identifier: Apache-2.0
// HKDF and HMAC by libcrypto, and the decimal digits of RFC 4226.
#include "crypto/totp.hpp"

#include <algorithm>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

namespace stile::crypto {
namespace {

constexpr std::string_view kLabel{"GT1-totp\0", 9};
constexpr std::uint32_t kCodes = 100'000'000;  // ten to the power of eight digits

struct FreeKdf {
    void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

// OSSL_PARAM wants pointers to what it only reads.
OSSL_PARAM octets(const char* name, Bytes bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()),
                                             bytes.size());
}

bool hkdf_sha256(Bytes master, Bytes info, std::span<std::uint8_t> out) {
    static constexpr std::array<std::uint8_t, 32> kNoSalt{};
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        octets(OSSL_KDF_PARAM_KEY, master),
        octets(OSSL_KDF_PARAM_SALT, kNoSalt),
        octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };
    const std::unique_ptr<EVP_KDF, FreeKdf> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
    if (!kdf) return false;
    const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context{EVP_KDF_CTX_new(kdf.get())};
    return context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1;
}

}  // namespace

std::optional<TotpKey> totp_key(const TotpMaster& master, std::uint32_t event,
                                std::uint64_t serial) {
    std::array<std::uint8_t, kLabel.size() + 4 + 8> info{};
    auto end = std::ranges::copy(as_bytes(kLabel), info.begin()).out;
    end = std::ranges::copy(big_endian(event), end).out;
    std::ranges::copy(big_endian(serial), end);
    TotpKey key{};
    if (!hkdf_sha256(master, info, key)) return std::nullopt;
    return key;
}

std::optional<TotpCode> totp_code(const TotpKey& key, std::uint64_t step) {
    const auto message = big_endian(step);
    std::array<std::uint8_t, 20> mac{};
    if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
             mac.data(), nullptr) == nullptr)
        return std::nullopt;
    ByteReader tail{Bytes{mac}.subspan(mac.back() & 0x0FU)};  // at most 15, and 4 bytes are read
    std::uint32_t number = (tail.number<std::uint32_t>() & 0x7FFF'FFFFU) % kCodes;
    TotpCode code{};
    for (auto digit = code.rbegin(); digit != code.rend(); ++digit) {
        *digit = static_cast<std::uint8_t>('0' + (number % 10));
        number /= 10;
    }
    return code;
}

bool same_code(const TotpCode& one, const TotpCode& other) {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace stile::crypto
