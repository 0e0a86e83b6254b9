// SPDX-License-Identifier: Apache-2.0
// The command line of stile-issue, with the library that reads it hidden.
#pragma once

#include <chrono>
#include <expected>
#include <functional>

#include "crypto/issue/cli/command.hpp"

namespace stile::crypto {

// What to do; or the exit code with which the program ends, when help was printed (0), or a file of
// options could not be read (1), or the misuse was explained (2).
[[nodiscard]] std::expected<Work, int> parse_command_line(int argc, const char* const* argv,
                                                          std::chrono::sys_seconds now);

}  // namespace stile::crypto
