// SPDX-License-Identifier: Apache-2.0
// Half blocks in black on bright white.
#include "daemon/stilectl/code_art.hpp"

#include <string_view>

namespace stile {
namespace {

constexpr std::string_view kBlackOnWhite = "\033[38;5;16;48;5;231m";
constexpr std::string_view kPlain = "\033[0m";

}  // namespace

std::string code_art(const crypto::QrCode& code) {
    const std::size_t side = code.size + 2 * crypto::kQuietZone;
    const auto dark = [&code](std::size_t x, std::size_t y) {
        const std::size_t from = crypto::kQuietZone;
        const bool inside = x >= from && y >= from && x < from + code.size && y < from + code.size;
        return inside && code.dark(x - from, y - from);
    };
    std::string art;
    for (std::size_t y = 0; y < side; y += 2) {
        art += kBlackOnWhite;
        for (std::size_t x = 0; x < side; ++x) {
            const bool above = dark(x, y);
            const bool below = dark(x, y + 1);
            art += above ? (below ? "█" : "▀") : (below ? "▄" : " ");
        }
        art += kPlain;
        art += '\n';
    }
    return art;
}

}  // namespace stile
