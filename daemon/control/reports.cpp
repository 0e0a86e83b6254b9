// SPDX-License-Identifier: Apache-2.0
// Facts to JSON.
#include "daemon/control/reports.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t number) {
    return fmt::format("{:016x}", number);
}

std::string_view state_name(protocol::ReaderState state) {
    switch (state) {
        case protocol::ReaderState::Starting:
            return "starting";
        case protocol::ReaderState::Working:
            return "working";
        case protocol::ReaderState::Degraded:
            return "degraded";
        case protocol::ReaderState::Failed:
            return "failed";
    }
    return "failed";
}

std::string_view link_name(const LinkReport& link) {
    if (!link.following) return "no-sync";
    switch (link.link.state) {
        case protocol::Link::Connecting:
            return "connecting";
        case protocol::Link::Connected:
            return "connected";
        case protocol::Link::Refused:
            return "refused";
    }
    return "connecting";
}

Json reader(const ReaderReport& r) {
    return {{"name", r.name},
            {"lane", r.lane},
            {"kind", r.kind},
            {"state", r.connected ? state_name(r.health.state) : "absent"},
            {"frames", r.health.frames},
            {"codes", r.health.codes},
            {"dropped", r.health.dropped},
            {"frames_total", r.frames},
            {"codes_total", r.codes},
            {"dropped_total", r.dropped},
            {"refused_total", r.refused},
            {"decode_us", r.health.decode_us},
            {"frames_per_s", std::round(r.frames_per_s * 10) / 10},
            {"detail", r.health.detail}};
}

Json readers(const GateReport& report) {
    Json list = Json::array();
    for (const ReaderReport& r : report.readers)
        list.push_back(reader(r));
    return list;
}

bool is_open(const LaneReport& l) {
    return l.open || l.state == LaneState::Free || l.state == LaneState::Fire;
}

Json lane(const GateReport& report, const LaneReport& l) {
    Json list = Json::array();
    for (const ReaderReport& r : report.readers) {
        if (r.lane == l.name) list.push_back(reader(r));
    }
    Json out{{"lane", l.name},
             {"direction", l.direction == Direction::Entry ? "entry" : "exit"},
             {"mode", name_of(l.mode)},
             {"state", name_of(l.state)},
             {"turnstile", is_open(l) ? "open" : "locked"},
             {"counts",
              {{"entered", l.counts.entered},
               {"left", l.counts.left},
               {"released", l.counts.released},
               {"free", l.counts.free},
               {"events", l.counts.events}}},
             {"readers", list}};
    if (l.use == LaneUse::Test) out["test"] = true;
    if (l.until) out["until"] = to_rfc3339(*l.until);
    if (l.last_event) out["last_event"] = name_of(*l.last_event);
    return out;
}

Json names(const std::vector<LaneReport>& lanes) {
    Json list = Json::array();
    for (const LaneReport& l : lanes)
        list.push_back(l.name);
    return list;
}

Json info(const GateReport& r) {
    return {{"venue", r.venue},
            {"gate", r.gate},
            {"gate_number", hex(r.gate_number)},
            {"software", r.software},
            {"protocol", 1},
            {"epoch", hex(r.ledger.epoch)},
            {"boot", hex(r.boot)},
            {"config", r.config_digest},
            {"lanes", names(r.lanes)},
            {"features", {"gt1", "revocation-list"}}};
}

Json orders(const GateReport& report) {
    Json list = Json::array();
    for (const OrdersReport& of : report.orders) {
        Json& item = list.emplace_back(Json{{"event", of.event}});
        if (of.age) item["age_s"] = of.age->count();
    }
    return list;
}

