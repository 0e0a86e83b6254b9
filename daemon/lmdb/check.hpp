// SPDX-License-Identifier: Apache-2.0
// Looks at an LMDB file before it is mapped: a damaged one can end the process that opens it.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"

namespace stile::lmdb {

// Reads the meta pages of FOLDER/data.mdb, then lets a child process walk every page in use, also
// beside a writer: it takes a reader's place in FOLDER/lock.mdb, and changes nothing else. Call
// before other threads start (it forks). Blocks: about 0.1 s for 100 MB.
// Errors: Corrupt (with what is wrong and what to do), Denied, Io.
[[nodiscard]] Result<void> check(const std::filesystem::path& folder);

}  // namespace stile::lmdb
