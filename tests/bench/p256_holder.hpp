// SPDX-License-Identifier: Apache-2.0
// A phone's key pair and the bare verification of what it signs, by libcrypto alone.
#pragma once

#include <array>
#include <cstdlib>
#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "crypto/base/bytes.hpp"
#include "crypto/formats/gt1.hpp"

namespace stile::bench {

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

class P256Holder {
public:
    [[nodiscard]] crypto::HolderKey key() const {
        crypto::HolderKey out{};
        std::size_t size = 0;
        EVP_PKEY_set_utf8_string_param(key_.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                       "compressed");
        if (EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, out.data(),
                                            out.size(), &size) != 1)
            std::abort();
        return out;
    }
    // In DER, as libcrypto wants it back.
    [[nodiscard]] Buffer sign(Bytes message) const {
        const DigestContext context{EVP_MD_CTX_new()};
        Buffer der(80);
        std::size_t size = der.size();
        if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
            EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1)
            std::abort();
        der.resize(size);
        return der;
    }

private:
    Pkey key_{EVP_EC_gen("P-256")};
};

[[nodiscard]] inline crypto::Signature raw_signature(const Buffer& der) {
    const std::uint8_t* at = der.data();
    const Ecdsa pair{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
    crypto::Signature raw{};
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + 32, 32);
    return raw;
}

// Key import and verification, and nothing else.
[[nodiscard]] inline bool bare_p256(const crypto::HolderKey& key, Bytes message,
                                    const Buffer& der) {
    char group[] = "prime256v1";
    auto* point = const_cast<std::uint8_t*>(key.data());  // only read
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, key.size()),
        OSSL_PARAM_construct_end()};
    const PkeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* made = nullptr;
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters);
    const Pkey pkey{made};
    const DigestContext digest{EVP_MD_CTX_new()};
    EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, pkey.get());
    return EVP_DigestVerify(digest.get(), der.data(), der.size(), message.data(), message.size()) ==
           1;
}

}  // namespace stile::bench
