// SPDX-License-Identifier: Apache-2.0
// CSV files row by row, with the library that reads them hidden.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::crypto {

struct CsvRow {
    std::size_t line = 0;  // on which it begins; the first is 1
    std::vector<std::string> cells;
    std::string fault;  // why it could not be read; then there are no cells
};

// Reads RFC 4180 from a file or from a text, in constant memory: quoted cells may hold the
// separator, quotes and line ends. A byte order mark is skipped, empty lines too. The separator is
// the comma, the semicolon or the tab, whichever stands first in the first line.
class CsvReader {
public:
    // Errors: NotFound, Io.
    [[nodiscard]] static Result<CsvReader> open(const std::filesystem::path& path);
    [[nodiscard]] static CsvReader of(std::string text);
    CsvReader(CsvReader&&) noexcept;
    CsvReader& operator=(CsvReader&&) noexcept;
    ~CsvReader();

    // The next row, nothing at the end. A row that breaks the rules has a `fault` and costs no
    // other row, unless its quotes swallowed them. Errors: Io.
    [[nodiscard]] Result<std::optional<CsvRow>> next();
    [[nodiscard]] std::size_t bytes_read() const;

private:
    struct State;
    explicit CsvReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A cell as CSV writes it: in quotes only if it needs them.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace stile::crypto
