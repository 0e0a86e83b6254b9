// SPDX-License-Identifier: Apache-2.0
// An issuer with a fixed key, and a ticket of its that every gate accepts, for tests to spoil.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "crypto/formats/gt1.hpp"
#include "crypto/hash.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/totp.hpp"
#include "crypto/verifier.hpp"

namespace stile::tests {

inline constexpr std::uint32_t kEvent = 7;
inline constexpr std::uint16_t kProduct = 3;

[[nodiscard]] inline crypto::SigningKey test_key(std::uint8_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(number);
    return crypto::SigningKey::from_seed(seed);
}

[[nodiscard]] inline std::chrono::sys_seconds at(std::int64_t unix_seconds) {
    return std::chrono::sys_seconds{std::chrono::seconds{unix_seconds}};
}

[[nodiscard]] inline crypto::KeyRecord test_record(const crypto::SigningKey& key) {
    crypto::KeyRecord record;
    record.public_key = key.public_key();
    record.issuer = "test-issuer";
    record.events = {kEvent};
    return record;
}

[[nodiscard]] inline crypto::KeyRing ring_of(const crypto::KeyRecord& record) {
    crypto::KeyRing ring;
    if (const auto added = ring.add(record); !added) throw std::logic_error{added.error().context};
    return ring;
}

[[nodiscard]] inline crypto::Gt1Fields test_fields() {
    crypto::Gt1Fields fields;
    fields.event = kEvent;
    fields.serial = 1234;
    fields.product = kProduct;
    fields.profile = 18;
    fields.not_before = 1'760'000'000;
    fields.not_after = 1'760'086'400;
    return fields;
}

[[nodiscard]] inline Buffer test_ticket(const crypto::Gt1Fields& fields,
                                        const crypto::SigningKey& key) {
    auto ticket = crypto::make_gt1(fields, key);
    if (!ticket) throw std::logic_error{ticket.error().context};
    return std::move(*ticket);
}

// Signs bytes of a ticket that the writer would refuse to make: everything before the signature.
[[nodiscard]] inline Buffer sign_anything(Buffer fields, const crypto::SigningKey& key) {
    Buffer message{as_bytes(crypto::kGt1Label).begin(), as_bytes(crypto::kGt1Label).end()};
    message.insert(message.end(), fields.begin(), fields.end());
    const crypto::Signature signature = key.sign(message);
    fields.insert(fields.end(), signature.begin(), signature.end());
    return fields;
}

// The ticket with a time proof by an Ed25519 holder behind it.
[[nodiscard]] inline Buffer with_time_proof(Buffer core, std::uint32_t time,
                                            const crypto::SigningKey& holder) {
    Buffer message{as_bytes(std::string_view{"GT1-proof\0", 10}).begin(),
                   as_bytes(std::string_view{"GT1-proof\0", 10}).end()};
    ByteWriter out{message};
    out.raw(crypto::sha256({core}));
    out.number(std::uint8_t{0x10});
    out.number(time);
    ByteWriter proof{core};
    proof.number(std::uint8_t{0x10});
    proof.number(time);
    proof.raw(holder.sign(message));
    return core;
}

// The answer to a challenge, by an Ed25519 holder.
[[nodiscard]] inline Buffer with_nonce_proof(Buffer core, const crypto::Challenge& challenge,
                                             const crypto::SigningKey& holder) {
    Buffer message{as_bytes(std::string_view{"GT1-proof\0", 10}).begin(),
                   as_bytes(std::string_view{"GT1-proof\0", 10}).end()};
    ByteWriter out{message};
    out.raw(crypto::sha256({core}));
    out.number(std::uint8_t{0x20});
    out.raw(challenge.nonce);
    out.number(challenge.gate);
    out.number(challenge.time);
    ByteWriter proof{core};
    proof.number(std::uint8_t{0x20});
    proof.raw(holder.sign(message));
    return core;
}

inline constexpr crypto::TotpMaster kTotpMaster{0x4D, 0x41, 0x53, 0x54, 0x45, 0x52};

// What a wallet shows at `time`: the code of a ticket of kEvent around its text.
[[nodiscard]] inline std::string wallet_text(const crypto::Gt1Fields& fields,
                                             const crypto::SigningKey& issuer, std::uint32_t time) {
    const auto key = crypto::totp_key(kTotpMaster, fields.event, fields.serial);
    const auto code = crypto::totp_code(key.value(), time / 15);
    return "GW1:" + std::to_string(time) + ":" + std::string{as_text(code.value())} + ":" +
           crypto::gt1_text(test_ticket(fields, issuer)).substr(4);
}

[[nodiscard]] inline crypto::HolderKey ed25519_holder(const crypto::SigningKey& holder) {
    crypto::HolderKey key{};
    key[0] = crypto::kEd25519Holder;
    std::ranges::copy(holder.public_key(), key.begin() + 1);
    return key;
}

}  // namespace stile::tests
