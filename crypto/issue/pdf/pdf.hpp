// SPDX-License-Identifier: Apache-2.0
// Tickets on paper, with the libraries that draw and set type hidden.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/issue/qr/qr_code.hpp"

namespace stile::crypto {

enum class Accent : std::uint8_t { Blue, Gold, Green, Red };

struct CardField {
    std::string label;
    std::string value;
};

// What stands on one ticket. Empty texts leave no gap.
struct Card {
    std::string title;
    std::string subtitle;
    std::string badge;              // a word in a coloured box
    std::vector<CardField> fields;  // in order, as many in a line as fit
    std::string footer;
    std::string code_caption;
    Accent accent = Accent::Blue;
    QrCode code;
};

enum class Paper : std::uint8_t {
    Ticket,  // one ticket a page, 210 x 92 mm
    Sheet,   // four tickets a page of A4, with cut marks
};
inline constexpr std::size_t kCardsOnSheet = 4;

// A PDF file; the same cards with the same fonts make the same bytes. A module of the code is at
// least 0.8 mm wide. `made` is an RFC 3339 time for the file's properties. Thread-safe. Errors:
// Unsupported (a character for which no font is installed, or no font at all; names the packages),
// Io.
[[nodiscard]] Result<Buffer> to_pdf(std::span<const Card> cards, Paper paper,
                                    const std::string& made);

}  // namespace stile::crypto
