// SPDX-License-Identifier: Apache-2.0
// From scanned bytes to a proven ticket: the format table and the only maker of VerifiedTicket.
#pragma once

#include <chrono>
#include <expected>
#include <span>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/ticket.hpp"

namespace stile::crypto {

using Proof = std::expected<VerifiedTicket, Fault>;

// One row of the format table. A scan goes to the first row whose `claims` is true, and to no
// other. Both functions are reentrant, never throw, and look at nothing but their arguments.
struct Format {
    std::string_view name;       // as `stilectl ticket inspect` prints it
    bool (*claims)(Bytes scan);  // by prefix or shape; cheap
    std::expected<Ticket, Fault> (*verify)(Bytes scan, const KeyRing& keys);  // parse and prove
};

// The rows, in the order in which they are asked.
[[nodiscard]] std::span<const Format> formats();

class Verifier {
public:
    // Borrows the keys and the rows. Other rows than the table's are for tests of new formats.
    explicit Verifier(const KeyRing& keys, std::span<const Format> rows = formats())
        : keys_{keys}, rows_{rows} {}

    // Decides which format the scan is in and proves the ticket: issuer signature, key scope and,
    // where the ticket carries one, the signature of its holder. Times are not judged here: that is
    // the decision's. Reentrant; about one Ed25519 verification long. Allocates nothing, but for a
    // P-256 holder proof.
    [[nodiscard]] Proof prove(Bytes scan) const;

private:
    const KeyRing& keys_;
    std::span<const Format> rows_;
};

}  // namespace stile::crypto
