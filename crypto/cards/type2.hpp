// SPDX-License-Identifier: Apache-2.0
// Type 2 tags (NTAG21x): a copy of a ticket, read page by page.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

inline constexpr std::size_t kType2Most = 872;  // bytes of data that are read: all of an NTAG216

[[nodiscard]] std::unique_ptr<CardDialogue> make_type2();

// The NDEF message in a data area of `size` bytes, of which the first are `have`. Nothing yet: more
// of the area must be read. Faults: Empty (the area ends without a message), Malformed.
[[nodiscard]] std::expected<std::optional<Bytes>, CardFault> message_in_area(Bytes have,
                                                                             std::size_t size);

}  // namespace stile::crypto
