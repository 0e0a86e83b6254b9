// SPDX-License-Identifier: Apache-2.0
// The way of a tag's own commands through a reader that knows only pages: passed on as they are, or
// by the PN532 in it (CARDS.md, the allow-list).
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

class TagPass {
public:
    // The command, and what goes with it; at most 253 bytes.
    [[nodiscard]] CardSend wrap(Bytes command, Bytes behind = {}) const;
    // What the tag answered; nothing if it or the reader refused.
    [[nodiscard]] std::optional<Bytes> unwrap(Bytes answer) const;
    // Goes over to the other way, once. False if that is the one in use.
    [[nodiscard]] bool try_next();

private:
    enum class Way : std::uint8_t { Direct, Pn532 };
    Way way_ = Way::Direct;
};

}  // namespace stile::crypto
