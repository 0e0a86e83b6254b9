// SPDX-License-Identifier: Apache-2.0
// Secrets that a gate makes for itself at its first start.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/sealed_box.hpp"
#include "crypto/signing_key.hpp"

namespace stile {

// The secret under which ticket identities become names in entries. Reads 64 hexadecimal digits
// from `file`. Errors: Config (missing, not a secret, readable by others).
[[nodiscard]] Result<crypto::EventSecret> read_event_secret(const std::filesystem::path& file);

// The same, and makes a random one (mode 0600) where there is none.
[[nodiscard]] Result<crypto::EventSecret> own_event_secret(const std::filesystem::path& file);

// The key to which records for platforms are sealed; made likewise.
[[nodiscard]] Result<crypto::BoxKey> own_device_key(const std::filesystem::path& file);

// The key with which the gate signs its enrolment request; made likewise.
[[nodiscard]] Result<crypto::SigningKey> own_signing_key(const std::filesystem::path& file);

}  // namespace stile
