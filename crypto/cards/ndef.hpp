// SPDX-License-Identifier: Apache-2.0
// Reads NDEF messages strictly, and finds the one ticket in them (CARDS.md).
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

inline constexpr std::size_t kNdefMost = 1024;  // bytes of a message
inline constexpr std::size_t kNdefMostRecords = 4;

// What a record's type means.
enum class NdefName : std::uint8_t { Empty = 0, WellKnown, Mime, Uri, External, Unknown };

struct NdefRecord {
    NdefName name = NdefName::Empty;
    Bytes type, payload;
};

// Views into the bytes that were read.
class NdefMessage {
public:
    // Faults: Unsupported for chunks and a fifth record, Malformed for every other broken rule.
    // Reentrant, allocates nothing.
    [[nodiscard]] static std::expected<NdefMessage, CardFault> read(Bytes message);

    [[nodiscard]] std::span<const NdefRecord> records() const {
        return std::span{records_}.first(count_);
    }

private:
    std::array<NdefRecord, kNdefMostRecords> records_{};
    std::size_t count_ = 0;
};

// The text of the one ticket that the message carries, as a code would have it. Faults: Empty, and
// those of a message that is none or carries what it must not.
[[nodiscard]] std::expected<Buffer, CardFault> ticket_in(Bytes message);

// The same as the end of a dialogue.
[[nodiscard]] CardStep copy_in(Bytes message);

}  // namespace stile::crypto
