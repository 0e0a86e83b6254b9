// SPDX-License-Identifier: Apache-2.0
// Counts every allocation of a test program's C++. For programs of their own: whoever links it
// counts everybody's.
#pragma once

#include <atomic>
#include <cstddef>

namespace stile {
extern std::atomic<std::size_t> allocations;  // since the program started
}
