// SPDX-License-Identifier: Apache-2.0
// A phone's key: P-256, as its key store makes and uses it.
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::emulator {

class HolderKey {
public:
    // A file in PEM, as `openssl ecparam -name prime256v1 -genkey -noout` makes it. Errors:
    // NotFound, Invalid.
    [[nodiscard]] static Result<HolderKey> load(const std::filesystem::path& file);
    [[nodiscard]] static HolderKey make();

    [[nodiscard]] Buffer public_key() const;         // 33 bytes
    [[nodiscard]] Buffer sign(Bytes message) const;  // 64 bytes

private:
    explicit HolderKey(std::shared_ptr<void> key) : key_{std::move(key)} {}
    std::shared_ptr<void> key_;  // copied with the phone that has it
};

}  // namespace stile::emulator
