// SPDX-License-Identifier: Apache-2.0
// A few lines for each answer.
#include "daemon/stilectl/answers.hpp"

#include <chrono>
#include <functional>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

std::string stat_lines(const Json& stat) {
    if (stat.at("generation") == 0)
        return "no revocation list was imported yet; nothing is revoked\n";
    const auto imported =
        std::chrono::sys_seconds{std::chrono::seconds{stat.at("imported_at").get<std::int64_t>()}};
    return fmt::format(
        "generation {}, imported {:%Y-%m-%dT%H:%M:%SZ}\n{} lines: {} dense serials, {} re-issues, "
        "{} others\n",
        stat.at("generation").get<std::uint64_t>(), imported, stat.at("lines").get<std::uint64_t>(),
        stat.at("dense_serials").get<std::uint64_t>(), stat.at("reissues").get<std::uint64_t>(),
        stat.at("hashed").get<std::uint64_t>());
}

std::string check_lines(const Json& check) {
    if (check.at("revoked").get<bool>()) return "revoked\n";
    const auto lowest = check.at("lowest_valid_reissue").get<int>();
    return lowest == 0 ? "not revoked\n"
                       : fmt::format("copies below re-issue {} are revoked\n", lowest);
}

std::string formatted(std::string_view text, std::string (*lines)(const Json&)) {
    try {
        return lines(Json::parse(text));
    } catch (const std::exception&) {
        return std::string{text} + "\n";
    }
}

}  // namespace

std::string revocation_stat_text(std::string_view json) {
    return formatted(json, stat_lines);
}

std::string revocation_check_text(std::string_view json) {
    return formatted(json, check_lines);
}

bool says_revoked(std::string_view json) {
    const Json check = Json::parse(json, nullptr, false);
    return check.is_object() && check.value("revoked", false);
}

}  // namespace stile
