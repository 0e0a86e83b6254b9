// SPDX-License-Identifier: Apache-2.0
// Type 4 tags, and phones that play one: a copy of a ticket in an NDEF file.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

[[nodiscard]] std::unique_ptr<CardDialogue> make_type4();

// What the capability container says of the NDEF file.
struct NdefFile {
    std::uint16_t id = 0;
    std::uint16_t size = 0;
    std::uint16_t most = 0;  // bytes in one answer
};

// From the first 15 bytes of the container. Faults: Malformed, Unsupported.
[[nodiscard]] std::expected<NdefFile, CardFault> read_container(Bytes container);

// How long the message is, by the first two bytes of the file. Faults: Empty, Malformed,
// Unsupported (longer than this gate reads).
[[nodiscard]] std::expected<std::uint16_t, CardFault> message_length(Bytes first, std::size_t file);

}  // namespace stile::crypto
