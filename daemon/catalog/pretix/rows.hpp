// SPDX-License-Identifier: Apache-2.0
// Splits a file of any size into its rows: one object, a list, the pages of an answer, or lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::pretix {

// Takes, one after the other and with any space between: objects, each a row; lists, whose elements
// are rows; and objects with a list `results`, whose elements are rows (a page). What a row says
// is not its concern. Holds one row and one block in memory. Does not move the descriptor's own
// position, and does not own it. Thread-bound.
class RowReader {
public:
    static constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20U;
    static constexpr std::size_t kBlockBytes = 65'536;

    // Reads `size` bytes of the file from `from`.
    RowReader(int fd, std::uint64_t from, std::uint64_t size)
        : fd_{fd}, at_{from}, end_of_text_{from + size} {}

    // The next row, or nothing after the last; valid until the next call. Errors: Invalid (the text
    // is no JSON, a row is too large, or it ends too early), Io.
    [[nodiscard]] Result<std::optional<std::string_view>> next();

    [[nodiscard]] std::uint64_t rows() const { return rows_; }  // so far
    [[nodiscard]] std::uint64_t place() const { return at_; }   // in the file, of the next block
    // The newest page without its rows: {"count":2,"next":null,"results":[]}. Empty: no page.
    [[nodiscard]] const std::string& page() const { return page_; }

private:
    enum class Within : std::uint8_t { Outside, FirstRow, Rows };
    [[nodiscard]] std::optional<char> peek();
    [[nodiscard]] std::optional<char> take();
    [[nodiscard]] std::optional<char> peek_word();  // after blanks
    [[nodiscard]] bool fill();
    [[nodiscard]] Result<bool> begin();  // whether a row was read at once
    [[nodiscard]] Result<bool> row();
    [[nodiscard]] Result<bool> object_or_page();
    [[nodiscard]] Result<void> value(std::string& into);
    [[nodiscard]] Result<void> nested(std::string& into);
    [[nodiscard]] Result<void> quoted(std::string& into);
    [[nodiscard]] Result<void> end_of_page();
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const;

    int fd_;
    std::uint64_t at_;
    std::uint64_t end_of_text_;
    bool begun_ = false;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool failed_ = false;  // the file cannot be read
    std::uint64_t rows_ = 0;
    Within within_ = Within::Outside;
    bool in_page_ = false;
    std::string row_;
    std::string page_;
};

}  // namespace stile::pretix
