// SPDX-License-Identifier: Apache-2.0
// Looks at the certificate files before the client library does, which says too little about them.
#pragma once

#include <chrono>
#include <optional>

#include "crypto/base/result.hpp"
#include "sync/mqtt/session.hpp"

namespace stile::sync {

// When the client certificate ends; nothing without one. Errors: Config, with file and remedy: a
// file that cannot be read, is no PEM, a key with a pass phrase, a key that others can read, a key
// of another certificate. A certificate that has ended is no error here: the broker decides.
[[nodiscard]] Result<std::optional<std::chrono::sys_seconds>> check_tls_files(const Tls& tls);

}  // namespace stile::sync
