// SPDX-License-Identifier: Apache-2.0
// One ticket as it lies on the paper: text on the left, the code on the right.
#pragma once

#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/issue/pdf/type_setter.hpp"

namespace stile::crypto {

inline constexpr double kCardWidth = 190;  // millimetres
inline constexpr double kCardHeight = 68;

enum class Outline : std::uint8_t { Drawn, None };  // a sheet is cut, so it has none

// Draws with the upper left corner at (0, 0) of the canvas, whose unit is the millimetre.
void draw_card(cairo_t* canvas, TypeSetter& type, const Card& card, Outline outline);

}  // namespace stile::crypto
