// SPDX-License-Identifier: Apache-2.0
// GT1, our own ticket: its fields, the strict parser and the proof. Byte by byte in
// crypto/FORMAT.md.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/challenge.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/ticket.hpp"
#include "crypto/verifier.hpp"

namespace stile::crypto {

inline constexpr std::string_view kGt1Prefix = "GT1:";
inline constexpr std::string_view kGt1Label{"GT1-ticket\0",
                                            11};  // in front of what the issuer signs
inline constexpr std::size_t kGt1MaxSeat = 24;
inline constexpr std::size_t kGt1MaxExtensions = 128;
inline constexpr std::size_t kGt1MaxCore = 32 + 33 + 1 + kGt1MaxSeat + 2 + kGt1MaxExtensions + 64;
inline constexpr std::size_t kGt1MaxBytes = kGt1MaxCore + 1 + 4 + 64;

// First byte 02 or 03: P-256, compressed. ED: Ed25519.
using HolderKey = std::array<std::uint8_t, 33>;
inline constexpr std::uint8_t kEd25519Holder = 0xED;

// What the issuer says. Neither the order nor the meaning of a field depends on the machine.
struct Gt1Fields {
    KeyId key{};
    std::uint32_t event = 0;
    std::uint64_t serial = 0;
    std::uint8_t reissue = 0;
    std::uint16_t product = 0;
    std::uint16_t profile = 0;
    std::uint32_t not_before = 0;  // Unix seconds, inclusive
    std::uint32_t not_after = 0;   // Unix seconds, inclusive
    std::uint8_t admissions = 1;
    bool proof_mandatory = false;  // of possession, by the holder key
    bool totp_mandatory = false;   // good only inside the wallet wrapper
    std::optional<HolderKey> holder;
    InlineText<kGt1MaxSeat> seat;  // empty: none
};

// How the holder of a ticket shows that it is no copy.
enum class Gt1Proof : std::uint8_t {
    None = 0,
    Time = 0x10,   // signed the time: good for a minute
    Nonce = 0x20,  // signed a gate's nonce: good in that dialogue only
};

// A GT1 ticket whose every field is well formed; nothing of it is proven. A value with its bytes
// inside: making, copying and reading one never allocates.
class SignedGt1 {
public:
    // From a scanned text, from what stands behind its prefix, and from the bytes that it spells.
    [[nodiscard]] static std::expected<SignedGt1, Fault> from_text(Bytes text);
    [[nodiscard]] static std::expected<SignedGt1, Fault> from_base45(Bytes spelled);
    [[nodiscard]] static std::expected<SignedGt1, Fault> from_bytes(Bytes bytes);

    [[nodiscard]] const Gt1Fields& fields() const { return fields_; }
    // The ticket without its proof; its hash is what a holder signs.
    [[nodiscard]] Bytes core() const {
        return Bytes{storage_}.subspan(kGt1Label.size(), core_size_);
    }
    // The label and every byte of the core before the signature.
    [[nodiscard]] Bytes signed_message() const {
        return Bytes{storage_}.first(kGt1Label.size() + core_size_ - 64);
    }
    [[nodiscard]] SignatureView issuer_signature() const { return core().last<64>(); }

    [[nodiscard]] Gt1Proof proof() const { return proof_; }
    [[nodiscard]] std::uint32_t proof_time() const { return proof_time_; }
    [[nodiscard]] SignatureView proof_signature() const { return proof_signature_; }

private:
    SignedGt1();
    [[nodiscard]] std::span<std::uint8_t> room() {
        return std::span{storage_}.subspan(kGt1Label.size());
    }
    [[nodiscard]] std::optional<Fault> parse(std::size_t size);

    // The label stands in front, so that the signed message is one piece and is never copied.
    std::array<std::uint8_t, kGt1Label.size() + kGt1MaxBytes> storage_{};
    std::size_t core_size_ = 0;
    Gt1Fields fields_;
    Gt1Proof proof_ = Gt1Proof::None;
    std::uint32_t proof_time_ = 0;
    Signature proof_signature_{};
};

// What the issuer vouches for: a known key that may sign this, and its signature. Says nothing
// about the holder; every carrier of a GT1 (scan, wallet, card) starts here.
[[nodiscard]] std::expected<Ticket, Fault> verify_gt1_issuer(const SignedGt1& ticket,
                                                             const KeyRing& keys);

// A ticket that came as a scanned code: the issuer's word, and the holder's time proof where there
// is one. Refuses a ticket that demands more than a scan can show.
[[nodiscard]] std::expected<Ticket, Fault> verify_gt1_scan(const SignedGt1& ticket,
                                                           const KeyRing& keys);

// A ticket that answered this gate's challenge: the issuer's word and the holder's signature over
// the nonce. A ticket without one, or with a time proof, did not answer.
[[nodiscard]] std::expected<Ticket, Fault> verify_gt1_answer(const SignedGt1& ticket,
                                                             const KeyRing& keys,
                                                             const Challenge& challenge);

// For a ticket whose holder proves nothing here: is the holder's key none or sound, and may the
// proof be missing? Asked after the issuer's signature: a forger learns nothing of what is missing.
[[nodiscard]] std::optional<Fault> unproven_holder_fault(const Gt1Fields& fields);

// The fields by name, for people.
[[nodiscard]] Description describe_gt1(const SignedGt1& ticket);

// The row in the format table.
[[nodiscard]] bool claims_gt1(Bytes scan);
[[nodiscard]] std::expected<Ticket, Fault> prove_gt1(Bytes scan, const KeyRing& keys);
[[nodiscard]] std::expected<Description, Fault> describe_gt1_scan(Bytes scan);

}  // namespace stile::crypto
