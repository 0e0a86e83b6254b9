// SPDX-License-Identifier: Apache-2.0
// The proof of GT1, in a straight line: what is cheap to refuse comes before what is dear to check.
#include <algorithm>
#include <chrono>

#include "crypto/formats/gt1.hpp"
#include "crypto/hash.hpp"
#include "crypto/p256.hpp"

namespace stile::crypto {
namespace {

constexpr std::string_view kProofLabel{"GT1-proof\0", 10};

std::chrono::sys_seconds at(std::uint32_t unix_seconds) {
    return std::chrono::sys_seconds{std::chrono::seconds{unix_seconds}};
}

Ticket to_ticket(const Gt1Fields& fields, IssuerId issuer) {
    Ticket ticket;
    ticket.identity = identity_of(issuer, fields.event, fields.serial);
    ticket.issuer = issuer;
    ticket.event = fields.event;
    ticket.key = fields.key;
    ticket.serial = fields.serial;
    ticket.reissue = fields.reissue;
    ticket.product = fields.product;
    ticket.profile = fields.profile;
    ticket.not_before = at(fields.not_before);
    ticket.not_after = at(fields.not_after);
    ticket.admissions = fields.admissions;
    ticket.seat = fields.seat;
    return ticket;
}

Ed25519Key ed25519_part(const HolderKey& key) {
    return std::span{key}.last<32>();
}

bool is_holder_key(const HolderKey& key) {
    return key[0] == kEd25519Holder ? is_ed25519_key(ed25519_part(key)) : is_p256_key(key);
}

// What the holder signs: label, SHA-256 of the core, kind, and what the kind adds.
template <std::size_t N>
using ProofMessage = std::array<std::uint8_t, kProofLabel.size() + 32 + 1 + N>;

template <std::size_t N>
ProofMessage<N> proof_message(const SignedGt1& ticket, const std::array<std::uint8_t, N>& added) {
    ProofMessage<N> message{};
    auto end = std::ranges::copy(as_bytes(kProofLabel), message.begin()).out;
    end = std::ranges::copy(sha256({ticket.core()}), end).out;
    *end++ = static_cast<std::uint8_t>(ticket.proof());
    std::ranges::copy(added, end);
    return message;
}

std::array<std::uint8_t, 28> challenge_bytes(const Challenge& challenge) {
    std::array<std::uint8_t, 28> bytes{};
    auto end = std::ranges::copy(challenge.nonce, bytes.begin()).out;
    end = std::ranges::copy(big_endian(challenge.gate), end).out;
    std::ranges::copy(big_endian(challenge.time), end);
    return bytes;
}

std::optional<Fault> check_proof(const SignedGt1& ticket, Bytes message) {
    const HolderKey& key = *ticket.fields().holder;  // the parser lets no proof pass without one
    if (key[0] == kEd25519Holder) {
        if (!is_holder_key(key)) return Fault::BadHolderKey;
        const bool good = ed25519_verify(ed25519_part(key), message, ticket.proof_signature());
        return good ? std::nullopt : std::optional{Fault::BadProof};
    }
    switch (p256_verify(key, message, ticket.proof_signature())) {
        case P256Check::Good:
            return std::nullopt;
        case P256Check::BadKey:
            return Fault::BadHolderKey;
        case P256Check::BadSignature:
            return Fault::BadProof;
    }
    return Fault::BadProof;
}

}  // namespace

std::expected<Ticket, Fault> verify_gt1_issuer(const SignedGt1& signed_ticket,
                                               const KeyRing& keys) {
    const KeyRecord* key = keys.find(signed_ticket.fields().key);
    if (key == nullptr) return std::unexpected{Fault::UnknownKey};
    const Ticket ticket = to_ticket(signed_ticket.fields(), issuer_id(key->issuer));
    if (!signs_format(*key, "gt1")) return std::unexpected{Fault::KeyNotUsable};
    if (const auto fault = key_fault(*key, ticket)) return std::unexpected{*fault};
    const bool genuine = ed25519_verify(key->public_key, signed_ticket.signed_message(),
                                        signed_ticket.issuer_signature());
    if (!genuine) return std::unexpected{Fault::BadSignature};
    return ticket;
}

std::expected<Ticket, Fault> verify_gt1_scan(const SignedGt1& signed_ticket, const KeyRing& keys) {
    const Gt1Fields& fields = signed_ticket.fields();
    // A scan has no dialogue: a signature over some nonce could be anybody's recording.
    if (signed_ticket.proof() == Gt1Proof::Nonce) return std::unexpected{Fault::ProofUnsupported};
    auto ticket = verify_gt1_issuer(signed_ticket, keys);
    if (!ticket) return ticket;

    if (signed_ticket.proof() == Gt1Proof::Time) {
        const auto message = proof_message(signed_ticket, big_endian(signed_ticket.proof_time()));
        if (const auto fault = check_proof(signed_ticket, message)) return std::unexpected{*fault};
        ticket->assurance = Assurance::HolderTimeProof;
        ticket->proof_time = at(signed_ticket.proof_time());
    } else if (const auto fault = unproven_holder_fault(fields)) {
        return std::unexpected{*fault};
    }
    if (fields.totp_mandatory) return std::unexpected{Fault::ProofMissing};
    return ticket;
}

std::expected<Ticket, Fault> verify_gt1_answer(const SignedGt1& signed_ticket, const KeyRing& keys,
                                               const Challenge& challenge) {
    auto ticket = verify_gt1_issuer(signed_ticket, keys);
    if (!ticket) return ticket;
    if (signed_ticket.proof() != Gt1Proof::Nonce) return std::unexpected{Fault::ProofMissing};
    const auto message = proof_message(signed_ticket, challenge_bytes(challenge));
    if (const auto fault = check_proof(signed_ticket, message)) return std::unexpected{*fault};
    ticket->assurance = Assurance::HolderNonceProof;
    return ticket;
}

std::optional<Fault> unproven_holder_fault(const Gt1Fields& fields) {
    if (fields.holder && !is_holder_key(*fields.holder)) return Fault::BadHolderKey;
    if (fields.proof_mandatory) return Fault::ProofMissing;
    return std::nullopt;
}

bool claims_gt1(Bytes scan) {
    return as_text(scan).starts_with(kGt1Prefix);
}

std::expected<Ticket, Fault> prove_gt1(Bytes scan, const KeyRing& keys) {
    const auto ticket = SignedGt1::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return verify_gt1_scan(*ticket, keys);
}

}  // namespace stile::crypto
