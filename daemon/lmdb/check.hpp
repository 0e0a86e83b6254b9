// SPDX-License-Identifier: Apache-2.0
// Looks at an LMDB file before it is mapped: a damaged one can end the process that opens it.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"

namespace stile::lmdb {

// Compares the size of FOLDER/data.mdb with what its meta pages say, then lets a child process walk
// every page. Changes nothing. Call before other threads start (it forks). Blocks: about 0.1 s for
// 100 MB. Errors: Corrupt (with what is wrong and what to do), Denied, Io.
[[nodiscard]] Result<void> check(const std::filesystem::path& folder);

}  // namespace stile::lmdb
