// SPDX-License-Identifier: Apache-2.0
// Locked memory by libsodium.
#include "crypto/locked_bytes.hpp"

#include <cstdlib>

#include <sodium.h>

#include "crypto/sodium/init.hpp"

namespace stile::crypto {

LockedBytes::LockedBytes(std::size_t size) : size_{size} {
    need_sodium();
    data_ = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (data_ == nullptr) std::abort();
}

LockedBytes::~LockedBytes() {
    sodium_free(data_);
}

void wipe(std::span<std::uint8_t> bytes) {
    sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace stile::crypto
