// SPDX-License-Identifier: Apache-2.0
// What the catalog answers, in lines for people.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/stilectl/answers.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

std::uint64_t count(const Json& json, const char* name) {
    return json.at(name).get<std::uint64_t>();
}

std::string words(const Json& json, const char* name) {
    return json.at(name).is_null() ? "-" : json.at(name).get<std::string>();
}

std::string import_lines(const Json& json) {
    std::string out =
        fmt::format("{} orders with {} positions, {} media, {} listed secrets, {} others\n",
                    count(json, "orders"), count(json, "positions"), count(json, "media"),
                    count(json, "secrets"), count(json, "documents"));
    if (count(json, "older") > 0)
        out += fmt::format("{} orders were newer already\n", count(json, "older"));
    if (count(json, "doubtful") > 0)
        out += fmt::format("{} positions were not understood and count as cancelled\n",
                           count(json, "doubtful"));
    if (count(json, "refused") > 0)
        out += fmt::format("{} rows were left out\n", count(json, "refused"));
    for (const Json& warning : json.at("warnings"))
        out += "  " + warning.get<std::string>() + "\n";
    return out;
}

std::string event_lines(const Json& event) {
    std::string out =
        fmt::format("event {} (number {}): {} orders, {} positions, {} in doubt\n",
                    words(event, "event"), count(event, "number"), count(event, "rows"),
                    count(event, "positions"), count(event, "doubtful"));
    out += fmt::format("  loaded {}, newest change {}\n", words(event, "loaded_at"),
                       words(event, "newest_change"));
    for (const Json& list : event.value("lists", Json::array()))
        out += fmt::format("  list {} {}: {} of {} checked in\n", count(list, "list"),
                           words(list, "name"), count(list, "checked_in"), count(list, "total"));
    return out;
}

std::string orders_lines(const Json& json) {
    if (json.at("events").empty()) return "no orders were imported yet\n";
    std::string out;
    for (const Json& event : json.at("events"))
        out += event_lines(event);
    return out + fmt::format("{} media\n", count(json.at("media"), "rows"));
}

std::string position_lines(const Json& position) {
    std::string out = fmt::format(
        "event {}, order {}, position {}: product {}, {}{}{}\n", words(position, "event"),
        words(position, "order"), count(position, "position"), count(position, "product"),
        words(position, "status"), position.at("blocked").get<bool>() ? ", blocked" : "",
        position.at("understood").get<bool>() ? "" : ", not understood");
    out += fmt::format(
        "  {}valid from {} until {}, {} check-ins, identity {}\n",
        words(position, "attendee_name").empty() ? "" : words(position, "attendee_name") + ", ",
        words(position, "valid_from"), words(position, "valid_until"), position.at("visits").size(),
        words(position, "identity"));
    return out;
}

std::string show_lines(const Json& json) {
    std::string out;
    for (const Json& medium : json.at("media"))
        out += fmt::format(
            "medium {} ({}), {}, expires {}\n", count(medium, "medium"), words(medium, "type"),
            medium.at("active").get<bool>() ? "active" : "not active", words(medium, "expires"));
    for (const Json& position : json.at("positions"))
        out += position_lines(position);
    return out;
}

std::string catalog_text(std::string_view text, std::string (*lines)(const Json&)) {
    try {
        return lines(Json::parse(text));
    } catch (const std::exception&) {
        return std::string{text} + "\n";
    }
}

}  // namespace

std::string catalog_import_text(std::string_view json) {
    return catalog_text(json, import_lines);
}

std::string catalog_stat_text(std::string_view json) {
    return catalog_text(json, orders_lines);
}

std::string catalog_show_text(std::string_view json) {
    return catalog_text(json, show_lines);
}

}  // namespace stile
