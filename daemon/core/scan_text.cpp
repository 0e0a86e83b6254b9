// SPDX-License-Identifier: Apache-2.0
// Marks and control characters.
#include "daemon/core/scan_text.hpp"

#include <array>
#include <cstdint>

namespace stile {
namespace {

// ISO 8859-1, Shift JIS... as scanners name the character set of what follows.
constexpr std::array<std::string_view, 4> kMarks{R"(\000001)", R"(\000003)", R"(\000026)",
                                                 R"(\000027)"};
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view without_mark(std::string_view text) {
    for (const std::string_view mark : kMarks) {
        if (text.starts_with(mark)) return text.substr(mark.size());
    }
    return text;
}

// Bytes of the control character at the front: 00 to 1F, 7F, and 80 to 9F in UTF-8; 0 for another.
std::size_t control_bytes(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    const bool second_block =
        text.size() > 1 && byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0;
    return second_block ? 2 : 0;
}

}  // namespace

void clean_scan(std::string_view text, std::string_view source, std::string& out) {
    if (source == kBarcodeSource) text = without_mark(text);
    while (!text.empty()) {
        const std::size_t control = control_bytes(text);
        if (control == 0) {
            out.push_back(text.front());
        } else {
            out.append(kReplacement);
        }
        text.remove_prefix(control == 0 ? 1 : control);
    }
}

}  // namespace stile
