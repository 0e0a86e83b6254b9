// SPDX-License-Identifier: Apache-2.0
// What is built into the display: the page, in one piece, and its languages.
#pragma once

#include <span>
#include <string_view>

namespace stile::devices {

struct EmbeddedLanguage {
    std::string_view code;  // "zh-Hans"
    std::string_view json;
};

struct EmbeddedPage {
    std::string_view html;        // with {{lane}}, {{language}}, {{direction}} and {{data}} in it
    std::string_view style_hash;  // as a Content-Security-Policy names them
    std::string_view script_hash;
};

// Reentrant, both.
[[nodiscard]] std::span<const EmbeddedLanguage> embedded_languages();
[[nodiscard]] EmbeddedPage embedded_page();

}  // namespace stile::devices
