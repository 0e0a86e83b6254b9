// SPDX-License-Identifier: Apache-2.0
// Reads lines; nothing that stands in one ever goes into a message.
#include "daemon/cards/secret_sections.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace stile {
namespace {

constexpr std::size_t kMostSections = 64;

std::unexpected<SectionMistake> mistake(std::size_t line, std::string what) {
    return std::unexpected{SectionMistake{line, std::move(what)}};
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool is_hex(std::string_view digits) {
    return std::ranges::all_of(digits, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

// Of hexadecimal digits, two for each byte of `out`.
void decode(std::string_view digits, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        (void)std::from_chars(&digits[2 * i], &digits[2 * i] + 2, out[i], 16);  // asked before
}

}  // namespace

SecretSection::Checked SecretSection::add(const Line& line) {
    if (std::ranges::find(lines_, line.key, &Line::key) != lines_.end())
        return mistake(line.number, fmt::format("this key stands in [{}] twice", name_));
    lines_.push_back(line);
    return {};
}

SecretSection::Checked SecretSection::only(std::span<const std::string_view> keys) const {
    for (const Line& line : lines_) {
        if (std::ranges::find(keys, line.key) == keys.end())
            return mistake(line.number, fmt::format("an unknown key in [{}]", name_));
    }
    return {};
}

std::expected<SecretSection::Line, SectionMistake> SecretSection::find(std::string_view key) const {
    const auto found = std::ranges::find(lines_, key, &Line::key);
    if (found == lines_.end()) return mistake(line_, fmt::format("[{}] has no {}", name_, key));
    return *found;
}

SecretSection::Checked SecretSection::hex(std::string_view key, std::span<std::uint8_t> out) const {
    const auto line = find(key);
    if (!line) return std::unexpected{line.error()};
    if (line->value.size() != 2 * out.size() || !is_hex(line->value))
        return mistake(line->number,
                       fmt::format("{} must be {} hexadecimal digits", key, 2 * out.size()));
    decode(line->value, out);
    return {};
}

SecretSection::Checked SecretSection::hex(std::string_view key, std::size_t least, std::size_t most,
                                          Buffer& out) const {
    const auto line = find(key);
    if (!line) return std::unexpected{line.error()};
    const std::size_t size = line->value.size() / 2;
    if (line->value.size() % 2 != 0 || size < least || size > most)
        return mistake(line->number,
                       fmt::format("{} must be {} to {} bytes in hexadecimal", key, least, most));
    out.resize(size);
    return hex(key, out);
}

SecretSection::Checked SecretSection::number(std::string_view key, std::uint8_t most,
                                             std::uint8_t& out) const {
    const auto line = find(key);
    if (!line) return std::unexpected{line.error()};
    const std::string_view digits = line->value;
    const char* const end = digits.data() + digits.size();
    const auto [read, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error == std::errc{} && read == end && out <= most) return {};
    return mistake(line->number, fmt::format("{} must be a number from 0 to {}", key, most));
}

std::expected<std::vector<SecretSection>, SectionMistake> secret_sections(std::string_view text) {
    std::vector<SecretSection> sections;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == '[' && line.back() == ']') {
            if (sections.size() == kMostSections) return mistake(number, "too many sections");
            sections.emplace_back(number, line.substr(1, line.size() - 2));
            continue;
        }
        const auto equal = line.find('=');
        if (equal == std::string_view::npos || sections.empty())
            return mistake(number, sections.empty() ? "this must begin with a [section]"
                                                    : "neither a [section] nor key = value");
        const SecretSection::Line row{number, trimmed(line.substr(0, equal)),
                                      trimmed(line.substr(equal + 1))};
        if (auto added = sections.back().add(row); !added) return std::unexpected{added.error()};
    }
    return sections;
}

}  // namespace stile
