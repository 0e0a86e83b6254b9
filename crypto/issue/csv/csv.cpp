// SPDX-License-Identifier: Apache-2.0
// CSV by libcsv, which is fed line by line so that every row knows where it began.
#include "crypto/issue/csv/csv.hpp"

#include <cerrno>
#include <cstdio>
#include <deque>
#include <fstream>
#include <istream>
#include <sstream>
#include <system_error>

#include <csv.h>
#include <fmt/format.h>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {
namespace {

constexpr std::size_t kMaxRow = std::size_t{64} * 1024;  // an open quote must not eat the memory
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char separator_of(std::string_view line) {
    const auto at = line.find_first_of(",;\t");
    return at == std::string_view::npos ? ',' : line[at];
}

}  // namespace

struct CsvReader::State {
    explicit State(std::unique_ptr<std::istream> stream) : in{std::move(stream)} { start(); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { csv_free(&parser); }

    void start() {
        csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
        csv_set_delim(&parser, static_cast<unsigned char>(separator));
    }
    void restart() {
        csv_free(&parser);
        start();
        row = {};
        row_bytes = 0;
    }
    static void on_cell(void* cell, std::size_t size, void* self) {
        static_cast<State*>(self)->row.cells.emplace_back(static_cast<const char*>(cell), size);
    }
    static void on_row(int, void* self) {
        auto* const state = static_cast<State*>(self);
        state->ready.push_back(std::move(state->row));
        state->row = {.line = state->line};
        state->row_bytes = 0;
    }
    void refuse(std::string fault) {
        ready.push_back({.line = row.line, .cells = {}, .fault = std::move(fault)});
        restart();
    }
    void feed(std::string_view text) {
        const bool between_rows = row_bytes == 0;
        if (between_rows) row.line = line;
        row_bytes += text.size();
        if (csv_parse(&parser, text.data(), text.size(), on_cell, on_row, this) != text.size())
            return refuse(
                "a quote inside a cell: put the whole cell in quotes and write its own quotes "
                "twice");
        if (row_bytes > kMaxRow)
            return refuse(fmt::format("longer than {} bytes: is a quote left open?", kMaxRow));
        const bool is_empty = text.find_first_not_of("\r\n") == std::string_view::npos;
        if (between_rows && is_empty) row_bytes = 0;  // no row began here
    }
    void read_line() {
        std::string text;
        if (!std::getline(*in, text)) return finish();
        ++line;
        bytes += text.size() + 1;
        if (!in->eof()) text += '\n';
        std::string_view view{text};
        if (line == 1) {
            if (view.starts_with(kByteOrderMark)) view.remove_prefix(kByteOrderMark.size());
            separator = separator_of(view);
            csv_set_delim(&parser, static_cast<unsigned char>(separator));
        }
        feed(view);
    }
    void finish() {
        ended = true;
        if (csv_fini(&parser, on_cell, on_row, this) != 0)
            refuse("a quote is left open: everything after it is in this row");
    }

    std::unique_ptr<std::istream> in;
    csv_parser parser{};
    char separator = ',';
    CsvRow row;                 // the one that grows
    std::size_t row_bytes = 0;  // 0: between rows
    std::deque<CsvRow> ready;
    std::size_t line = 0;
    std::size_t bytes = 0;
    bool ended = false;
};

CsvReader::CsvReader(std::unique_ptr<State> state) : state_{std::move(state)} {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

Result<CsvReader> CsvReader::open(const std::filesystem::path& path) {
    auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*file) {
        const int error = errno;
        return fail(error == ENOENT ? Errc::NotFound : Errc::Io,
                    fmt::format("{}: {}", path.string(), std::generic_category().message(error)));
    }
    return CsvReader{std::make_unique<State>(std::move(file))};
}

CsvReader CsvReader::of(std::string text) {
    return CsvReader{
        std::make_unique<State>(std::make_unique<std::istringstream>(std::move(text)))};
}

Result<std::optional<CsvRow>> CsvReader::next() {
    while (state_->ready.empty() && !state_->ended)
        state_->read_line();
    if (state_->in->bad()) return fail(Errc::Io, "the CSV file cannot be read");
    if (state_->ready.empty()) return std::optional<CsvRow>{};
    CsvRow row = std::move(state_->ready.front());
    state_->ready.pop_front();
    for (const std::string& cell : row.cells) {
        if (row.fault.empty() && !is_utf8(as_bytes(cell)))
            row.fault = "not UTF-8: save it as UTF-8";
    }
    if (!row.fault.empty()) row.cells.clear();
    return std::optional{std::move(row)};
}

std::size_t CsvReader::bytes_read() const {
    return state_->bytes;
}

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",;\t\"\r\n") == std::string_view::npos) return std::string{text};
    std::string out(2 * text.size() + 2, '\0');
    out.resize(csv_write(out.data(), out.size(), text.data(), text.size()));
    return out;
}

}  // namespace stile::crypto
