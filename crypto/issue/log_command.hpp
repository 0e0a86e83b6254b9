// SPDX-License-Identifier: Apache-2.0
// `stile-issue log verify`: is the issue log whole, and what does it say?
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/issue/keygen.hpp"

namespace stile::crypto {

struct LogVerifyOptions {
    std::filesystem::path log;
    std::optional<Digest> head;  // one that was seen before: the log must still have it
    Print print = Print::Text;
};

// Prints totals and the head. Errors: Corrupt (names the first bad line, or a torn last line, or a
// head that is gone), NotFound, Io.
[[nodiscard]] Result<void> run_log_verify(const LogVerifyOptions& options);

}  // namespace stile::crypto
