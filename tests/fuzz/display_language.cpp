// SPDX-License-Identifier: Apache-2.0
// Fuzzes language files: what is read has every text that the page needs.
#include <cstdlib>

#include "devices/display/language.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto language = stile::devices::read_language(text, "en");
    if (language && language->texts.find("\"USED\"") == std::string::npos) std::abort();
    return 0;
}
