// SPDX-License-Identifier: Apache-2.0
// What a source is called in front of people.
#pragma once

#include <string>
#include <string_view>

namespace stile::devices {

// Whether `source` is an address ("rtsp://...") and not a path.
[[nodiscard]] bool is_address(std::string_view source);

// The scheme of an address, in small letters; empty for a path.
[[nodiscard]] std::string scheme_of(std::string_view source);

// For logs, reports and errors: the address without what may be a secret, that is everything up to
// its last @ and its query. A path is given as it is.
[[nodiscard]] std::string without_secrets(std::string_view source);

}  // namespace stile::devices
