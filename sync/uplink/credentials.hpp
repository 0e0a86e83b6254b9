// SPDX-License-Identifier: Apache-2.0
// Where the secrets of the way to the broker lie: files, or what systemd hands over.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile::sync {

// A name with a slash is a file; one without is a credential, which systemd puts into
// $CREDENTIALS_DIRECTORY for LoadCredential=. An empty name stays empty. `key` is the key of the
// site file, for the error. Errors: Config.
[[nodiscard]] Result<std::string> credential_path(std::string_view key, const std::string& name);

// The first line of what credential_path() finds; of an empty name: nothing. Errors: Config.
[[nodiscard]] Result<std::string> credential_line(std::string_view key, const std::string& name);

}  // namespace stile::sync
