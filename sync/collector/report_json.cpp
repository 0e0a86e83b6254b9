// SPDX-License-Identifier: Apache-2.0
// The report for programs: REPORT.md has the fields.
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "sync/collector/report_formats.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json time(const std::optional<WallTime>& moment) {
    return moment ? Json(to_rfc3339(*moment)) : Json(nullptr);
}

void put(Json& out, const Counts& counts) {
    for (const ReportColumn& column : kReportColumns)
        out[std::string{column.key}] = counts.*column.count;
    Json refused = Json::object();
    for (const auto& [reason, count] : counts.refused)
        refused[reason] = count;
    out["refused"] = std::move(refused);
}

// A number where there is one.
Json numbered(const std::vector<ReportRow>& rows, const char* key) {
    Json out = Json::array();
    for (const ReportRow& row : rows) {
        Json& each = out.emplace_back();
        each[key] = row.key.empty() ? Json(nullptr) : Json(std::stoull(row.key));
        if (!row.name.empty()) each["name"] = row.name;
        put(each, row.counts);
    }
    return out;
}

Json named(const std::vector<ReportRow>& rows, const char* key) {
    Json out = Json::array();
    for (const ReportRow& row : rows) {
        Json& each = out.emplace_back();
        each[key] = row.key.empty() ? Json(nullptr) : Json(row.key);
        put(each, row.counts);
    }
    return out;
}

Json timed(const std::vector<TimeRow>& rows) {
    Json out = Json::array();
    for (const TimeRow& row : rows) {
        Json& each = out.emplace_back();
        each["from"] = to_rfc3339(row.from);
        put(each, row.counts);
    }
    return out;
}

}  // namespace

std::string report_json(const Report& report, std::size_t most_bytes) {
    Json out{{"v", 1},
             {"venue", report.names.venue},
             {"zone", report.names.zone_name},
             {"event", report.query.event ? Json(*report.query.event) : Json(nullptr)},
             {"from", time(report.query.from)},
             {"to", time(report.query.to)},
             {"first", time(report.first)},
             {"last", time(report.last)},
             {"missing", report.missing},
             {"unreadable", report.unreadable},
             {"tests", report.tests}};
    Json total = Json::object();
    put(total, report.total);
    out["total"] = std::move(total);
    out["events"] = numbered(report.events, "event");
    out["gates"] = named(report.gates, "gate");
    out["products"] = numbered(report.products, "product");
    out["channels"] = named(report.channels, "channel");
    out["hours"] = timed(by(Span::Hour, report));
    out["quarters"] = timed(report.quarters);
    std::string written = text(out);
    for (const char* longest : {"quarters", "hours"}) {
        if (written.size() <= most_bytes) break;
        out.erase(longest);
        written = text(out);
    }
    return written;
}

}  // namespace stile::sync
