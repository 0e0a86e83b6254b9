// SPDX-License-Identifier: Apache-2.0
// Turns OpenCV's exceptions into errors at the edge of this folder.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile::devices {

// Calls `body`, which returns a Result; what it throws becomes an error with this code.
template <class Body>
[[nodiscard]] auto guarded(Errc code, std::string_view what, Body&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception& thrown) {
        return fail(code, std::string{what} + ": " + thrown.what());
    }
}

}  // namespace stile::devices
