// SPDX-License-Identifier: Apache-2.0
// libcrypto's AES. The models have their own, so that they share no mistake with the gate.
#include "tests/emulator/model/aes.hpp"

#include <cstdlib>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>

namespace stile::emulator {
namespace {

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};

Buffer cipher(Bytes key, Bytes data, int encrypt) {
    const std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>> context{EVP_CIPHER_CTX_new()};
    const std::uint8_t zero[16] = {};
    Buffer out(data.size() + 16);
    int size = 0;
    if (EVP_CipherInit_ex2(context.get(), EVP_aes_128_cbc(), key.data(), zero, encrypt, nullptr) !=
        1)
        std::abort();
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    if (EVP_CipherUpdate(context.get(), out.data(), &size, data.data(),
                         static_cast<int>(data.size())) != 1)
        std::abort();
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}  // namespace

Buffer aes_encrypt(Bytes key, Bytes data) {
    return cipher(key, data, 1);
}

Buffer aes_decrypt(Bytes key, Bytes data) {
    return cipher(key, data, 0);
}

Buffer aes_cmac(Bytes key, Bytes data) {
    const std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>> mac{
        EVP_MAC_fetch(nullptr, "CMAC", nullptr)};
    const std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>> context{EVP_MAC_CTX_new(mac.get())};
    char name[] = "AES-128-CBC";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
        OSSL_PARAM_construct_end()};
    Buffer out(16);
    std::size_t size = 0;
    if (EVP_MAC_init(context.get(), key.data(), key.size(), parameters) != 1 ||
        EVP_MAC_update(context.get(), data.data(), data.size()) != 1 ||
        EVP_MAC_final(context.get(), out.data(), &size, out.size()) != 1)
        std::abort();
    return out;
}

}  // namespace stile::emulator
