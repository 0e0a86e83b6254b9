// SPDX-License-Identifier: Apache-2.0
// A few lines for each answer.
#include "daemon/stilectl/answers.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>

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

std::array<std::uint8_t, 16> ticket_id_of(const std::string& hex) {
    const auto bytes = from_hex(hex);
    std::array<std::uint8_t, 16> id{};
    if (!bytes || bytes->size() != id.size()) throw std::invalid_argument{"a ticket's number"};
    std::ranges::copy(*bytes, id.begin());
    return id;
}

LaneOffer offer_from(const Json& answer) {
    LaneOffer offer{
        .lane = answer.at("lane").get<std::string>(),
        .lasts = std::chrono::seconds{answer.at("seconds").get<std::int64_t>()},
        .passage_timeout = std::chrono::milliseconds{answer.at("passage_ms").get<std::int64_t>()},
        .sensor = answer.at("sensor").get<bool>(),
        .groups = answer.at("group") == "together",
        .readers = {},
        .tickets = {}};
    for (const Json& one : answer.at("readers"))
        offer.readers.push_back(
            {one.at("name").get<std::string>(), one.at("kind").get<std::string>(),
             one.at("direction").get<std::string>(), one.at("connected").get<bool>()});
    for (const Json& one : answer.at("tickets"))
        offer.tickets.push_back({one.at("name").get<std::string>(),
                                 one.at("code").get<std::string>(),
                                 ticket_id_of(one.at("ticket").get<std::string>())});
    return offer;
}

std::string opened_lines(const Json& answer) {
    return fmt::format("lane {} is open for one person (entry {})\n",
                       answer.at("lane").get<std::string>(),
                       answer.at("entry").get<std::uint64_t>());
}

std::string mode_lines(const Json& answer) {
    const auto lane = answer.at("lane").get<std::string>();
    const auto until = answer.value("until", "");
    return fmt::format("{} now {}{}\n", lane == "all" ? "all lanes are" : "lane " + lane + " is",
                       answer.at("mode").get<std::string>(),
                       until.empty() ? "" : ", until " + until);
}

std::string override_lines(const Json& answer) {
    const auto lane = answer.at("lane").get<std::string>();
    if (answer.at("override") == "admitted")
        return fmt::format("lane {} is open for the guest who was refused last\n", lane);
    return fmt::format("the next guest whom lane {} refuses in the next {} s is admitted\n", lane,
                       answer.at("seconds").get<int>());
}

std::string annulled_lines(const Json& answer) {
    return fmt::format("{}: taken back, the ticket is good again\n",
                       answer.at("annulled").get<std::string>());
}

std::string reload_lines(const Json& answer) {
    std::string out;
    for (const Json& what : answer.at("in_force"))
        out += fmt::format("in force now: {}\n", what.get<std::string>());
    for (const Json& later : answer.at("restart")) {
        const auto unit = later.at("unit").get<std::string>();
        // Its readers are those of the last daemon-reload.
        const auto* before = unit == "stile.target" ? "systemctl daemon-reload && " : "";
        out += fmt::format("needs \"{}systemctl restart {}\": {}\n", before, unit,
                           later.at("what").get<std::string>());
    }
    if (const auto more = answer.value("more", 0); more != 0)
        out += fmt::format("and {} more: the journal names them\n", more);
    return out.empty() ? "nothing has changed\n" : out;
}

std::string lane_lines(const Json& status) {
    std::string out;
    for (const Json& lane : status.at("lanes")) {
        const auto until = lane.value("until", "");
        out +=
            fmt::format("{:<10} {}{}\n", lane.at("lane").get<std::string>(),
                        lane.at("mode").get<std::string>(), until.empty() ? "" : " until " + until);
    }
    return out;
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

std::string opened_text(std::string_view json) {
    return formatted(json, opened_lines);
}

std::string mode_text(std::string_view json) {
    return formatted(json, mode_lines);
}

std::string override_text(std::string_view json) {
    return formatted(json, override_lines);
}

std::string annulled_text(std::string_view json) {
    return formatted(json, annulled_lines);
}

std::string reload_text(std::string_view json) {
    return formatted(json, reload_lines);
}

std::string lanes_text(std::string_view json) {
    return formatted(json, lane_lines);
}

std::string lanes_json(std::string_view json) {
    return formatted(json, [](const Json& status) { return status.at("lanes").dump() + "\n"; });
}

Result<LedgerEnd> ledger_end(std::string_view json) {
    try {
        const Json status = Json::parse(json);
        return LedgerEnd{status.at("info").at("gate"), status.at("health").at("ledger_seq")};
    } catch (const std::exception& wrong) {
        return fail(Errc::Invalid,
                    fmt::format("the daemon's status cannot be read: {}", wrong.what()));
    }
}

bool says_revoked(std::string_view json) {
    const Json check = Json::parse(json, nullptr, false);
    return check.is_object() && check.value("revoked", false);
}

Result<LaneOffer> lane_offer(std::string_view json) {
    try {
        return offer_from(Json::parse(json));
    } catch (const std::exception& wrong) {
        return fail(Errc::Invalid,
                    std::string{"the daemon's answer is not understood: "} + wrong.what());
    }
}

std::string lane_report_json(const std::string& lane, std::span<const LaneFinding> findings) {
    Json steps = Json::array();
    for (const LaneFinding& one : findings) {
        Json& step = steps.emplace_back(
            Json{{"step", one.step}, {"outcome", name_of(one.outcome)}, {"detail", one.detail}});
        if (!one.advice.empty()) step["advice"] = one.advice;
    }
    const Json report{{"lane", lane}, {"passed", all_passed(findings)}, {"steps", steps}};
    return report.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
