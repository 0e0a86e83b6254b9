// SPDX-License-Identifier: Apache-2.0
// A secret of 32 bytes in a file that nobody else may read.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile {

using SecretBytes = std::array<std::uint8_t, 32>;

// Whether the name of a file means a credential that systemd hands over (LoadCredential=):
// "stile.event.secret".
[[nodiscard]] constexpr bool is_credential(std::string_view file) {
    return file.starts_with("stile.") && !file.contains('/');
}

// For a check by hand, which systemd hands nothing over: empties those of these names that are
// credentials. Returns a line on each for people. A service keeps them.
[[nodiscard]] std::string leave_out_credentials(std::initializer_list<std::string*> files);

// Reads 64 hexadecimal digits, and a line feed or none, from `file` or that credential. `name` is
// for the messages: "event secret". Errors: Config (missing, not a secret, readable by others).
[[nodiscard]] Result<SecretBytes> read_secret_file(const std::filesystem::path& file,
                                                   std::string_view name);

}  // namespace stile
