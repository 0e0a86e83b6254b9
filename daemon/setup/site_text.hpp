// SPDX-License-Identifier: Apache-2.0
// A site as the text of its file.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "daemon/config/document.hpp"
#include "daemon/config/site.hpp"

namespace stile {

// What differs from the defaults, each key with its comment of the sample. load_site() reads the
// same values from it.
[[nodiscard]] std::string site_text(const config::Site& site, std::chrono::sys_seconds now);

// A value as TOML writes it.
[[nodiscard]] std::string toml_text(const config::Field::Target& target);
[[nodiscard]] std::string toml_text(std::string_view text);

// What the sample says of a key, without the # sign; empty: nothing.
[[nodiscard]] std::string_view sample_comment(std::string_view section, std::string_view key);

}  // namespace stile
