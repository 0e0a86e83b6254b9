// SPDX-License-Identifier: Apache-2.0
// The gate at work with one lane, with eight, and on a slow disk.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "crypto/key_ring.hpp"
#include "daemon/core/visit.hpp"

namespace stile::bench {

struct GateWork {
    std::filesystem::path folder;
    const crypto::KeyRing& keys;
    WallTime now;
    std::span<const std::string> tickets;  // good ones, each used once
    std::function<void()> bare_commit;     // the same records, with LMDB's own calls
};

// Each prints one line.
void scan_to_release(const GateWork& work);
void eight_lanes_against_one(const GateWork& work);
void release_on_a_slow_disk(const GateWork& work);

}  // namespace stile::bench
