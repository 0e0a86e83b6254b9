// SPDX-License-Identifier: Apache-2.0
// What came of a card that was held to a reader.
#pragma once

#include <variant>

#include "crypto/cards/dialogue.hpp"
#include "daemon/core/reason.hpp"

namespace stile {

// Something to go by, or why there is nothing.
using CardOutcome = std::variant<crypto::CardFinding, Reason>;

}  // namespace stile
