// SPDX-License-Identifier: Apache-2.0
// What a genuine ticket says, whatever format it came in, and why a credential may be none.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stile::crypto {

// Stands for one issuer over all its keys: the first 8 bytes of SHA-256("stile-issuer\0" || name).
enum class IssuerId : std::uint64_t {};

// The one name of a ticket for revocation, entry memory and replay: a hash of (issuer, event,
// serial), or of the signed payload where there is no serial. Never of the scanned text.
struct Identity {
    std::array<std::uint8_t, 16> bytes{};
    friend auto operator<=>(const Identity&, const Identity&) = default;
};

// Selects a key; proves nothing. Its bytes are those of crypto/FORMAT.md.
using KeyId = std::array<std::uint8_t, 4>;

// How strongly the holder proved possession (DESIGN section 3).
enum class Assurance : std::uint8_t {
    StaticCopy = 0,        // A0: anyone may have copied it
    SharedSecret = 1,      // A1
    HolderTimeProof = 2,   // A2
    HolderNonceProof = 3,  // A3
    MutualCard = 4,        // A4
};

// Why a credential is not a genuine ticket. Every value is a refusal; none is an error.
enum class Fault : std::uint8_t {
    UnknownFormat = 1,  // no format claims these bytes
    BadEncoding,        // the text form does not decode, or is not the one spelling of its bytes
    Truncated,
    TrailingData,
    Version,
    ReservedFlag,
    BadField,           // a field holds a value that the format forbids
    CriticalExtension,  // an extension that must be understood is not
    UnknownKey,
    KeyNotUsable,  // the key is not for this event or product, or not for all of these times
    BadSignature,
    BadHolderKey,
    ProofMissing,  // the ticket demands a proof of possession and carries none
    BadProof,
    ProofUnsupported,  // a kind of proof that cannot be checked here: refused, never ignored
    KeyRevoked,        // the key is genuine and no longer believed
};

// A few words for people: "wrong signature".
[[nodiscard]] std::string_view fault_text(Fault fault);

// Text of at most N bytes inside the value: copying a ticket never allocates.
template <std::size_t N>
class InlineText {
public:
    InlineText() = default;
    // Keeps the first N bytes of `text`.
    explicit InlineText(std::string_view text) {
        for (const char c : text.substr(0, N))
            chars_[size_++] = c;
    }
    [[nodiscard]] std::string_view view() const { return {chars_.data(), size_}; }

private:
    std::array<char, N> chars_{};
    std::size_t size_ = 0;
};

inline constexpr std::uint8_t kUnlimitedAdmissions = 255;

struct Ticket {
    Identity identity;
    IssuerId issuer{};
    std::uint32_t event = 0;
    KeyId key{};                          // whose signature holds
    std::optional<std::uint64_t> serial;  // absent in formats without one
    std::uint8_t reissue = 0;             // the highest counter of a serial is the valid copy
    std::uint64_t product = 0;            // pretix calls it item
    std::uint64_t variation = 0;          // of the product; 0: none
    std::uint64_t subevent = 0;           // one date of a series; 0: none
    std::uint16_t profile = 0;            // access profile: zones and rules of the signed policy
    std::chrono::sys_seconds not_before;  // inclusive
    std::chrono::sys_seconds not_after;   // inclusive
    std::uint8_t admissions = 1;          // how many people it admits
    Assurance assurance = Assurance::StaticCopy;
    // When the holder's proof was made, if there is one, and how long one proof stays the same: two
    // proofs of one step are one presentation.
    std::optional<std::chrono::sys_seconds> proof_time;
    std::chrono::seconds proof_step{1};
    InlineText<24> seat;  // UTF-8
};

// A ticket whose issuer signature holds. Only the format verifiers in `crypto` can make one, so a
// function that takes a VerifiedTicket cannot be given an unproven one.
class VerifiedTicket {
public:
    [[nodiscard]] const Ticket& ticket() const { return ticket_; }
    [[nodiscard]] const Ticket* operator->() const { return &ticket_; }

private:
    friend class Verifier;  // crypto/verifier.hpp: the only maker
    explicit VerifiedTicket(const Ticket& ticket) : ticket_{ticket} {}
    Ticket ticket_;
};

}  // namespace stile::crypto
