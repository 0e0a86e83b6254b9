// SPDX-License-Identifier: Apache-2.0
// Another program that is asked something: started, read, and never waited for too long.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile {

struct ChildWishes {
    std::chrono::milliseconds limit;       // then it is killed
    std::vector<std::string> environment;  // further lines of it: "NAME=value"
    Bytes input;                           // its standard input, at most 4096 bytes
};

struct ChildEnd {
    bool started = false;
    std::optional<int> exit_code;  // nothing: not started, or it did not come to its own end
    std::string out, err;          // the first 256 KiB of each
};

// Runs `words` to the end, which is looked for in PATH. Blocks. Thread-safe.
[[nodiscard]] ChildEnd run_child(std::vector<std::string> words, const ChildWishes& wishes);

}  // namespace stile
