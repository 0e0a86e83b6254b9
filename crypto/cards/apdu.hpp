// SPDX-License-Identifier: Apache-2.0
// Commands for cards and what comes back: the pieces of which the dialogues are made.
#pragma once

#include <array>
#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

inline constexpr std::uint16_t kCardOk = 0x9000;

// An answer without its two status bytes; status 0, which no card has, for one of fewer than two.
struct CardReply {
    Bytes data;
    std::uint16_t status = 0;
};

[[nodiscard]] inline CardReply read_reply(Bytes answer) {
    if (answer.size() < 2) return {};
    ByteReader status{answer.last(2)};
    return {answer.first(answer.size() - 2), status.number<std::uint16_t>()};
}

// Whether SELECT by name wants to hear about the application (FCI) or only that it is there.
enum class SelectAnswer : std::uint8_t { Full = 0x00, None = 0x0C };

[[nodiscard]] CardSend select_name(Bytes name, SelectAnswer answer);
[[nodiscard]] CardSend select_file(std::uint16_t id);
// At most 256 bytes; offset below 8000.
[[nodiscard]] CardSend read_binary(std::uint16_t offset, std::size_t count);
[[nodiscard]] CardSend read_pages(std::uint8_t first);  // four pages of a Type 2 tag

// A native command of a DESFire or NTAG 424, wrapped.
[[nodiscard]] CardSend native(std::uint8_t command, Bytes data);
[[nodiscard]] CardSend next_frame();

// The name of the NDEF application: Type 4 tags, NTAG 424.
inline constexpr std::array<std::uint8_t, 7> kNdefApplication{0xD2, 0x76, 0x00, 0x00,
                                                              0x85, 0x01, 0x01};

}  // namespace stile::crypto
