// SPDX-License-Identifier: Apache-2.0
// Bytes as tests of cards write them. A mistake in a test ends it.
#pragma once

#include <cstdlib>
#include <string_view>

#include "crypto/base/bytes.hpp"

namespace stile::tests {

inline void must(bool good) {
    if (!good) std::abort();
}

[[nodiscard]] inline Buffer bytes_of(std::string_view hex) {
    const auto bytes = from_hex(hex);
    must(bytes.has_value());
    return *bytes;
}

[[nodiscard]] inline Buffer operator+(Buffer one, const Buffer& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

}  // namespace stile::tests
