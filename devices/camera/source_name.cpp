// SPDX-License-Identifier: Apache-2.0
// Cuts generously: a password may hold any sign, also those that end it elsewhere.
#include "devices/camera/source_name.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

constexpr std::string_view kMark = "://";

}  // namespace

bool is_address(std::string_view source) {
    return source.find(kMark) != std::string_view::npos;
}

std::string scheme_of(std::string_view source) {
    if (!is_address(source)) return {};
    std::string scheme{source.substr(0, source.find(kMark))};
    std::ranges::transform(scheme, scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return scheme;
}

std::string without_secrets(std::string_view source) {
    if (!is_address(source)) return std::string{source};
    const std::size_t begin = source.find(kMark) + kMark.size();
    std::string shown{source.substr(0, begin)};
    std::string_view rest = source.substr(begin);
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        shown += "***@";
        rest.remove_prefix(at + 1);
    }
    const std::size_t query = rest.find_first_of("?#");
    shown += rest.substr(0, query);
    return query == std::string_view::npos ? shown : shown + "?***";
}

}  // namespace stile::devices
