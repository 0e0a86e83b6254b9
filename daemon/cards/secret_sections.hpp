// SPDX-License-Identifier: Apache-2.0
// Text of sections and "key = value" lines that is secret: read in place, never copied.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile {

// Something wrong in such a text. Says nothing of what stands there.
struct SectionMistake {
    std::size_t line = 0;  // from 1
    std::string what;
};

// One "[name]" and the lines below it. Borrows the text.
class SecretSection {
public:
    struct Line {
        std::size_t number = 0;
        std::string_view key;
        std::string_view value;
    };
    using Checked = std::expected<void, SectionMistake>;

    SecretSection(std::size_t line, std::string_view name) : line_{line}, name_{name} {}
    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] std::size_t line() const { return line_; }

    // Mistakes: the key stands there twice.
    [[nodiscard]] Checked add(const Line& line);
    // Mistakes of all below: no such key, or not what it has to be.
    [[nodiscard]] Checked only(std::span<const std::string_view> keys) const;
    // Hexadecimal digits for exactly that many bytes.
    [[nodiscard]] Checked hex(std::string_view key, std::span<std::uint8_t> out) const;
    // The same for `least` to `most` bytes of nothing secret.
    [[nodiscard]] Checked hex(std::string_view key, std::size_t least, std::size_t most,
                              Buffer& out) const;
    // Decimal.
    [[nodiscard]] Checked number(std::string_view key, std::uint8_t most, std::uint8_t& out) const;

private:
    [[nodiscard]] std::expected<Line, SectionMistake> find(std::string_view key) const;

    std::size_t line_;
    std::string_view name_;
    std::vector<Line> lines_;
};

// Lines that begin with # and empty ones say nothing. Mistakes: a line that is neither a section
// nor a key with a value, one before the first section, a key twice, more than 64 sections.
[[nodiscard]] std::expected<std::vector<SecretSection>, SectionMistake> secret_sections(
    std::string_view text);

}  // namespace stile
