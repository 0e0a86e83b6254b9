// SPDX-License-Identifier: Apache-2.0
// Reads the shared test vectors; a test that needs them skips where they are not there.
#pragma once

#include <array>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"

namespace stile::tests {

// The file below the folder of vectors, or nothing if it is not there.
[[nodiscard]] std::optional<nlohmann::json> load_vectors(const std::string& file);

// The bytes of a hexadecimal text; fails the test if it is none.
[[nodiscard]] Buffer hex(const nlohmann::json& text);

// The same as an array; zeros behind what is too short, so check the size where it matters.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> hex_array(const nlohmann::json& text) {
    std::array<std::uint8_t, N> out{};
    ByteReader{hex(text)}.copy(out);
    return out;
}

}  // namespace stile::tests

// Declares `name`, the vectors of `file`.
// NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared takes none.
#define STILE_LOAD_OR_SKIP(name, file)                                       \
    const auto name##_or_nothing = stile::tests::load_vectors(file);         \
    if (!name##_or_nothing) GTEST_SKIP() << "no shared vectors: " << (file); \
    const nlohmann::json& name = *name##_or_nothing
// NOLINTEND(bugprone-macro-parentheses)
