// SPDX-License-Identifier: Apache-2.0
// The only commands that may go to a card: none of them writes. Reader and daemon both ask.
#pragma once

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

// Whether the command has exactly one of the shapes of CARDS.md. Reentrant, allocates nothing.
[[nodiscard]] bool allowed(Bytes apdu);

}  // namespace stile::crypto
