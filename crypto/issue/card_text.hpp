// SPDX-License-Identifier: Apache-2.0
// What a printed ticket says.
#pragma once

#include "crypto/base/result.hpp"
#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/issue/plan.hpp"

namespace stile::crypto {

// Times as the venue's clocks show them. Errors: Invalid (no such time zone), Io.
[[nodiscard]] Result<Card> make_card(const Gt1Fields& fields, const PrintText& print, QrCode code);

}  // namespace stile::crypto
