// SPDX-License-Identifier: Apache-2.0
// The request with which a new gate asks to be known: who it is, its public keys, and a signature
// over both (daemon/setup/SETUP.md has the bytes).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/sealed_box.hpp"
#include "crypto/signing_key.hpp"

namespace stile::crypto {

struct Enrolment {
    std::string venue;  // [a-z0-9-]+, at most 63
    std::string gate;   // likewise
    std::uint64_t number = 0;
    BoxPublicKey box_key{};   // of device.key
    PublicKey signing_key{};  // of device.signing.key
    std::chrono::sys_seconds time;
    std::string software;  // "stile 1.2.0"
    friend bool operator==(const Enrolment&, const Enrolment&) = default;
};

struct SignedEnrolment {
    Enrolment enrolment;
    Signature signature{};
    friend bool operator==(const SignedEnrolment&, const SignedEnrolment&) = default;
};

// Signs with the key that the request names; `key` has that public half.
[[nodiscard]] SignedEnrolment sign_enrolment(Enrolment enrolment, const SigningKey& key);

// The one spelling of a request.
[[nodiscard]] std::string enrolment_text(const SignedEnrolment& request);

// Takes exactly what enrolment_text() writes, with a signature that is right. Errors: Invalid, with
// the line; Unsupported (another version); Denied (the signature is wrong).
[[nodiscard]] Result<SignedEnrolment> parse_enrolment(std::string_view text);

inline constexpr std::size_t kMaxEnrolment = 1024;  // bytes of a request

// Eight groups of five digits over all but time, software and signature: two people read it to each
// other, so that nobody has put keys of his own into the request on its way.
[[nodiscard]] std::string fingerprint_of(const Enrolment& enrolment);

}  // namespace stile::crypto
