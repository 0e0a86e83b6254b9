// SPDX-License-Identifier: Apache-2.0
// Whether what is printed may hold colours: only for a terminal.
#pragma once

namespace stile {

enum class Colour { Off, On };

}  // namespace stile
