// SPDX-License-Identifier: Apache-2.0
// Files that are written beside their places first, and take them one after the other.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "daemon/setup/place.hpp"
#include "daemon/setup/plan.hpp"

namespace stile {

// A kill at any moment leaves each file as it was or as it is meant, never half: what is staged is
// whole and on the disk before it is renamed. What a killed setup left is cleared by the next one
// that writes into the same folder.
class Staging {
public:
    // Makes the first of `folders` and locks it; all of them are cleared. Errors: Denied, Io;
    // Closed (another setup is at work).
    [[nodiscard]] static Result<Staging> begin(const std::vector<std::filesystem::path>& folders,
                                               std::optional<Owner> daemon);
    Staging(Staging&&) noexcept = default;
    Staging& operator=(Staging&&) = delete;
    ~Staging();  // what did not take its place is removed

    // Errors: Denied, Full, Io.
    [[nodiscard]] Result<void> put(const PlannedFile& file);
    // Where `path` is now: staged, or in its place.
    [[nodiscard]] std::filesystem::path now_at(const std::filesystem::path& path) const;
    // In the order of put(), but `kept` is the last; what was there stays beside it under another
    // name, which is returned; empty: nothing was there. So does what Old::Stays. Errors: Io.
    [[nodiscard]] Result<std::filesystem::path> take_places(const std::filesystem::path& kept,
                                                            std::chrono::sys_seconds now);

private:
    struct Staged {
        std::filesystem::path young, place, instead_of;
        PlannedFile::Old old;
    };
    Staging(UniqueFd lock, std::optional<Owner> daemon);
    [[nodiscard]] Result<void> write(const PlannedFile& file, const Staged& staged) const;

    UniqueFd lock_;
    std::optional<Owner> daemon_;
    std::vector<Staged> staged_;
};

}  // namespace stile
