// SPDX-License-Identifier: Apache-2.0
// The keyboard layouts of xkb, which has those of all countries.
#pragma once

#include <memory>
#include <string_view>

#include "crypto/base/result.hpp"
#include "devices/scanner/keyboard_layout.hpp"

namespace stile::devices {

// A layout by its name, "de", and variant, "ch(fr)"; "uk" is "gb". Reads files; takes some
// milliseconds. Errors: Config (there is no such layout, or the package xkb-data is missing).
[[nodiscard]] Result<std::unique_ptr<KeyboardLayout>> load_layout(std::string_view name);

}  // namespace stile::devices
