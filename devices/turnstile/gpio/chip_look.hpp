// SPDX-License-Identifier: Apache-2.0
// What a GPIO chip says of its lines without anybody asking for one: nothing moves.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::devices {

struct LineLook {
    enum class State { Free, Taken, Missing } state = State::Missing;
    std::string taken_by;  // as its user named itself
};

// The lines of the chip, each by number or name, in their order. Errors: NotFound (no such chip),
// Denied, Io.
[[nodiscard]] Result<std::vector<LineLook>> look_at_lines(const std::string& chip,
                                                          const std::vector<std::string>& lines);

}  // namespace stile::devices
