// SPDX-License-Identifier: Apache-2.0
// What root makes in a folder of the daemon's has to be the daemon's.
#pragma once

#include <filesystem>
#include <initializer_list>

#include "crypto/base/result.hpp"

namespace stile {

// Gives what root has made to whom `folder` belongs; passes over what is not there. Whoever is not
// root owns already what he makes. Errors: Denied.
[[nodiscard]] Result<void> give_to_owner_of(const std::filesystem::path& folder,
                                            std::initializer_list<std::filesystem::path> made);

}  // namespace stile
