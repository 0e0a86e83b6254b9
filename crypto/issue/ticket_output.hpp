// SPDX-License-Identifier: Apache-2.0
// Hands one ticket out: its files, and what is printed about it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "crypto/issue/forms.hpp"
#include "crypto/issue/keygen.hpp"

namespace stile::crypto {

enum class ShowText { WhenNoFile, Always };

struct OutputOptions {
    std::map<Form, std::filesystem::path> files;
    std::size_t module_pixels = 8;
    ShowText show = ShowText::WhenNoFile;
    Print print = Print::Text;
};

// `line`, if there is one, belongs on the revocation list, and is printed too. Errors: those of
// rendering and of writing.
[[nodiscard]] Result<void> hand_out(const IssuedTicket& ticket, const PrintText& print,
                                    const KeyRecord& key, const OutputOptions& options,
                                    const std::string& line);

}  // namespace stile::crypto
