// SPDX-License-Identifier: Apache-2.0
// A GT1 ticket as NFC tags carry it (crypto/issue/ISSUE.md): an NDEF message, and the data area of
// a Type 2 tag around it.
#pragma once

#include <string_view>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

// NFC Forum external type of the one record.
inline constexpr std::string_view kNdefType = "gate.example:gt1";

// One record with the bytes of the ticket, not its text.
[[nodiscard]] Buffer gt1_ndef(Bytes ticket);

// What goes to page 4 and after it: the message in its TLV, the terminator, zeros to a whole page.
[[nodiscard]] Buffer type2_area(Bytes message);

}  // namespace stile::crypto
