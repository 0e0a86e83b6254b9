// SPDX-License-Identifier: Apache-2.0
// Asks the format table, and makes a VerifiedTicket of what its format has proven.
#include "crypto/verifier.hpp"

#include <algorithm>

namespace stile::crypto {

Proof Verifier::prove(Bytes scan) const {
    const auto row =
        std::ranges::find_if(rows_, [&](const Format& format) { return format.claims(scan); });
    if (row == rows_.end()) return std::unexpected{Fault::UnknownFormat};
    const auto ticket = row->verify(scan, keys_);
    if (!ticket) return std::unexpected{ticket.error()};
    return VerifiedTicket{*ticket};
}

}  // namespace stile::crypto
