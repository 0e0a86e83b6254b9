// SPDX-License-Identifier: Apache-2.0
// The body is parsed and written again, so only well-formed JSON leaves the host.
#include "sync/publish/report.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "daemon/entry/entry_json.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;
using protocol::Report;
using protocol::Subject;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxBodyBytes = 12'000;

Result<Json> parse_object(std::string_view text) {
    if (text.size() > kMaxBodyBytes) return fail(Errc::Invalid, "longer than 12,000 bytes");
    bool deep = false;
    const auto limit_depth = [&deep](int depth, Json::parse_event_t, const Json&) {
        if (depth > kMaxDepth) deep = true;
        return !deep;
    };
    Json body = Json::parse(text, limit_depth, false);
    if (deep) return fail(Errc::Invalid, fmt::format("nested deeper than {} levels", kMaxDepth));
    if (!body.is_object()) return fail(Errc::Invalid, "not a JSON object");
    return body;
}

Json collector_json(const CollectorHealth& collector) {
    Json out{{"collector", collector.name}};
    if (collector.stored) {
        out["epoch"] = hex64(collector.stored->epoch);
        out["seq"] = collector.stored->seq;
    }
    if (collector.behind) out["behind"] = *collector.behind;
    return out;
}

Json link_json(const LinkHealth& link) {
    Json out{{"broker", link.broker},
             {"in_flight", link.in_flight},
             {"held", link.held},
             {"reconnects", link.reconnects},
             {"resent", link.resent}};
    for (const CollectorHealth& collector : link.collectors)
        out["collectors"].push_back(collector_json(collector));
    if (link.connected_since) out["connected_since"] = to_rfc3339(*link.connected_since);
    return out;
}

// Our fields first and never the daemon's of the same name; a clock of its own may be richer.
Json complete(std::string_view gate, const Stamp& stamp, Json body) {
    Json out{{"v", 1}, {"gate", gate}, {"time", to_rfc3339(stamp.time)}};
    if (!body.contains("clock")) out["clock"] = name_of(stamp.clock);
    for (auto& [key, value] : body.items()) {
        if (!out.contains(key)) out[key] = std::move(value);
    }
    return out;
}

Outgoing retained(std::string topic, const Json& payload) {
    return {.topic = std::move(topic),
            .payload = payload.dump(-1, ' ', false, Json::error_handler_t::replace),
            .qos = Qos::AtLeastOnce,
            .retain = Retain::Yes};
}

Outgoing health_message(const Topics& topics, std::chrono::seconds expiry, Json payload,
                        const LinkHealth& link) {
    payload["sync"] = link_json(link);
    Outgoing out = retained(topics.health(), payload);
    out.qos = Qos::AtMostOnce;  // the next one comes in seconds
    out.expiry = expiry;
    return out;
}

}  // namespace

ReportWriter::ReportWriter(Topics topics, std::chrono::seconds health_expiry)
    : topics_{std::move(topics)}, health_expiry_{health_expiry} {}

// A lane or an alarm that is no longer there.
Result<Outgoing> ReportWriter::deletion(const Report& report) const {
    const bool lane = report.subject == Subject::Lane;
    if (!lane && report.subject != Subject::Alarm)
        return fail(Errc::Invalid, "it is always there, so it cannot be deleted");
    if (!is_topic_level(report.name)) return fail(Errc::Invalid, "no name to delete");
    return Outgoing{.topic = lane ? topics_.lane(report.name) : topics_.alarm(report.name),
                    .payload = {},
                    .retain = Retain::Yes};
}

Result<Outgoing> ReportWriter::message(const Report& report, const Stamp& stamp,
                                       const LinkHealth& link) const {
    if (report.body.empty()) return deletion(report);
    auto body = parse_object(report.body);
    if (!body) return std::unexpected{std::move(body.error())};
    Json payload = complete(topics_.gate(), stamp, std::move(*body));
    switch (report.subject) {
        case Subject::Info:
            return retained(topics_.info(), payload);
        case Subject::Count:
            return retained(topics_.count(), payload);
        case Subject::Health:
            return health_message(topics_, health_expiry_, std::move(payload), link);
        case Subject::Lane:
            if (!is_topic_level(report.name)) return fail(Errc::Invalid, "no name for a lane");
            payload["lane"] = report.name;
            return retained(topics_.lane(report.name), payload);
        case Subject::Alarm:
            if (!is_topic_level(report.name)) return fail(Errc::Invalid, "no code for an alarm");
            payload["code"] = report.name;
            return retained(topics_.alarm(report.name), payload);
    }
    return fail(Errc::Unsupported, "unknown subject");
}

Outgoing ReportWriter::own_health(const Stamp& stamp, const LinkHealth& link) const {
    return health_message(topics_, health_expiry_, complete(topics_.gate(), stamp, Json::object()),
                          link);
}

}  // namespace stile::sync
