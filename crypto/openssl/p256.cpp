// SPDX-License-Identifier: Apache-2.0
// ECDSA over P-256 by libcrypto.
#include "crypto/p256.hpp"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace stile::crypto {
namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using Bignum = std::unique_ptr<BIGNUM, Freer<BN_free>>;

// A refusal leaves its story in the thread's error queue; nobody reads it, so it must not grow.
struct QuietErrors {
    QuietErrors() = default;
    QuietErrors(const QuietErrors&) = delete;
    QuietErrors& operator=(const QuietErrors&) = delete;
    ~QuietErrors() { ERR_clear_error(); }
};

// Null unless the bytes are the compressed form of a point on the curve.
Pkey import(P256Key key) {
    const bool compressed = key[0] == 0x02 || key[0] == 0x03;
    if (!compressed) return nullptr;
    char group[] = SN_X9_62_prime256v1;
    auto* point = const_cast<std::uint8_t*>(key.data());  // only read, says OSSL_PARAM(3)
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, key.size()),
        OSSL_PARAM_construct_end(),
    };
    const PkeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
    if (EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return nullptr;
    return Pkey{made};
}

// The DER form that libcrypto wants, in a buffer that always suffices: two integers of up to 33
// bytes.
struct DerSignature {
    std::array<std::uint8_t, 80> bytes{};
    std::size_t size = 0;
};

DerSignature to_der(SignatureView signature) {
    DerSignature der;
    Bignum r{BN_bin2bn(signature.data(), 32, nullptr)};
    Bignum s{BN_bin2bn(signature.data() + 32, 32, nullptr)};
    const Ecdsa pair{ECDSA_SIG_new()};
    if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return der;
    (void)r.release();  // the pair owns them now
    (void)s.release();
    std::uint8_t* end = der.bytes.data();
    const int size = i2d_ECDSA_SIG(pair.get(), &end);
    der.size = size > 0 ? static_cast<std::size_t>(size) : 0;
    return der;
}

}  // namespace

bool is_p256_key(P256Key key) {
    const QuietErrors quiet;
    return import(key) != nullptr;
}

P256Check p256_verify(P256Key key, Bytes message, SignatureView signature) {
    const QuietErrors quiet;
    const Pkey pkey = import(key);
    if (!pkey) return P256Check::BadKey;
    const DerSignature der = to_der(signature);
    const DigestContext context{EVP_MD_CTX_new()};
    const bool good =
        context && der.size > 0 &&
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, pkey.get()) == 1 &&
        EVP_DigestVerify(context.get(), der.bytes.data(), der.size, message.data(),
                         message.size()) == 1;
    return good ? P256Check::Good : P256Check::BadSignature;
}

}  // namespace stile::crypto
