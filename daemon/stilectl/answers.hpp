// SPDX-License-Identifier: Apache-2.0
// The daemon's JSON answers as text that a person likes to read.
#pragma once

#include <string>
#include <string_view>

namespace stile {

// An answer that does not have the expected form is printed as it is.
[[nodiscard]] std::string revocation_stat_text(std::string_view json);
[[nodiscard]] std::string revocation_check_text(std::string_view json);
// Whether the answer to revocation-check says that no copy of the ticket is valid.
[[nodiscard]] bool says_revoked(std::string_view json);

[[nodiscard]] std::string catalog_import_text(std::string_view json);
[[nodiscard]] std::string catalog_stat_text(std::string_view json);
[[nodiscard]] std::string catalog_show_text(std::string_view json);

}  // namespace stile
