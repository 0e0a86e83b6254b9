// SPDX-License-Identifier: Apache-2.0
// A strict parser: what does not fit exactly is an error, since a misread revocation lets someone
// in.
#include "daemon/catalog/revocation_text.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "crypto/hash.hpp"

namespace stile {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSecretWord = "secret";
constexpr std::size_t kMaxSecret = 1'024;

// Takes fields from the front of a line; the first separator decides which of the two forms it has.
class Fields {
public:
    explicit Fields(std::string_view line) : rest_{line} {
        const auto mark = line.find_first_of(" \t,");
        commas_ = mark != std::string_view::npos && line[mark] == ',';
    }
    [[nodiscard]] bool commas() const { return commas_; }
    [[nodiscard]] bool more() const { return more_; }

    std::string_view take() {
        const auto end = rest_.find_first_of(commas_ ? "," : kBlanks);
        const auto field = rest_.substr(0, end);
        more_ = end != std::string_view::npos;
        rest_ = more_ ? rest_.substr(end + 1) : std::string_view{};
        return field;
    }
    // In the form with blanks a run of them is one separator.
    void skip_blanks() {
        if (!commas_) rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool commas_ = false;
    bool more_ = true;
};

std::unexpected<Error> wrong(std::string_view field, std::string_view what) {
    return fail(Errc::Invalid, fmt::format("{} {}", field, what));
}

template <class Number>
Result<Number> number(std::string_view name, std::string_view text) {
    if (text.empty()) return wrong(name, "is missing");
    Number value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc::invalid_argument || end != text.data() + text.size())
        return wrong(name, "is not a number");
    if (code != std::errc{}) return wrong(name, "is too large");
    return value;
}

template <class Number>
Result<Number> take_number(std::string_view name, Fields& fields) {
    fields.skip_blanks();
    if (!fields.more()) return wrong(name, "is missing");
    return number<Number>(name, fields.take());
}

Result<void> check_issuer(std::string_view issuer) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (issuer.empty()) return wrong("issuer", "is missing");
    if (issuer.size() > crypto::kMaxIssuer) return wrong("issuer", "is too long");
    if (!std::ranges::all_of(issuer, allowed)) return wrong("issuer", "may hold a-z, 0-9 and -");
    return {};
}

Result<std::uint8_t> parse_below(std::string_view text) {
    if (!text.starts_with('<')) return wrong("re-issue", "must look like <3");
    const auto value = number<std::uint8_t>("re-issue", text.substr(1));
    if (value && *value == 0) return wrong("re-issue", "must be 1 to 255");
    return value;
}

Result<RevocationLine> parse_serial(std::string_view issuer, Fields& fields) {
    if (auto good = check_issuer(issuer); !good) return std::unexpected{good.error()};
    const auto event = take_number<std::uint32_t>("event", fields);
    if (!event) return std::unexpected{event.error()};
    const auto serial = take_number<std::uint64_t>("serial", fields);
    if (!serial) return std::unexpected{serial.error()};
    RevokedSerial record{
        .issuer = issuer, .event = *event, .serial = *serial, .below = std::nullopt};
    if (!fields.more()) return record;
    fields.skip_blanks();
    const auto below = parse_below(fields.take());
    if (!below) return std::unexpected{below.error()};
    if (fields.more()) return wrong("line", "has too many fields");
    record.below = *below;
    return record;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

Result<void> check_secret(std::string_view text, const Fields& fields) {
    if (text.empty()) return wrong("text", "is missing");
    if (text.size() > kMaxSecret) return wrong("text", "is longer than 1,024 bytes");
    if (std::ranges::any_of(text, is_control)) return wrong("text", "holds a control character");
    if (text.front() == ' ' || text.back() == ' ') return wrong("text", "has a blank at an end");
    if (fields.commas() && text.find_first_of(",\"") != std::string_view::npos)
        return wrong("text", "holds a comma or a quote: write this line with spaces");
    if (!is_utf8(as_bytes(text))) return wrong("text", "is not UTF-8");
    return {};
}

Result<RevocationLine> parse_secret(Fields& fields) {
    const auto event = take_number<std::uint32_t>("event", fields);
    if (!event) return std::unexpected{event.error()};
    const std::string_view text = fields.rest();
    if (auto good = check_secret(text, fields); !good) return std::unexpected{good.error()};
    return RevokedSecret{.event = *event, .text = text};
}

// Blanks at the end belong to nobody but a secret, where they are an error.
std::string_view without_blanks(std::string_view line) {
    const auto last = line.find_last_not_of(kBlanks);
    return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
}

}  // namespace

Result<RevocationLine> parse_revocation_line(std::string_view line) {
    const auto begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos || line[begin] == '#') return NoRecord{};
    line.remove_prefix(begin);
    Fields whole{line};
    const auto first = whole.take();
    if (first == kSecretWord) return parse_secret(whole);
    Fields fields{without_blanks(line)};
    (void)fields.take();  // the same first field
    return parse_serial(first, fields);
}

bool is_revocation_header(std::string_view line) {
    return line == "issuer,event,serial" || line == "issuer,event,serial,reissue";
}

// Room for one block behind the beginning of a line that the block before cut off.
RevocationText::RevocationText(int fd) : fd_{fd}, buffer_(kMaxLineBytes + 2 + kBlockBytes) {}

Result<void> RevocationText::read_block() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    std::size_t got = 0;
    while (got < kBlockBytes) {
        const ssize_t count = ::pread(fd_, buffer_.data() + end_ + got, kBlockBytes - got,
                                      static_cast<off_t>(bytes_read_ + got));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(Errc::Io, "read: " + std::system_category().message(errno));
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    if (got < kBlockBytes) at_end_ = true;
    if (got == 0) return {};
    const std::string_view block{buffer_.data() + end_, got};
    digest_ = crypto::blake2b_128({digest_, as_bytes(block)});
    bytes_read_ += got;
    end_ += got;
    return {};
}

Result<std::optional<std::string_view>> RevocationText::next() {
    const char* newline = nullptr;
    for (std::size_t searched = 0;;) {
        const std::size_t waiting = end_ - begin_;
        const char* from = buffer_.data() + begin_;
        newline = static_cast<const char*>(std::memchr(from + searched, '\n', waiting - searched));
        if (newline != nullptr || at_end_ || waiting > kMaxLineBytes + 1) break;
        searched = waiting;
        if (auto read = read_block(); !read) return std::unexpected{std::move(read.error())};
    }
    if (newline == nullptr && begin_ == end_) return std::optional<std::string_view>{};
    const char* from = buffer_.data() + begin_;
    const char* end = newline != nullptr ? newline : buffer_.data() + end_;
    std::string_view line{from, static_cast<std::size_t>(end - from)};
    begin_ += line.size() + (newline != nullptr ? 1 : 0);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++line_number_ == 1 && line.starts_with(kByteOrderMark))
        line.remove_prefix(kByteOrderMark.size());
    if (line.size() > kMaxLineBytes) return fail(Errc::Invalid, "line is longer than 1,100 bytes");
    return std::optional{line};
}

}  // namespace stile
