// SPDX-License-Identifier: Apache-2.0
// What a batch leaves beside its files: manifest.json, and tickets.csv if it was asked for.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/issue/batch_files.hpp"

namespace stile::crypto {

// Grows with each block; stands in its folder only when the batch is finished.
class Manifest {
public:
    explicit Manifest(const BatchOptions& options) : options_{options} {}

    // Errors: Io. The manifest of an earlier run is no longer true.
    [[nodiscard]] Result<void> begin() const;
    void add(std::span<const BatchTicket> tickets);
    // Errors: Io, Full.
    [[nodiscard]] Result<void> finish(const BatchTotals& totals, const KeyRecord& key) const;

private:
    const BatchOptions& options_;
    std::string tickets_;  // JSON, one a line
    std::string texts_;    // CSV
};

}  // namespace stile::crypto
