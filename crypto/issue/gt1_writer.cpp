// SPDX-License-Identifier: Apache-2.0
// Writes the GT1 layout of crypto/FORMAT.md.
#include "crypto/issue/gt1_writer.hpp"

#include "crypto/base45.hpp"

namespace stile::crypto {
namespace {

std::uint8_t flags_of(const Gt1Fields& fields) {
    return static_cast<std::uint8_t>(
        (fields.holder ? 0x01 : 0) | (fields.seat.view().empty() ? 0 : 0x02) |
        (fields.proof_mandatory ? 0x08 : 0) | (fields.totp_mandatory ? 0x10 : 0));
}

}  // namespace

Result<Buffer> make_gt1(const Gt1Fields& fields, const SigningKey& key) {
    Buffer message{as_bytes(kGt1Label).begin(), as_bytes(kGt1Label).end()};
    ByteWriter out{message};
    out.number(std::uint8_t{1});
    out.number(flags_of(fields));
    out.raw(key_id(Algorithm::Ed25519, key.public_key()));
    out.number(fields.event);
    out.number(fields.serial);
    out.number(fields.reissue);
    out.number(fields.product);
    out.number(fields.profile);
    out.number(fields.not_before);
    out.number(fields.not_after);
    out.number(fields.admissions);
    if (fields.holder) out.raw(*fields.holder);
    if (const std::string_view seat = fields.seat.view(); !seat.empty()) {
        out.number(static_cast<std::uint8_t>(seat.size()));
        out.raw(as_bytes(seat));
    }
    out.raw(key.sign(message));
    const Bytes ticket = Bytes{message}.subspan(kGt1Label.size());
    if (const auto parsed = SignedGt1::from_bytes(ticket); !parsed)
        return fail(Errc::Invalid,
                    "no ticket can say this: " + std::string{fault_text(parsed.error())});
    return Buffer{ticket.begin(), ticket.end()};
}

std::string gt1_text(Bytes ticket) {
    return std::string{kGt1Prefix} + base45_encode(ticket);
}

}  // namespace stile::crypto
