// SPDX-License-Identifier: Apache-2.0
// The strict parser of GT1: every byte has one meaning, and a byte too many or too few refuses.
#include "crypto/formats/gt1.hpp"

#include <algorithm>

#include "crypto/base45.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint8_t kGt1Version = 1;
constexpr std::uint8_t kCritical = 0x80;  // of an extension's type

// Flags.
constexpr std::uint8_t kHolder = 0x01;
constexpr std::uint8_t kSeat = 0x02;
constexpr std::uint8_t kExtensions = 0x04;
constexpr std::uint8_t kProofMandatory = 0x08;
constexpr std::uint8_t kTotpMandatory = 0x10;
constexpr std::uint8_t kKnown = 0x1F;

using MaybeFault = std::optional<Fault>;

MaybeFault read_fixed(ByteReader& in, Gt1Fields& out) {
    in.copy(out.key);
    out.event = in.number<std::uint32_t>();
    out.serial = in.number<std::uint64_t>();
    out.reissue = in.number<std::uint8_t>();
    out.product = in.number<std::uint16_t>();
    out.profile = in.number<std::uint16_t>();
    out.not_before = in.number<std::uint32_t>();
    out.not_after = in.number<std::uint32_t>();
    out.admissions = in.number<std::uint8_t>();
    if (!in.ok()) return Fault::Truncated;
    if (out.admissions == 0 || out.not_before > out.not_after) return Fault::BadField;
    return std::nullopt;
}

MaybeFault read_holder(ByteReader& in, Gt1Fields& out) {
    HolderKey key{};
    in.copy(key);
    if (!in.ok()) return Fault::Truncated;
    if (key[0] != 0x02 && key[0] != 0x03 && key[0] != kEd25519Holder) return Fault::BadHolderKey;
    out.holder = key;
    return std::nullopt;
}

bool is_control(std::uint8_t byte) {
    return byte < 0x20 || byte == 0x7F;
}

MaybeFault read_seat(ByteReader& in, Gt1Fields& out) {
    const std::size_t size = in.number<std::uint8_t>();
    if (in.ok() && (size == 0 || size > kGt1MaxSeat)) return Fault::BadField;
    const Bytes seat = in.take(size);
    if (!in.ok()) return Fault::Truncated;
    if (!is_utf8(seat) || std::ranges::any_of(seat, is_control)) return Fault::BadField;
    out.seat = InlineText<kGt1MaxSeat>{as_text(seat)};
    return std::nullopt;
}

// No extension is defined yet: those that may be ignored are, the others refuse.
MaybeFault read_extensions(ByteReader& in) {
    const std::size_t size = in.number<std::uint16_t>();
    if (in.ok() && (size == 0 || size > kGt1MaxExtensions)) return Fault::BadField;
    ByteReader block{in.take(size)};
    if (!in.ok()) return Fault::Truncated;
    bool critical = false;
    while (block.ok() && block.left() > 0) {
        critical |= (block.number<std::uint8_t>() & kCritical) != 0;
        (void)block.take(block.number<std::uint8_t>());
    }
    if (!block.ok()) return Fault::BadField;
    if (critical) return Fault::CriticalExtension;
    return std::nullopt;
}

// Version, flags and every field that the flags announce.
MaybeFault read_fields(ByteReader& in, Gt1Fields& out) {
    const auto version = in.number<std::uint8_t>();
    if (!in.ok()) return Fault::Truncated;
    if (version != kGt1Version) return Fault::Version;
    const auto flags = in.number<std::uint8_t>();
    if ((flags & ~kKnown) != 0) return Fault::ReservedFlag;
    out.proof_mandatory = (flags & kProofMandatory) != 0;
    out.totp_mandatory = (flags & kTotpMandatory) != 0;
    // Nobody could ever prove a ticket without a holder: the issuer made a mistake.
    if (out.proof_mandatory && (flags & kHolder) == 0) return Fault::BadField;

    MaybeFault fault = read_fixed(in, out);
    if (!fault && (flags & kHolder) != 0) fault = read_holder(in, out);
    if (!fault && (flags & kSeat) != 0) fault = read_seat(in, out);
    if (!fault && (flags & kExtensions) != 0) fault = read_extensions(in);
    return fault;
}

}  // namespace

SignedGt1::SignedGt1() {
    std::ranges::copy(as_bytes(kGt1Label), storage_.begin());
}

std::expected<SignedGt1, Fault> SignedGt1::from_text(Bytes text) {
    if (!claims_gt1(text)) return std::unexpected{Fault::UnknownFormat};
    return from_base45(text.subspan(kGt1Prefix.size()));
}

std::expected<SignedGt1, Fault> SignedGt1::from_base45(Bytes spelled) {
    if (spelled.size() > base45_size(kGt1MaxBytes)) return std::unexpected{Fault::TrailingData};
    SignedGt1 ticket;
    const auto size = base45_decode(spelled, ticket.room());
    if (!size) return std::unexpected{Fault::BadEncoding};
    if (const auto fault = ticket.parse(*size)) return std::unexpected{*fault};
    return ticket;
}

std::expected<SignedGt1, Fault> SignedGt1::from_bytes(Bytes bytes) {
    if (bytes.size() > kGt1MaxBytes) return std::unexpected{Fault::TrailingData};
    SignedGt1 ticket;
    std::ranges::copy(bytes, ticket.room().begin());
    if (const auto fault = ticket.parse(bytes.size())) return std::unexpected{*fault};
    return ticket;
}

MaybeFault SignedGt1::parse(std::size_t size) {
    ByteReader in{room().first(size)};
    if (const auto fault = read_fields(in, fields_)) return fault;
    (void)in.take(64);
    if (!in.ok()) return Fault::Truncated;
    core_size_ = size - in.left();
    if (in.left() == 0) return std::nullopt;

    const auto kind = in.number<std::uint8_t>();
    if (kind == static_cast<std::uint8_t>(Gt1Proof::Time)) {
        proof_ = Gt1Proof::Time;
        proof_time_ = in.number<std::uint32_t>();
    } else if (kind == static_cast<std::uint8_t>(Gt1Proof::Nonce)) {
        proof_ = Gt1Proof::Nonce;
    } else {
        return Fault::TrailingData;
    }
    in.copy(proof_signature_);
    if (!in.ok()) return Fault::Truncated;
    if (in.left() > 0) return Fault::TrailingData;
    if (!fields_.holder) return Fault::BadProof;  // nobody can have made it
    return std::nullopt;
}

}  // namespace stile::crypto
