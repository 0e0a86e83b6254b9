// SPDX-License-Identifier: Apache-2.0
// The parts of an e-mail address, one check each.
#include "daemon/core/email.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.hpp"

namespace stile {
namespace {

constexpr std::size_t kMaxLabel = 63;

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// All pieces between dots; an empty text is one empty piece.
bool every_piece(std::string_view text, auto is_good) {
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t dot = std::min(text.find('.', at), text.size());
        if (!is_good(text.substr(at, dot - at))) return false;
        at = dot + 1;
    }
    return true;
}

bool is_word(std::string_view text) {
    constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_alphanumeric(c) || kSigns.contains(c);
    });
}

bool is_quoted(std::string_view text) {
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return false;
    bool escaped = false;
    for (const char c : text.substr(1, text.size() - 2)) {
        if (!is_ascii(c) || c == '\0' || c == '\n' || c == '\r') return false;
        const bool needs_escape = c == '"' || c == ' ' || c == '\t';
        if (!escaped && needs_escape) return false;
        escaped = !escaped && c == '\\';
    }
    return !escaped;
}

// Beyond ASCII everything but controls, spaces, marks of direction and other signs of layout.
bool is_foreign_letter(std::string_view sequence) {
    const auto starts = [&](std::string_view head) { return sequence.starts_with(head); };
    const bool control = starts("\xC2") && sequence[1] <= '\xA0';
    const bool layout = starts("\xE2\x80") || starts("\xE2\x81") || starts("\xE3\x80") ||
                        starts("\xEF\xBB") || starts("\xEF\xBF");
    return !control && !layout;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kMaxLabel) return false;
    if (label.starts_with('-') || label.ends_with('-')) return false;
    for (std::size_t i = 0; i < label.size(); ++i) {
        const bool lead = (label[i] & 0xC0) == 0xC0;
        const bool follows = (label[i] & 0xC0) == 0x80;
        const bool good = is_ascii(label[i]) ? is_alphanumeric(label[i]) || label[i] == '-'
                                             : follows || is_foreign_letter(label.substr(i));
        if (!good || (lead && i + 1 == label.size())) return false;
    }
    return true;
}

// 0 to 255, without leading zeros.
bool is_octet(std::string_view text) {
    std::uint8_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool padded = text.size() > 1 && text.starts_with('0');
    return error == std::errc{} && stop == text.data() + text.size() && !padded;
}

bool is_ipv4(std::string_view text) {
    return std::ranges::count(text, '.') == 3 && every_piece(text, is_octet);
}

bool is_group(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    return !text.empty() && text.size() <= 4 && text.find_first_not_of(kHex) == text.npos;
}

// How many groups of 16 bits stand between the colons; the last two may be written as IPv4.
// Nothing: something else stands there.
std::optional<int> groups_in(std::string_view text) {
    int groups = 0;
    for (std::size_t at = 0; !text.empty() && at <= text.size(); ++groups) {
        const std::size_t colon = std::min(text.find(':', at), text.size());
        const std::string_view piece = text.substr(at, colon - at);
        const bool ipv4 = colon == text.size() && is_ipv4(piece);
        if (!ipv4 && !is_group(piece)) return std::nullopt;
        groups += ipv4 ? 1 : 0;
        at = colon + 1;
    }
    return groups;
}

// Eight groups, or fewer around one gap.
bool is_ipv6(std::string_view text) {
    constexpr int kGroups = 8;
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) return groups_in(text) == kGroups;
    const std::string_view front = text.substr(0, gap);
    const auto before = groups_in(front);
    const auto after = groups_in(text.substr(gap + 2));
    return before && after && !front.contains('.') && *before + *after < kGroups;
}

bool is_machine(std::string_view host) {
    if (host == "localhost") return true;
    if (!host.starts_with('[') || !host.ends_with(']')) return false;
    const std::string_view number = host.substr(1, host.size() - 2);
    return is_ipv4(number) || is_ipv6(number);
}

bool is_host(std::string_view host) {
    if (is_machine(host)) return true;
    const auto dot = host.rfind('.');
    if (dot == std::string_view::npos || host.size() - dot <= 2) return false;
    return every_piece(host, is_label);
}

}  // namespace

bool is_email(std::string_view text) {
    constexpr std::size_t kMaxSize = 320;
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > kMaxSize || !is_utf8(as_bytes(text)))
        return false;
    const std::string_view local = text.substr(0, at);
    return (is_quoted(local) || every_piece(local, is_word)) && is_host(text.substr(at + 1));
}

}  // namespace stile
