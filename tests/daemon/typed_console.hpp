// SPDX-License-Identifier: Apache-2.0
// A person at the keyboard, for setup's questions.
#pragma once

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>

#include "daemon/setup/console.hpp"

namespace stile::test {

// Types the lines that it was given, and remembers what it was told.
class TypedConsole final : public Console {
public:
    explicit TypedConsole(std::initializer_list<const char*> lines)
        : lines_{lines.begin(), lines.end()} {}
    void say(std::string_view text) override { said += text; }
    std::optional<std::string> read_line() override {
        if (lines_.empty()) return std::nullopt;
        std::string line = lines_.front();
        lines_.pop_front();
        return line;
    }
    std::optional<crypto::LockedBytes> read_hidden(std::string_view prompt) override {
        say(prompt);
        const auto line = read_line();
        if (!line) return std::nullopt;
        crypto::LockedBytes bytes{line->size()};
        std::ranges::copy(as_bytes(*line), bytes.span().begin());
        return bytes;
    }
    [[nodiscard]] std::size_t left() const { return lines_.size(); }

    std::string said;

private:
    std::deque<std::string> lines_;
};

}  // namespace stile::test
