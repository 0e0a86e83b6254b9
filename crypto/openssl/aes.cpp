// SPDX-License-Identifier: Apache-2.0
// AES-CBC and AES-CMAC by libcrypto.
#include "crypto/aes.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace stile::crypto {
namespace {

// Freeing a context wipes the key in it.
struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

enum class Way : std::uint8_t { Decrypt = 0, Encrypt = 1 };

bool is_whole_blocks(std::size_t size) {
    return size % 16 == 0 && size <= std::numeric_limits<int>::max();
}

bool cbc(Way way, AesKey key, const AesBlock& iv, std::span<std::uint8_t> bytes) {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context{EVP_CIPHER_CTX_new()};
    int done = 0;
    return context &&
           EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, key.data(), iv.data(),
                             static_cast<int>(way)) == 1 &&
           EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
           EVP_CipherUpdate(context.get(), bytes.data(), &done, bytes.data(),
                            static_cast<int>(bytes.size())) == 1 &&
           static_cast<std::size_t>(done) == bytes.size();
}

AesBlock last_block(Bytes bytes) {
    AesBlock block{};
    std::ranges::copy(bytes.last<16>(), block.begin());
    return block;
}

}  // namespace

bool aes_cbc_encrypt(AesKey key, AesBlock& iv, std::span<std::uint8_t> bytes) {
    if (!is_whole_blocks(bytes.size())) return false;
    if (bytes.empty()) return true;
    if (!cbc(Way::Encrypt, key, iv, bytes)) return false;
    iv = last_block(bytes);
    return true;
}

bool aes_cbc_decrypt(AesKey key, AesBlock& iv, std::span<std::uint8_t> bytes) {
    if (!is_whole_blocks(bytes.size())) return false;
    if (bytes.empty()) return true;
    const AesBlock next = last_block(bytes);
    if (!cbc(Way::Decrypt, key, iv, bytes)) return false;
    iv = next;
    return true;
}

std::optional<AesBlock> aes_cmac(AesKey key, std::initializer_list<Bytes> parts) {
    char cipher[] = "AES-128-CBC";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_end(),
    };
    const std::unique_ptr<EVP_MAC, FreeContext> mac{EVP_MAC_fetch(nullptr, "CMAC", nullptr)};
    if (!mac) return std::nullopt;
    const std::unique_ptr<EVP_MAC_CTX, FreeContext> context{EVP_MAC_CTX_new(mac.get())};
    if (!context || EVP_MAC_init(context.get(), key.data(), key.size(), parameters) != 1)
        return std::nullopt;
    for (const Bytes part : parts) {
        if (EVP_MAC_update(context.get(), part.data(), part.size()) != 1) return std::nullopt;
    }
    AesBlock block{};
    std::size_t size = 0;
    if (EVP_MAC_final(context.get(), block.data(), &size, block.size()) != 1 ||
        size != block.size())
        return std::nullopt;
    return block;
}

bool same_bytes(Bytes one, Bytes other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace stile::crypto
