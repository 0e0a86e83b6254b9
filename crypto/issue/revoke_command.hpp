// SPDX-License-Identifier: Apache-2.0
// `stile-issue revoke`: the lines of the revocation list that end tickets for ever.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/issue/desk.hpp"
#include "crypto/issue/keygen.hpp"

namespace stile::crypto {

struct RevokeOptions {
    DeskOptions desk;                    // the key is not opened, so no pass phrase is asked
    std::vector<std::string> tickets;    // texts
    std::optional<std::uint32_t> event;  // of `serials`
    std::vector<SerialRange> serials;
    std::filesystem::path rows;  // a CSV file with columns event and serial
    std::filesystem::path out;   // lines are appended here; empty: they are printed
    Print print = Print::Text;
};

// All of them or, if one cannot be read, none.
[[nodiscard]] Result<void> run_revoke(const RevokeOptions& options);

}  // namespace stile::crypto
