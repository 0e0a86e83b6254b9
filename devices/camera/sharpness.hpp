// SPDX-License-Identifier: Apache-2.0
// How sharp the sharpest edges of a picture are.
#pragma once

#include <optional>

#include "devices/camera/frame.hpp"

namespace stile::devices {

// Per cent of the picture's whole contrast that its steepest places climb within two pixels: about
// 100 for crisp print, less than kBlurred out of focus. Nothing for a picture without contrast.
// For people who turn a lens: it takes milliseconds. Reentrant.
[[nodiscard]] std::optional<int> sharpness_of(const Frame& frame);

inline constexpr int kBlurred = 25;

}  // namespace stile::devices
