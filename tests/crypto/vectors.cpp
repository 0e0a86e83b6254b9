// SPDX-License-Identifier: Apache-2.0
// Reads the shared test vectors.
#include "tests/crypto/vectors.hpp"

#include <fstream>

namespace stile::tests {

std::optional<nlohmann::json> load_vectors(const std::string& file) {
    std::ifstream in{std::string{STILE_SHARED_DIR} + "/vectors/" + file};
    if (!in) return std::nullopt;
    return nlohmann::json::parse(in);
}

Buffer hex(const nlohmann::json& text) {
    auto bytes = from_hex(text.get<std::string>());
    EXPECT_TRUE(bytes) << text;
    return std::move(bytes).value_or(Buffer{});
}

}  // namespace stile::tests
