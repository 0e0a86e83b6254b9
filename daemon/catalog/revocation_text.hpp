// SPDX-License-Identifier: Apache-2.0
// The text form of a revocation list: one line to one record, and a file to its lines (CATALOG.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/catalog/revocation_list.hpp"

namespace stile {

// A serial of an issuer: as a whole, or only its copies with a re-issue counter below `below`.
struct RevokedSerial {
    std::string_view issuer;
    std::uint32_t event = 0;
    std::uint64_t serial = 0;
    std::optional<std::uint8_t> below;  // never 0
};

// A code without a serial.
struct RevokedSecret {
    std::uint32_t event = 0;
    std::string_view text;
};

// Blank lines and comments say nothing.
struct NoRecord {};

using RevocationLine = std::variant<NoRecord, RevokedSerial, RevokedSecret>;

// `line` comes without its line end. The views in the result are parts of it. Reentrant, no
// allocation unless it fails. Errors: Invalid, with what is wrong.
[[nodiscard]] Result<RevocationLine> parse_revocation_line(std::string_view line);

// Whether the first line of a text only names its columns, as spreadsheets write them.
[[nodiscard]] bool is_revocation_header(std::string_view line);

// Reads the lines of a regular file from its beginning, through one buffer of fixed size. Does not
// move the descriptor's own position, and does not own it. Thread-bound.
class RevocationText {
public:
    static constexpr std::size_t kMaxLineBytes = 1'100;
    static constexpr std::size_t kBlockBytes = 65'536;

    explicit RevocationText(int fd);

    // The next line without its end, or nothing after the last one; valid until the next call.
    // Errors: Invalid (the line is too long), Io.
    [[nodiscard]] Result<std::optional<std::string_view>> next();

    [[nodiscard]] std::uint64_t line_number() const { return line_number_; }  // of the last line
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
    // Of everything read so far; of the whole text after the last line.
    [[nodiscard]] const TextDigest& digest() const { return digest_; }

private:
    [[nodiscard]] Result<void> read_block();

    int fd_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // what is not handed out yet
    std::size_t end_ = 0;
    bool at_end_ = false;
    std::uint64_t line_number_ = 0;
    std::uint64_t bytes_read_ = 0;
    TextDigest digest_{};
};

}  // namespace stile
