// SPDX-License-Identifier: Apache-2.0
// Copies characters one by one and lets crypto/base judge each.
#include "devices/camera/utf8.hpp"

#include "crypto/base/bytes.hpp"

namespace stile::devices {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// How long the character that starts here is, or 0 if none does.
std::size_t character_size(std::string_view rest) {
    for (std::size_t size = 1; size <= 4 && size <= rest.size(); ++size) {
        if (is_utf8(as_bytes(rest.substr(0, size)))) return size;
    }
    return 0;
}

}  // namespace

std::string well_formed_utf8(std::string_view text) {
    if (is_utf8(as_bytes(text))) return std::string{text};
    std::string out;
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        out += size == 0 ? kReplacement : text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

}  // namespace stile::devices
