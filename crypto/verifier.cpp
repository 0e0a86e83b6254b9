// SPDX-License-Identifier: Apache-2.0
// Asks the format table, and makes a VerifiedTicket of what its format has proven.
#include "crypto/verifier.hpp"

#include <algorithm>

#include "crypto/formats/gt1.hpp"

namespace stile::crypto {

const Format* format_of(Bytes scan, std::span<const Format> rows) {
    const auto row =
        std::ranges::find_if(rows, [&](const Format& format) { return format.claims(scan); });
    return row == rows.end() ? nullptr : &*row;
}

Proof Verifier::prove(Bytes scan) const {
    const auto ticket = verify(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return VerifiedTicket{*ticket};
}

Proof Verifier::prove_card(const CardMutual& card) const {
    auto ticket = verify(card.content);
    if (!ticket) return std::unexpected{ticket.error()};
    ticket->assurance = Assurance::MutualCard;
    return VerifiedTicket{*ticket};
}

std::expected<Ticket, Fault> Verifier::verify(Bytes scan) const {
    const Format* row = format_of(scan, rows_);
    if (row == nullptr) return std::unexpected{Fault::UnknownFormat};
    return row->verify(scan, keys_);
}

Proof Verifier::prove_answer(Bytes answer, const Challenge& challenge) const {
    const auto parsed = SignedGt1::from_bytes(answer);
    if (!parsed) return std::unexpected{parsed.error()};
    const auto ticket = verify_gt1_answer(*parsed, keys_, challenge);
    if (!ticket) return std::unexpected{ticket.error()};
    return VerifiedTicket{*ticket};
}

}  // namespace stile::crypto
