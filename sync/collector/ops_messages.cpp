// SPDX-License-Identifier: Apache-2.0
// Fields in the order of OPS.md; bad text is replaced.
#include "sync/collector/ops_messages.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "daemon/entry/entry_json.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;
using std::string_view;

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json timed(WallTime time) {
    return {{"v", 1}, {"time", to_rfc3339(time)}};
}

std::string minute(std::chrono::sys_time<std::chrono::minutes> time) {
    return to_rfc3339(WallTime{time});
}

void put_known(Json& out, const char* field, string_view value) {
    if (!value.empty()) out[field] = value;
}

void put_count(Json& out, const Headcount& count, std::int64_t capacity) {
    out["inside"] = count.inside;
    out["entered"] = count.entered;
    out["left"] = count.left;
    if (capacity > 0) out["capacity"] = capacity;
}

const AreaConfig* find_area(std::span<const AreaConfig> areas, std::uint64_t number) {
    const auto found = std::ranges::find_if(
        areas, [number](const AreaConfig& area) { return std::cmp_equal(area.number, number); });
    return found == areas.end() ? nullptr : &*found;
}

Json movement_json(const Movement& movement) {
    return {{"gate", movement.entry.ledger.gate},
            {"lane", movement.lane},
            {"epoch", hex64(movement.entry.ledger.epoch)},
            {"seq", movement.entry.seq},
            {"time", to_rfc3339(movement.time)}};
}

Json estimate(const Estimate& of) {
    return {{"mid", of.mid}, {"low", of.low}, {"high", of.high}};
}

Json full_at(const Forecast& forecast) {
    if (!forecast.full_at) return {};
    const FullAt& at = *forecast.full_at;
    return {{"mid", minute(at.mid)},
            {"low", minute(at.low)},
            {"high", at.high ? Json(minute(*at.high)) : Json()}};
}

Json answer(const Asker& asker, WallTime time) {
    return {{"v", 1}, {"ask", asker.ask}, {"id", asker.id}, {"time", to_rfc3339(time)}};
}

Json good_answer(const Asker& asker, WallTime time) {
    Json out = answer(asker, time);
    out["ok"] = true;
    return out;
}

Json entry_of_ticket(const GateEntry& entry) {
    Json out{{"gate", entry.name.ledger.gate},
             {"lane", entry.lane},
             {"epoch", hex64(entry.name.ledger.epoch)},
             {"seq", entry.name.seq}};
    if (entry.time) out["time"] = to_rfc3339(*entry.time);
    out["kind"] = name_of(entry.kind);
    if (entry.verdict) out["verdict"] = name_of(*entry.verdict);
    put_known(out, "reason", entry.reason);
    if (entry.result) out["result"] = name_of(*entry.result);
    return out;
}

Json ticket_json(const TicketAnswer& ticket, std::size_t most_entries) {
    Json out{{"ticket", to_hex(ticket.ticket)},
             {"used", ticket.used},
             {"inside", ticket.inside},
             {"revoked", ticket.revoked}};
    if (ticket.event) out["event"] = *ticket.event;
    if (ticket.product) out["product"] = *ticket.product;
    Json& entries = out["entries"] = Json::array();
    const auto left_out = ticket.entries.size() - std::min(most_entries, ticket.entries.size());
    for (std::size_t i = left_out; i < ticket.entries.size(); ++i)
        entries.push_back(entry_of_ticket(ticket.entries[i]));
    return out;
}

}  // namespace

std::string ack_json(string_view collector, const GateProgress& gate, WallTime time) {
    return text({{"v", 1},
                 {"collector", collector},
                 {"epoch", hex64(gate.ledger.epoch)},
                 {"seq", gate.seq},
                 {"time", to_rfc3339(time)}});
}

std::string replay_json(string_view collector, const ReplayRequest& request) {
    return text({{"v", 1},
                 {"from_whom", collector},
                 {"epoch", hex64(request.ledger.epoch)},
                 {"from", request.range.from},
                 {"to", request.range.to}});
}

std::string ops_status_json(string_view collector, string_view boot, OpsState state,
                            string_view detail, WallTime time) {
    Json out{{"v", 1},
             {"collector", collector},
             {"boot", boot},
             {"state", state == OpsState::Online ? "online" : "offline"},
             {"time", to_rfc3339(time)}};
    put_known(out, "detail", detail);
    return text(out);
}

std::string ops_lost_json(string_view collector, string_view boot) {
    return text({{"v", 1}, {"collector", collector}, {"boot", boot}, {"state", "lost"}});
}

std::string gates_json(std::span<const GateProgress> gates, WallTime time) {
    Json out = timed(time);
    Json& list = out["gates"] = Json::array();
    for (const GateProgress& gate : gates) {
        Json one{{"gate", gate.ledger.gate},
                 {"epoch", hex64(gate.ledger.epoch)},
                 {"seq", gate.seq},
                 {"newest", gate.newest},
                 {"missing", gate.missing}};
        if (gate.last) one["last"] = to_rfc3339(*gate.last);
        list.push_back(std::move(one));
    }
    return text(out);
}

