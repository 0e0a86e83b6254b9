// SPDX-License-Identifier: Apache-2.0
// libcrypto signs in DER; a GT1 proof wants r and s.
#include "tests/emulator/model/holder_key.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace stile::emulator {
namespace {

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

EVP_PKEY* raw(const std::shared_ptr<void>& key) {
    return static_cast<EVP_PKEY*>(key.get());
}

std::shared_ptr<void> owned(EVP_PKEY* key) {
    return {key, [](void* pointer) { EVP_PKEY_free(static_cast<EVP_PKEY*>(pointer)); }};
}

}  // namespace

Result<HolderKey> HolderKey::load(const std::filesystem::path& file) {
    std::unique_ptr<std::FILE, Freed<std::fclose>> in{std::fopen(file.c_str(), "r")};
    if (!in) return fail(Errc::NotFound, file.native());
    EVP_PKEY* key = PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr);
    if (key == nullptr) return fail(Errc::Invalid, file.native() + " is no private key");
    return HolderKey{owned(key)};
}

HolderKey HolderKey::make() {
    return HolderKey{owned(EVP_EC_gen("P-256"))};
}

Buffer HolderKey::public_key() const {
    Buffer out(33);
    std::size_t size = 0;
    EVP_PKEY_set_utf8_string_param(raw(key_), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                   "compressed");
    if (EVP_PKEY_get_octet_string_param(raw(key_), OSSL_PKEY_PARAM_PUB_KEY, out.data(), out.size(),
                                        &size) != 1)
        std::abort();
    return out;
}

Buffer HolderKey::sign(Bytes message) const {
    const DigestContext context{EVP_MD_CTX_new()};
    Buffer der(80);
    std::size_t size = der.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, raw(key_)) != 1 ||
        EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1)
        std::abort();
    const std::uint8_t* at = der.data();
    const Ecdsa pair{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
    Buffer out(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32);
    return out;
}

}  // namespace stile::emulator
