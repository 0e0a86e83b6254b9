// SPDX-License-Identifier: Apache-2.0
// The fields of GT1 by name, for people.
#include <string>

#include "crypto/formats/gt1.hpp"

namespace stile::crypto {
namespace {

std::string proof_name(Gt1Proof proof) {
    switch (proof) {
        case Gt1Proof::None:
            return "none";
        case Gt1Proof::Time:
            return "time";
        case Gt1Proof::Nonce:
            return "nonce";
    }
    return "none";
}

}  // namespace

Description describe_gt1(const SignedGt1& ticket) {
    const Gt1Fields& fields = ticket.fields();
    Description said;
    const auto add = [&said](std::string_view name, std::uint64_t value) {
        said.emplace_back(name, value);
    };
    add("version", ticket.core()[0]);
    add("flags", ticket.core()[1]);
    said.emplace_back("key_id", to_hex(fields.key));
    add("event", fields.event);
    add("serial", fields.serial);
    add("reissue", fields.reissue);
    add("product", fields.product);
    add("profile", fields.profile);
    add("not_before", fields.not_before);
    add("not_after", fields.not_after);
    add("admissions", fields.admissions);
    if (fields.holder) said.emplace_back("holder_key", to_hex(*fields.holder));
    if (!fields.seat.view().empty()) said.emplace_back("seat", std::string{fields.seat.view()});
    said.emplace_back("proof", proof_name(ticket.proof()));
    if (ticket.proof() == Gt1Proof::Time) add("proof_time", ticket.proof_time());
    return said;
}

std::expected<Description, Fault> describe_gt1_scan(Bytes scan) {
    const auto ticket = SignedGt1::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return describe_gt1(*ticket);
}

}  // namespace stile::crypto
