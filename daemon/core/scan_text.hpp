// SPDX-License-Identifier: Apache-2.0
// What a scanner said, made fit to be looked up.
#pragma once

#include <string>
#include <string_view>

namespace stile {

// The sources that media are registered under.
inline constexpr std::string_view kBarcodeSource = "barcode";

// Appends to `out` the text without the character-set mark that some scanners put in front of
// barcodes (a backslash and six digits), and with U+FFFD for every control character. Bytes that
// are no UTF-8 stay as they are: nothing is registered under such a text.
void clean_scan(std::string_view text, std::string_view source, std::string& out);

}  // namespace stile
