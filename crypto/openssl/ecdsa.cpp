// SPDX-License-Identifier: Apache-2.0
// ECDSA by libcrypto.
#include "crypto/ecdsa.hpp"

#include <array>
#include <memory>
#include <string>

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
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using Bignum = std::unique_ptr<BIGNUM, Freer<BN_free>>;

// A refusal leaves its story in the thread's error queue; nobody reads it, so it must not grow.
struct QuietErrors {
    QuietErrors() = default;
    QuietErrors(const QuietErrors&) = delete;
    QuietErrors& operator=(const QuietErrors&) = delete;
    ~QuietErrors() { ERR_clear_error(); }
};

struct Curve {
    const char* name;
    std::size_t bytes;  // of a coordinate, and of the order
};

Curve curve_of(EcCurve curve) {
    switch (curve) {
        case EcCurve::P256:
            return {SN_X9_62_prime256v1, 32};
        case EcCurve::Secp224r1:
            return {SN_secp224r1, 28};
        case EcCurve::Secp128r1:
            return {SN_secp128r1, 16};
    }
    return {"", 0};
}

// Null unless the bytes are a point on the curve, in one of the two forms.
Pkey import(const Curve& curve, Bytes key) {
    const bool compressed = key.size() == 1 + curve.bytes && (key[0] == 0x02 || key[0] == 0x03);
    const bool whole = key.size() == 1 + 2 * curve.bytes && key[0] == 0x04;
    if (!compressed && !whole) return nullptr;
    std::string group{curve.name};
    auto* point = const_cast<std::uint8_t*>(key.data());  // only read, says OSSL_PARAM(3)
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
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

DerSignature to_der(Bytes signature) {
    DerSignature der;
    const auto half = static_cast<int>(signature.size() / 2);
    Bignum r{BN_bin2bn(signature.data(), half, nullptr)};
    Bignum s{BN_bin2bn(signature.data() + half, half, nullptr)};
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

bool is_ec_key(EcCurve curve, Bytes key) {
    const QuietErrors quiet;
    return import(curve_of(curve), key) != nullptr;
}

EcdsaCheck ecdsa_verify(EcCurve name, Bytes key, Bytes digest, Bytes signature) {
    const QuietErrors quiet;
    const Curve curve = curve_of(name);
    const Pkey pkey = import(curve, key);
    if (!pkey) return EcdsaCheck::BadKey;
    if (signature.size() != 2 * curve.bytes) return EcdsaCheck::BadSignature;
    const DerSignature der = to_der(signature);
    const PkeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr)};
    const bool good = context && der.size > 0 && EVP_PKEY_verify_init(context.get()) == 1 &&
                      EVP_PKEY_verify(context.get(), der.bytes.data(), der.size, digest.data(),
                                      digest.size()) == 1;
    return good ? EcdsaCheck::Good : EcdsaCheck::BadSignature;
}

}  // namespace stile::crypto