Json health(const GateReport& r) {
    Json out{{"uptime_s", r.up.count()},
             {"clock", name_of(r.clock.quality)},
             {"clock_doubt", name_of(r.clock.doubt)},
             {"ledger", r.ledger_trouble.empty() ? "ok" : "failing"},
             {"ledger_trouble", r.ledger_trouble},
             {"ledger_bytes", r.ledger_bytes},
             {"ledger_map_bytes", r.ledger_map_bytes},
             {"ledger_seq", r.ledger.seq},
             {"unresolved_at_start", r.unresolved},
             {"outbox_depth", r.sync.outbox_depth},
             {"outbox_age_s", r.sync.outbox_age.count()},
             {"scans", r.scans},
             {"release_p50_us", r.latency_p50_us},
             {"release_p99_us", r.latency_p99_us},
             {"release",
              {{"bounds_us", LatencyHistogram::kBounds},
               {"counts", r.latencies.cumulative()},
               {"sum_us", r.latencies.sum_us()}}},
             {"revocations",
              {{"generation", r.revocations.generation},
               {"records", r.revocations.records},
               {"age_s", r.revocations.age_seconds}}},
             {"orders", orders(r)},
             {"ledger_damage", r.ledger_damage},
             {"catalog_damage", r.catalog_damage},
             {"bad_rows", r.bad_rows},
             {"open_admissions", r.open_admissions},
             {"alarms", r.alarms},
             {"readers", readers(r)}};
    if (r.backup_age) out["backup_age_s"] = r.backup_age->count();
    if (r.disk_free_bytes) out["disk_free_bytes"] = *r.disk_free_bytes;
    if (r.temperature_c) out["temperature_c"] = *r.temperature_c;
    return out;
}

Json count(const GateReport& r) {
    Json refused = Json::object();
    for (std::size_t i = 0; i < kReasonSlots; ++i) {
        const auto reason = reason_from(static_cast<std::uint8_t>(i));
        if (reason && r.ledger.totals.refused[i] > 0) {
            refused[std::string{text_of(*reason).code}] = r.ledger.totals.refused[i];
        }
    }
    return {{"epoch", hex(r.ledger.epoch)},
            {"seq", r.ledger.seq},
            {"admitted", r.ledger.totals.admitted},
            {"entered", r.ledger.totals.entered},
            {"left", r.ledger.totals.left},
            {"released", r.ledger.totals.released},
            {"refused", refused}};
}

// Details that readers send may hold any text; replace what is not UTF-8 instead of throwing.
std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string info_json(const GateReport& report) {
    return text(info(report));
}

std::string health_json(const GateReport& report) {
    return text(health(report));
}

std::string count_json(const GateReport& report) {
    return text(count(report));
}

std::string lane_json(const GateReport& report, const LaneReport& l) {
    return text(lane(report, l));
}

std::string status_json(const GateReport& report) {
    Json lanes = Json::array();
    for (const LaneReport& l : report.lanes)
        lanes.push_back(lane(report, l));
    const Json link = {{"state", link_name(report.sync)},
                       {"reconnects", report.sync.link.reconnects},
                       {"detail", report.sync.link.detail},
                       {"outbox_depth", report.sync.outbox_depth}};
    return text({{"info", info(report)},
                 {"health", health(report)},
                 {"count", count(report)},
                 {"lanes", lanes},
                 {"broker", link}});
}

std::string revocation_json(const RevocationList& list) {
    return text({{"generation", list.generation},
                 {"imported_at", list.imported_at.time_since_epoch().count()},
                 {"lines", list.lines},
                 {"dense_serials", list.bits},
                 {"reissues", list.reissues},
                 {"hashed", list.hashed},
                 {"digest", to_hex(list.digest)}});
}

std::string reload_json(const std::vector<config::Change>& changes, const std::string& digest) {
    Json out{{"config", digest}, {"in_force", Json::array()}, {"restart", Json::array()}};
    constexpr std::size_t kMostNamed = 60;  // a message has room for them
    for (const config::Change& change :
         std::span{changes}.first(std::min(changes.size(), kMostNamed))) {
        if (change.when == config::InForce::AtOnce) {
            out["in_force"].push_back(change.what);
        } else {
            out["restart"].push_back({{"what", change.what}, {"unit", change.unit}});
        }
    }
    if (changes.size() > kMostNamed) out["more"] = changes.size() - kMostNamed;
    return out.dump();
}

}  // namespace stile
