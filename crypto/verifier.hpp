// SPDX-License-Identifier: Apache-2.0
// From scanned bytes to a proven ticket: the format table and the only maker of VerifiedTicket.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"
#include "crypto/challenge.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/ticket.hpp"

namespace stile::crypto {

using Proof = std::expected<VerifiedTicket, Fault>;

// What a ticket says, proven or not, field by field: for people, never for a decision.
using Saying = std::pair<std::string_view, std::variant<std::uint64_t, std::string>>;
using Description = std::vector<Saying>;

// One row of the format table. A scan goes to the first row whose `claims` is true, and to no
// other. All functions are reentrant, never throw, and look at nothing but their arguments.
struct Format {
    std::string_view name;       // as `stilectl ticket inspect` prints it
    bool (*claims)(Bytes scan);  // by prefix or shape; cheap
    std::expected<Ticket, Fault> (*verify)(Bytes scan, const KeyRing& keys);  // parse and prove
    std::expected<Description, Fault> (*describe)(Bytes scan);                // parse only
};

// The rows, in the order in which they are asked.
[[nodiscard]] std::span<const Format> formats();

// The row that claims the scan, or null.
[[nodiscard]] const Format* format_of(Bytes scan, std::span<const Format> rows = formats());

class Verifier {
public:
    // Borrows the keys and the rows. Other rows than the table's are for tests of new formats.
    explicit Verifier(const KeyRing& keys, std::span<const Format> rows = formats())
        : keys_{keys}, rows_{rows} {}

    // Decides which format the scan is in and proves the ticket: issuer signature, key scope and,
    // where the ticket carries one, the signature of its holder. Times are not judged here: that is
    // the decision's. Reentrant; about one Ed25519 verification long (pretix_sig1: one for each of
    // its keys until one fits). Allocates nothing, but for a P-256 holder proof or a wallet code.
    [[nodiscard]] Proof prove(Bytes scan) const;

    // Proves the answer of a card or phone to this gate's challenge: a GT1 in bytes whose holder
    // signed the challenge. The caller made the nonce for this one dialogue.
    [[nodiscard]] Proof prove_answer(Bytes answer, const Challenge& challenge) const;

    // Proves the ticket on a card that has proven itself: A4, whatever a copy of it would be. What
    // the ticket demands beyond its issuer's signature it demands of the card too.
    [[nodiscard]] Proof prove_card(const CardMutual& card) const;

private:
    [[nodiscard]] std::expected<Ticket, Fault> verify(Bytes scan) const;

    const KeyRing& keys_;
    std::span<const Format> rows_;
};

}  // namespace stile::crypto
