// SPDX-License-Identifier: Apache-2.0
// A program that is host and emulated device at once needs umockdev's library before all others.
#pragma once

#include <cstdlib>

#include <unistd.h>

namespace stile::devices {

// Starts the program again with it, once. Sanitizers bear with a library that is loaded before
// theirs, and keep quiet about one that was not built for them.
inline void require_preload(char** argv) {
    if (std::getenv("STILE_PRELOADED") != nullptr) return;
    ::setenv("STILE_PRELOADED", "1", 1);
    ::setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    ::setenv("TSAN_OPTIONS", "report_bugs=0", 1);
    ::execv("/proc/self/exe", argv);
    std::abort();
}

}  // namespace stile::devices
