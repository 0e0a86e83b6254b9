// SPDX-License-Identifier: Apache-2.0
// glibc's two thresholds.
#include "devices/camera/frame_memory.hpp"

#include <malloc.h>

namespace stile::devices {

void keep_frame_memory() {
    constexpr int kMebibyte = 1 << 20;
    // Both are wishes: without them everything works, slower. There is no other thread yet.
    (void)::mallopt(M_MMAP_THRESHOLD, 32 * kMebibyte);  // NOLINT(concurrency-mt-unsafe)
    (void)::mallopt(M_TRIM_THRESHOLD, 64 * kMebibyte);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace stile::devices
