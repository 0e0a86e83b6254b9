// SPDX-License-Identifier: Apache-2.0
// The gate's status as a page for people.
#pragma once

#include <string>
#include <string_view>

#include "daemon/stilectl/colour.hpp"

namespace stile {

// A table of lanes and readers, then one line a subject. A line that somebody should look at begins
// with "!", and is red where there is colour. JSON of another form is given back as it is.
[[nodiscard]] std::string status_text(std::string_view json, Colour colour);

}  // namespace stile