std::string occupancy_json(const OccupancyView& occupancy, std::span<const AreaConfig> areas,
                           WallTime time) {
    Json out = timed(time);
    const AreaConfig* const venue = find_area(areas, 0);
    put_count(out["total"], occupancy.total, venue != nullptr ? venue->capacity : 0);
    if (occupancy.free > 0) out["total"]["free"] = occupancy.free;
    auto counts = occupancy.areas;
    for (const AreaConfig& area : areas)
        counts.try_emplace(static_cast<std::uint64_t>(area.number));
    counts.erase(0);
    Json& list = out["areas"] = Json::array();
    for (const auto& [number, count] : counts) {
        const AreaConfig* const known = find_area(areas, number);
        Json one{{"area", number}, {"name", known != nullptr ? known->name : ""}};
        put_count(one, count, known != nullptr ? known->capacity : 0);
        list.push_back(std::move(one));
    }
    Json& gates = out["gates"] = Json::array();
    for (const auto& [gate, count] : occupancy.gates)
        gates.push_back({{"gate", gate}, {"entered", count.entered}, {"left", count.left}});
    return text(out);
}

std::string flow_json(const FlowView& flow, WallTime time) {
    Json out = timed(time);
    out["from"] = minute(flow.from);
    Json& gates = out["gates"] = Json::array();
    for (const auto& [gate, minutes] : flow.gates) {
        gates.push_back({{"gate", gate},
                         {"entered", minutes.entered},
                         {"left", minutes.left},
                         {"refused", minutes.refused}});
    }
    return text(out);
}

std::string conflicts_json(const ConflictsView& conflicts, WallTime time) {
    Json out = timed(time);
    out["count"] = conflicts.count;
    Json& last = out["last"] = Json::array();
    for (const Conflict& conflict : conflicts.last) {
        Json at = Json::array();
        for (const Movement& movement : conflict.at)
            at.push_back(movement_json(movement));
        last.push_back({{"ticket", to_hex(conflict.ticket)}, {"at", std::move(at)}});
    }
    return text(out);
}

std::string forecast_json(const EventConfig& event, std::uint64_t sold, const Forecast& forecast,
                          WallTime time) {
    Json out = timed(time);
    out["event"] = event.number;
    out["name"] = event.name;
    out["starts"] = to_rfc3339(WallTime{event.starts});
    out["sold"] = sold;
    out["arrived"] = forecast.arrived;
    out["expected"] = estimate(forecast.expected);
    out["full_at"] = full_at(forecast);
    out["level"] = Forecast::kLevel;
    out["method"] =
        forecast.method == ForecastMethod::ShareOfArrivals ? "share-of-arrivals" : "fitted-curve";
    out["error"] = {{"mape", forecast.error.mape}, {"covered", forecast.error.covered}};
    out["step_s"] = Forecast::kStep.count();
    out["from"] = minute(forecast.from);
    out["past"] = forecast.past;
    Json& coming = out["coming"] = Json::array();
    for (const Estimate& step : forecast.coming)
        coming.push_back(Json::array({step.mid, step.low, step.high}));
    return text(out);
}

std::string alarm_json(const AlarmOnBoard& on_board) {
    const auto& [code, severity, detail, gate, lane, ticket, issuer] = on_board.alarm;
    Json out = timed(on_board.changed);
    out["code"] = code;
    out["severity"] = severity == Severity::Critical ? "critical" : "warning";
    out["state"] = on_board.state == AlarmState::Raised ? "raised" : "cleared";
    out["since"] = to_rfc3339(on_board.since);
    put_known(out, "detail", detail);
    put_known(out, "gate", gate);
    put_known(out, "lane", lane);
    put_known(out, "ticket", ticket);
    put_known(out, "issuer", issuer);
    return text(out);
}

std::string acknowledged_json(std::span<const Acknowledgement> acknowledged, WallTime time) {
    Json out = timed(time);
    Json& alarms = out["alarms"] = Json::array();
    for (const Acknowledgement& one : acknowledged) {
        alarms.push_back({{"alarm", one.alarm},
                          {"since", to_rfc3339(one.since)},
                          {"person", one.person},
                          {"time", to_rfc3339(one.time)}});
    }
    return text(out);
}

std::string error_answer(const Asker& asker, string_view error, WallTime time) {
    Json out = answer(asker, time);
    out["ok"] = false;
    out["error"] = error;
    return text(out);
}

std::string done_answer(const Asker& asker, WallTime time) {
    return text(good_answer(asker, time));
}

std::string tickets_answer(const Asker& asker, std::span<const TicketAnswer> tickets,
                           WallTime time) {
    constexpr std::size_t kMostEntries = 100;
    for (std::size_t most = kMostEntries; most > 0; most /= 2) {
        Json out = good_answer(asker, time);
        Json& list = out["tickets"] = Json::array();
        for (const TicketAnswer& ticket : tickets)
            list.push_back(ticket_json(ticket, most));
        if (auto written = text(out); written.size() <= kMostAnswerBytes) return written;
    }
    return error_answer(asker, "too many tickets begin so; give more digits", time);
}

std::string recent_answer(const Asker& asker, std::span<const std::string> payloads,
                          WallTime time) {
    Json out = good_answer(asker, time);
    Json& entries = out["entries"] = Json::array();
    std::size_t bytes = text(out).size();
    for (const std::string& payload : payloads) {
        Json entry = Json::parse(payload, nullptr, false);
        bytes += text(entry).size() + 1;
        if (bytes > kMostAnswerBytes) break;
        if (entry.is_object()) entries.push_back(std::move(entry));
    }
    return text(out);
}

std::string value_answer(const Asker& asker, string_view field, string_view json, WallTime time) {
    Json out = good_answer(asker, time);
    Json value = Json::parse(json, nullptr, false);
    out[std::string{field}] = value.is_discarded() ? Json(json) : std::move(value);
    auto written = text(out);
    if (written.size() <= kMostAnswerBytes) return written;
    return error_answer(asker, "the answer is too long", time);
}

}  // namespace stile::sync
