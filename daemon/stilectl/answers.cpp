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

std::string duration_text(std::int64_t seconds) {
    if (seconds < 120) return fmt::format("{} s", seconds);
    if (seconds < 7'200) return fmt::format("{} min", seconds / 60);
    if (seconds < 172'800) return fmt::format("{} h", seconds / 3'600);
    return fmt::format("{} days", seconds / 86'400);
}

std::string status_lines(const Json& status) {
    const Json& info = status.at("info");
    const Json& health = status.at("health");
    const Json& count = status.at("count");
    const Json& broker = status.at("broker");
    std::string out =
        fmt::format("{}/{}  {}  up {}\n", info.at("venue").get<std::string>(),
                    info.at("gate").get<std::string>(), info.at("software").get<std::string>(),
                    duration_text(health.at("uptime_s").get<std::int64_t>()));
    for (const Json& lane : status.at("lanes")) {
        out +=
            fmt::format("  lane    {}: {}, {}, turnstile {}\n", lane.at("lane").get<std::string>(),
                        lane.at("direction").get<std::string>(), lane.at("mode").get<std::string>(),
                        lane.at("turnstile").get<std::string>());
        for (const Json& reader : lane.at("readers")) {
            out += fmt::format("  reader  {}: {}{}{}\n", reader.at("name").get<std::string>(),
                               reader.at("state").get<std::string>(),
                               reader.at("detail").get<std::string>().empty() ? "" : ", ",
                               reader.at("detail").get<std::string>());
        }
    }
    out += fmt::format(
        "  people  {} entered, {} left; {} admitted, {} taken back\n",
        count.at("entered").get<std::uint64_t>(), count.at("left").get<std::uint64_t>(),
        count.at("admitted").get<std::uint64_t>(), count.at("released").get<std::uint64_t>());
    for (const auto& [reason, number] : count.at("refused").items()) {
        out += fmt::format("  refused {} {}\n", number.get<std::uint64_t>(), reason);
    }
    out += fmt::format("  clock   {}{}{}\n", health.at("clock").get<std::string>(),
                       health.at("clock_doubt").get<std::string>().empty() ? "" : ": ",
                       health.at("clock_doubt").get<std::string>());
    const Json& lists = health.at("revocations");
    out += lists.at("generation") == 0
               ? std::string{"  lists   no revocation list was imported yet\n"}
               : fmt::format("  lists   {} revocations, {} old\n",
                             lists.at("records").get<std::uint64_t>(),
                             duration_text(lists.at("age_s").get<std::int64_t>()));
    out +=
        fmt::format("  ledger  {}, entry {}, {} KiB{}{}\n", health.at("ledger").get<std::string>(),
                    health.at("ledger_seq").get<std::uint64_t>(),
                    health.at("ledger_bytes").get<std::uint64_t>() / 1024,
                    health.at("ledger_trouble").get<std::string>().empty() ? "" : ": ",
                    health.at("ledger_trouble").get<std::string>());
    out += fmt::format("  broker  {}, {} entries wait{}{}\n", broker.at("state").get<std::string>(),
                       broker.at("outbox_depth").get<std::uint64_t>(),
                       broker.at("detail").get<std::string>().empty() ? "" : ": ",
                       broker.at("detail").get<std::string>());
    out += fmt::format("  release {:.1f} ms median, {:.1f} ms p99 from frame to open\n",
                       health.at("release_p50_us").get<double>() / 1000,
                       health.at("release_p99_us").get<double>() / 1000);
    return out;
}

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

std::string status_text(std::string_view json) {
    return formatted(json, status_lines);
}

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
