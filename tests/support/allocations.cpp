// SPDX-License-Identifier: Apache-2.0
// The operators of the whole program, and their counter.
#include "tests/support/allocations.hpp"

#include <cstdlib>
#include <new>

namespace stile {
std::atomic<std::size_t> allocations{0};
}

using stile::allocations;

void* operator new(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void* operator new(std::size_t size, std::align_val_t align) {
    ++allocations;
    void* memory = std::aligned_alloc(static_cast<std::size_t>(align), size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
// The analyzer does not see that these are the other half of the operators above.
// NOLINTBEGIN(clang-analyzer-cplusplus.NewDelete)
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t /*align*/) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*align*/) noexcept {
    std::free(memory);
}
// NOLINTEND(clang-analyzer-cplusplus.NewDelete)
