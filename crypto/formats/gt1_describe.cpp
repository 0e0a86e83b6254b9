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
    Description said{{"version", std::uint64_t{ticket.core()[0]}},
                     {"flags", std::uint64_t{ticket.core()[1]}},
                     {"key_id", to_hex(fields.key)},
                     {"event", std::uint64_t{fields.event}},
                     {"serial", fields.serial},
                     {"reissue", std::uint64_t{fields.reissue}},
                     {"product", std::uint64_t{fields.product}},
                     {"profile", std::uint64_t{fields.profile}},
                     {"not_before", std::uint64_t{fields.not_before}},
                     {"not_after", std::uint64_t{fields.not_after}},
                     {"admissions", std::uint64_t{fields.admissions}}};
    if (fields.holder) said.emplace_back("holder_key", to_hex(*fields.holder));
    if (!fields.seat.view().empty()) said.emplace_back("seat", std::string{fields.seat.view()});
    said.emplace_back("proof", proof_name(ticket.proof()));
    if (ticket.proof() == Gt1Proof::Time)
        said.emplace_back("proof_time", std::uint64_t{ticket.proof_time()});
    return said;
}

std::expected<Description, Fault> describe_gt1_scan(Bytes scan) {
    const auto ticket = SignedGt1::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return describe_gt1(*ticket);
}

}  // namespace stile::crypto
