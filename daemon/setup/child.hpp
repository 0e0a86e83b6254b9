// SPDX-License-Identifier: Apache-2.0
// Another program that is asked something.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile {

// Runs it with `input` (at most 4096 bytes) as its standard input, and gives what it prints (at
// most 256 KiB). Blocks until it ends. Errors: Io (cannot be run, or its exit code is not 0),
// Invalid (too much on either side).
[[nodiscard]] Result<crypto::LockedBytes> output_of_child(std::vector<std::string> words,
                                                          Bytes input);

}  // namespace stile
