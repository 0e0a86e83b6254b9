// SPDX-License-Identifier: Apache-2.0
// A disk that needs as long as it is told for every flush, for the LMDB of this program.
#pragma once

#include <chrono>

namespace stile::bench {

// While one lives, each flush of this process takes at least so long. Not for several at once.
class SlowDisk {
public:
    explicit SlowDisk(std::chrono::milliseconds flush);
    SlowDisk(const SlowDisk&) = delete;
    SlowDisk& operator=(const SlowDisk&) = delete;
    ~SlowDisk();
};

}  // namespace stile::bench
