// SPDX-License-Identifier: Apache-2.0
// The folder that a simulation writes into: nothing in it is removed that another program made.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"

namespace stile::simulate {

// In a folder that is ours, and makes it so.
inline constexpr const char* kOursFile = "made-by-stile-simulate";

// Makes the folder, or takes an empty one or that of an earlier simulation.
// Errors: Invalid (something else lies in it), Io.
[[nodiscard]] Result<void> take_folder(const std::filesystem::path& folder);

}  // namespace stile::simulate
