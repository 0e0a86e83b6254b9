// SPDX-License-Identifier: Apache-2.0
// Memory for secrets: kept out of swap and core dumps, between guard pages, wiped when it is freed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

// Owns its bytes; moved, never copied. Where the system allows no locked memory the bytes are only
// guarded and wiped. The process ends if there is no memory at all.
class LockedBytes {
public:
    explicit LockedBytes(std::size_t size);
    LockedBytes(LockedBytes&& other) noexcept
        : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
    LockedBytes& operator=(LockedBytes&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    LockedBytes(const LockedBytes&) = delete;
    LockedBytes& operator=(const LockedBytes&) = delete;
    ~LockedBytes();

    [[nodiscard]] std::span<std::uint8_t> span() { return {data_, size_}; }
    [[nodiscard]] Bytes bytes() const { return {data_, size_}; }
    // Forgets what lies behind the first `size` bytes.
    void shrink(std::size_t size) { size_ = size < size_ ? size : size_; }

private:
    std::uint8_t* data_;
    std::size_t size_;
};

// Overwrites bytes that held a secret in ordinary memory; never optimised away.
void wipe(std::span<std::uint8_t> bytes);

}  // namespace stile::crypto
