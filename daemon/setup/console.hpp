// SPDX-License-Identifier: Apache-2.0
// The person at the keyboard.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/locked_bytes.hpp"

namespace stile {

// Thread-bound.
class Console {
public:
    virtual ~Console() = default;
    virtual void say(std::string_view text) = 0;
    // A line without its end. Blocks. Nothing: the input is at its end.
    [[nodiscard]] virtual std::optional<std::string> read_line() = 0;
    // The same, and nobody sees what is typed once the prompt is there.
    [[nodiscard]] virtual std::optional<crypto::LockedBytes> read_hidden(
        std::string_view prompt) = 0;
};

// Standard input and output; null when they are no terminal.
[[nodiscard]] std::unique_ptr<Console> open_console();

}  // namespace stile
