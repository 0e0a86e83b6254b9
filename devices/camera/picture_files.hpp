// SPDX-License-Identifier: Apache-2.0
// The pictures of a folder in the order in which a person would count them.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::devices {

// Whether `a` comes before `b` when runs of digits count as numbers: "frame9" before "frame10".
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b);

// Files of `folder` whose name ends like a picture's, in natural order; other files are left out.
// Errors: NotFound (no such folder, or no picture in it), Denied, Io.
[[nodiscard]] Result<std::vector<std::filesystem::path>> picture_files(
    const std::filesystem::path& folder);

}  // namespace stile::devices
