// SPDX-License-Identifier: Apache-2.0
// `stile-issue ticket`: one signed ticket as text, PNG and SVG.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/result.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/issue/keygen.hpp"
#include "crypto/issue/passphrase.hpp"

namespace stile::crypto {

enum class ShowText { WhenNoPicture, Always };

struct TicketOptions {
    std::filesystem::path key;
    PassphraseSource passphrase;
    Gt1Fields fields;
    std::optional<std::filesystem::path> png;
    std::optional<std::filesystem::path> svg;
    std::size_t module_pixels = 8;
    ShowText show = ShowText::WhenNoPicture;
    Print print = Print::Text;
};

// Refuses what the key may not sign, because every gate would.
[[nodiscard]] Result<void> run_ticket(const TicketOptions& options);

}  // namespace stile::crypto
