// SPDX-License-Identifier: Apache-2.0
// Who works on a store: locks on a file beside it, which the kernel lets go when their holder dies.
#pragma once

#include <cstdint>
#include <filesystem>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::sync {

enum class StoreRole : std::uint8_t { Collector, Import };

class StoreLock {
public:
    // Errors: Denied, Io.
    [[nodiscard]] static Result<StoreLock> open(const std::filesystem::path& store);

    // False when another has it.
    [[nodiscard]] Result<bool> take(StoreRole role);
    void give_back(StoreRole role);
    // Whether somebody has it; without ever taking it.
    [[nodiscard]] Result<bool> is_taken(StoreRole role) const;

private:
    explicit StoreLock(UniqueFd fd) : fd_{std::move(fd)} {}
    UniqueFd fd_;
    bool collects_ = false;
};

}  // namespace stile::sync
