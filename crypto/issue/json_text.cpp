// SPDX-License-Identifier: Apache-2.0
// The few escapes that JSON demands.
#include "crypto/issue/json_text.hpp"

#include <fmt/format.h>

namespace stile::crypto {

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace stile::crypto
