// SPDX-License-Identifier: Apache-2.0
// Takes the depth out of JSON that may be nested without end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stile {

// What the catalog takes, and more than a custom rule may have.
inline constexpr std::size_t kShallow = 200;

// The same text with {"nested too deep":null} for each list and object below the level kShallow.
// To a custom rule that is an operator which it does not know, so it refuses; to all others it is
// a value that makes no sense. A text that is no JSON stays none above that level. Pure.
[[nodiscard]] std::string made_shallow(std::string_view json);

}  // namespace stile
