// SPDX-License-Identifier: Apache-2.0
// Follows brackets and quotation marks; the parser of a row judges the rest.
#include "daemon/catalog/pretix/rows.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

namespace stile::pretix {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(char c) {
    return kBlanks.find(c) != std::string_view::npos;
}

}  // namespace

std::unexpected<Error> RowReader::wrong(std::string_view what) const {
    if (failed_) return fail(Errc::Io, "the file cannot be read");
    return fail(Errc::Invalid, fmt::format("row {}: {}", rows_ + 1, what));
}

bool RowReader::fill() {
    buffer_.resize(kBlockBytes);
    const auto wanted = std::min<std::uint64_t>(buffer_.size(), end_of_text_ - at_);
    ssize_t count = 0;
    do {
        count = ::pread(fd_, buffer_.data(), wanted, static_cast<off_t>(at_));
    } while (count < 0 && errno == EINTR);
    failed_ = failed_ || count < 0;
    begin_ = 0;
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    at_ += end_;
    return end_ > 0;
}

std::optional<char> RowReader::peek() {
    if (begin_ == end_ && !fill()) return std::nullopt;
    return buffer_[begin_];
}

std::optional<char> RowReader::take() {
    const auto c = peek();
    if (c) ++begin_;
    return c;
}

std::optional<char> RowReader::peek_word() {
    auto c = peek();
    for (; c && is_blank(*c); c = peek())
        ++begin_;
    return c;
}

Result<std::optional<std::string_view>> RowReader::next() {
    for (;;) {
        auto found = within_ == Within::Outside ? begin() : row();
        if (!found) return std::unexpected{std::move(found.error())};
        if (*found) {
            ++rows_;
            return std::optional<std::string_view>{row_};
        }
        if (within_ == Within::Outside && !peek_word()) {
            if (failed_) return wrong("");
            return std::optional<std::string_view>{};
        }
    }
}

Result<bool> RowReader::begin() {
    if (!begun_) {
        begun_ = true;
        for (const char mark : {'\xEF', '\xBB', '\xBF'})  // of a file from other systems
            if (peek() == mark) ++begin_;
    }
    const auto c = peek_word();
    if (!c) return false;
    if (*c == '{') return object_or_page();
    if (*c != '[') return wrong("neither an object nor a list");
    ++begin_;
    within_ = Within::FirstRow;
    return false;
}

Result<bool> RowReader::row() {
    auto c = peek_word();
    if (c == ']') {
        ++begin_;
        within_ = Within::Outside;
        if (!in_page_) return false;
        if (auto ended = end_of_page(); !ended) return std::unexpected{std::move(ended.error())};
        return false;
    }
    if (within_ == Within::Rows) {
        if (c != ',') return wrong(c ? "no comma before it" : "the file ends too early");
        ++begin_;
        (void)peek_word();
    }
    row_.clear();
    if (auto read = value(row_); !read) return std::unexpected{std::move(read.error())};
    within_ = Within::Rows;
    return true;
}

// An object is a row until it turns out to have a list `results`.
Result<bool> RowReader::object_or_page() {
    row_.assign(1, '{');
    ++begin_;
    for (auto c = peek_word(); c != '}'; c = peek_word()) {
        const std::size_t from = row_.size();
        if (auto read = value(row_); !read) return std::unexpected{std::move(read.error())};
        const bool results = std::string_view{row_}.substr(from) == "\"results\"";
        c = peek_word();
        if (c && (*c == ':' || *c == ',')) {
            row_ += *c;
            ++begin_;
            c = peek_word();
        } else if (c != '}') {
            return wrong("not JSON");
        }
        if (!results || c != '[' || row_.back() != ':') continue;
        ++begin_;
        page_ = row_ + "[]";
        within_ = Within::FirstRow;
        in_page_ = true;
        return false;
    }
    ++begin_;
    row_ += '}';
    return true;
}

Result<void> RowReader::end_of_page() {
    in_page_ = false;
    for (auto c = peek_word(); c != '}'; c = peek_word()) {
        if (c == ',' || c == ':') {
            page_ += *c;
            ++begin_;
            continue;
        }
        if (auto read = value(page_); !read) return read;
    }
    ++begin_;
    page_ += '}';
    return {};
}

// One value of any kind, up to where it ends.
Result<void> RowReader::value(std::string& into) {
    const auto c = peek();
    if (!c) return wrong("the file ends too early");
    if (*c == '"') return quoted(into);
    if (*c == '{' || *c == '[') return nested(into);
    const std::size_t from = into.size();
    for (auto next = peek(); next && !is_blank(*next); next = peek()) {
        if (std::string_view{",:]}[{\""}.find(*next) != std::string_view::npos) break;
        into += *next;
        ++begin_;
        if (into.size() > kMaxRowBytes) return wrong("too large");
    }
    if (into.size() == from) return wrong("not JSON");
    return {};
}

Result<void> RowReader::quoted(std::string& into) {
    into += '"';
    ++begin_;
    for (bool escaped = false;;) {
        const auto c = take();
        if (!c) return wrong("the file ends too early");
        into += *c;
        if (into.size() > kMaxRowBytes) return wrong("too large");
        if (*c == '"' && !escaped) return {};
        escaped = *c == '\\' && !escaped;
    }
}

Result<void> RowReader::nested(std::string& into) {
    std::size_t depth = 0;
    do {
        const auto c = peek();
        if (!c) return wrong("the file ends too early");
        if (*c == '"') {
            if (auto read = quoted(into); !read) return read;
            continue;
        }
        if (*c == '{' || *c == '[') ++depth;
        if (*c == '}' || *c == ']') --depth;
        into += *c;
        ++begin_;
        if (into.size() > kMaxRowBytes) return wrong("too large");
    } while (depth > 0);
    return {};
}

}  // namespace stile::pretix
