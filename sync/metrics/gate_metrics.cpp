// SPDX-License-Identifier: Apache-2.0
// The daemon's reports, one metric after the other.
#include "sync/metrics/gate_metrics.hpp"

#include <limits>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

namespace stile::sync {
namespace {

using Json = nlohmann::json;
using std::string_view;

constexpr string_view kClockStates[] = {"synced", "unsynced", "holdover", "wrong"};
constexpr string_view kReaderStates[] = {"absent", "starting", "working", "degraded", "failed"};

// An object, or an empty one: the daemon of another version may leave things out.
Json object(const std::string& text) {
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json::object();
}

Json part(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? Json{} : *found;
}

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

class Writer {
public:
    void add(Metric metric) {
        if (!metric.samples.empty()) metrics_.push_back(std::move(metric));
    }
    void gauge(string_view name, string_view help, double value, Labels labels = {}) {
        add({name, help, MetricType::Gauge, {{std::move(labels), value, {}}}});
    }
    // Present when the report has that number; `scale` makes base units of it.
    void number(MetricType type, string_view name, string_view help, const Json& value,
                double scale = 1) {
        if (value.is_number()) add({name, help, type, {{{}, value.get<double>() * scale, {}}}});
    }
    [[nodiscard]] std::vector<Metric> take() { return std::move(metrics_); }

private:
    std::vector<Metric> metrics_;
};

void add_states(Metric& metric, std::span<const string_view> states, string_view now,
                const Labels& labels = {}) {
    for (const string_view state : states) {
        Labels all = labels;
        all.emplace_back("state", state);
        metric.samples.push_back({std::move(all), state == now ? 1.0 : 0.0, {}});
    }
}

void add_histogram(Writer& out, const Json& report) {
    const Json bounds = part(report, "bounds_us");
    const Json counts = part(report, "counts");
    if (!bounds.is_array() || !counts.is_array() || counts.size() != bounds.size() + 1) return;
    const Json sum = part(report, "sum_us");
    if (!sum.is_number()) return;
    Sample sample{{}, sum.get<double>() / 1e6, {}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (!counts[i].is_number_unsigned()) return;
        const bool last = i == bounds.size();
        if (!last && !bounds[i].is_number()) return;
        sample.buckets.push_back(
            {last ? std::numeric_limits<double>::infinity() : bounds[i].get<double>() / 1e6,
             counts[i].get<std::uint64_t>()});
    }
    out.add({"stile_release_duration_seconds",
             "From the camera's frame to the open turnstile.",
             MetricType::Histogram,
             {std::move(sample)}});
}

void add_people(Writer& out, const Json& count) {
    constexpr auto kCounter = MetricType::Counter;
    Metric people{"stile_people_total", "People who passed.", kCounter, {}};
    for (const auto& [direction, key] : {std::pair{"in", "entered"}, std::pair{"out", "left"}}) {
        if (const Json number = part(count, key); number.is_number())
            people.samples.push_back({{{"direction", direction}}, number.get<double>(), {}});
    }
    out.add(std::move(people));
    out.number(kCounter, "stile_admissions_total", "Decisions to admit.", part(count, "admitted"));
    out.number(kCounter, "stile_admissions_taken_back_total",
               "Admissions after which nobody passed.", part(count, "released"));
    out.number(kCounter, "stile_ledger_entries_total", "Entries of this epoch.",
               part(count, "seq"));
    Metric refusals{"stile_refusals_total", "Decisions to refuse.", kCounter, {}};
    const Json refused = part(count, "refused");
    for (const auto& [reason, number] : refused.items()) {
        if (number.is_number())
            refusals.samples.push_back({{{"reason", reason}}, number.get<double>(), {}});
    }
    out.add(std::move(refusals));
}

void add_readers(Writer& out, const Json& readers) {
    struct Column {
        Metric metric;
        const char* key;
        double scale;
    };
    Metric states{
        "stile_reader_state", "1 for the state that a reader is in.", MetricType::Gauge, {}};
    Column columns[] = {
        {{"stile_reader_frames_total", "Frames looked at.", MetricType::Counter, {}},
         "frames_total",
         1},
        {{"stile_reader_codes_total", "Codes found.", MetricType::Counter, {}}, "codes_total", 1},
        {{"stile_reader_dropped_total", "Frames or codes dropped.", MetricType::Counter, {}},
         "dropped_total",
         1},
        {{"stile_reader_refused_total",
          "Scans beyond the reader's limit.",
          MetricType::Counter,
          {}},
         "refused_total",
         1},
        {{"stile_reader_decode_seconds", "Median time to decode a frame.", MetricType::Gauge, {}},
         "decode_us",
         1e-6},
        {{"stile_reader_frames_per_second",
          "Frames a second of its last report.",
          MetricType::Gauge,
          {}},
         "frames_per_s",
         1}};
    for (const Json& reader : readers) {
        if (!reader.is_object()) continue;
        const Labels labels{{"reader", text(reader, "name")}, {"lane", text(reader, "lane")}};
        add_states(states, kReaderStates, text(reader, "state"), labels);
        for (Column& column : columns) {
            if (const Json number = part(reader, column.key); number.is_number())
                column.metric.samples.push_back({labels, number.get<double>() * column.scale, {}});
        }
    }
    out.add(std::move(states));
    for (Column& column : columns)
        out.add(std::move(column.metric));
}

void add_orders(Writer& out, const Json& orders) {
    Metric ages{
        "stile_orders_age_seconds", "Since the orders of an event came.", MetricType::Gauge, {}};
    for (const Json& one : orders) {
        if (!one.is_object()) continue;
        if (const Json age = part(one, "age_s"); age.is_number())
            ages.samples.push_back({{{"event", text(one, "event")}}, age.get<double>(), {}});
    }
    out.add(std::move(ages));
}

void add_room(Writer& out, const Json& health) {
    constexpr auto kGauge = MetricType::Gauge;
    out.number(kGauge, "stile_ledger_size_bytes", "Size of the ledger.",
               part(health, "ledger_bytes"));
    out.number(kGauge, "stile_ledger_limit_bytes", "The most that the ledger may become.",
               part(health, "ledger_map_bytes"));
    out.number(kGauge, "stile_disk_free_bytes", "Free on the disk of the state folder.",
               part(health, "disk_free_bytes"));
    out.number(kGauge, "stile_temperature_celsius", "Of the controller's warmest part.",
               part(health, "temperature_c"));
}

void add_health(Writer& out, const Json& health) {
    constexpr auto kGauge = MetricType::Gauge;
    out.number(kGauge, "stile_daemon_uptime_seconds", "Since the daemon started.",
               part(health, "uptime_s"));
    out.number(MetricType::Counter, "stile_scans_total", "Scans since the daemon started.",
               part(health, "scans"));
    add_histogram(out, part(health, "release"));
    if (const auto ledger = text(health, "ledger"); !ledger.empty())
        out.gauge("stile_ledger_working", "Whether entries can be stored.", ledger == "ok" ? 1 : 0);
    add_room(out, health);
    out.number(kGauge, "stile_ledger_bad_rows", "Damaged rows of the ledger.",
               part(health, "bad_rows"));
    out.number(kGauge, "stile_open_admissions", "Lanes that are open for somebody.",
               part(health, "open_admissions"));
    out.number(kGauge, "stile_backup_age_seconds", "Since the newest backup.",
               part(health, "backup_age_s"));
    if (const Json alarms = part(health, "alarms"); alarms.is_array())
        out.gauge("stile_alarms", "Alarms that are raised.", static_cast<double>(alarms.size()));
    out.number(kGauge, "stile_outbox_entries", "Entries that are not acknowledged.",
               part(health, "outbox_depth"));
    out.number(kGauge, "stile_outbox_age_seconds", "Age of the oldest of them.",
               part(health, "outbox_age_s"));
    add_orders(out, part(health, "orders"));
    const Json lists = part(health, "revocations");
    if (lists.is_object() && part(lists, "generation") != 0) {
        out.number(kGauge, "stile_revocation_list_records", "Lines of the list in use.",
                   part(lists, "records"));
        out.number(kGauge, "stile_revocation_list_age_seconds", "Since the list was imported.",
                   part(lists, "age_s"));
    }
    if (const auto clock = text(health, "clock"); !clock.empty()) {
        Metric states{"stile_clock_state", "1 for the state that the clock is in.", kGauge, {}};
        add_states(states, kClockStates, clock);
        out.add(std::move(states));
    }
    add_readers(out, part(health, "readers"));
}

void add_link(Writer& out, const GateFacts& facts) {
    out.gauge("stile_broker_connected", "Whether the broker is connected.",
              facts.broker_connected ? 1 : 0);
    out.add({"stile_broker_reconnects_total",
             "Connections made after the first.",
             MetricType::Counter,
             {{{}, static_cast<double>(facts.link.reconnects), {}}}});
    out.gauge("stile_broker_in_flight_messages", "Messages published and not acknowledged.",
              static_cast<double>(facts.link.in_flight));
    out.gauge("stile_broker_held_entries", "Entries taken from the daemon and not delivered.",
              static_cast<double>(facts.link.held));
    out.add({"stile_entries_resent_total",
             "Entries published once more, beside the new ones.",
             MetricType::Counter,
             {{{}, static_cast<double>(facts.link.resent), {}}}});
    Metric behind{"stile_collector_behind_entries",
                  "Entries published that the collector has not stored.",
                  MetricType::Gauge,
                  {}};
    for (const CollectorHealth& collector : facts.link.collectors) {
        if (collector.behind)
            behind.samples.push_back(
                {{{"collector", collector.name}}, static_cast<double>(*collector.behind), {}});
    }
    out.add(std::move(behind));
}

}  // namespace

std::vector<Metric> gate_metrics(const GateFacts& facts) {
    Writer out;
    out.gauge("stile_info", "The gate and the software.", 1,
              {{"venue", facts.venue}, {"gate", facts.gate}, {"version", STILE_VERSION}});
    out.gauge("stile_daemon_connected", "Whether the daemon is connected.",
              facts.daemon_connected ? 1 : 0);
    add_link(out, facts);
    if (facts.daemon_connected) {
        add_people(out, object(facts.count));
        add_health(out, object(facts.health));
    }
    return out.take();
}

HttpAnswer health_answer(const GateFacts& facts) {
    const Json health = facts.daemon_connected ? object(facts.health) : Json::object();
    const std::string ledger = facts.daemon_connected ? text(health, "ledger") : "unknown";
    const std::string clock = facts.daemon_connected ? text(health, "clock") : "unknown";
    const bool failing = !facts.daemon_connected || ledger == "failing";
    const char* detail = !facts.daemon_connected   ? "no connection to the daemon"
                         : failing                 ? "the ledger cannot store entries"
                         : !facts.broker_connected ? "no connection to the broker"
                         : clock == "wrong"        ? "the clock is wrong"
                                                   : "";
    const nlohmann::ordered_json body{
        {"status", failing           ? "failing"
                   : *detail != '\0' ? "degraded"
                                     : "ok"},
        {"daemon", facts.daemon_connected ? "connected" : "absent"},
        {"ledger", ledger},
        {"broker", facts.broker_connected ? "connected" : "connecting"},
        {"clock", clock},
        {"detail", detail}};
    return {failing ? 503U : 200U, "application/json", body.dump() + "\n"};
}

}  // namespace stile::sync
