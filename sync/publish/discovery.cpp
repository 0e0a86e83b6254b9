// SPDX-License-Identifier: Apache-2.0
// Device-based discovery: one message for the device and all of its sensors. Their templates say
// "none" of what the message does not have, which is "unknown" there.
#include "sync/publish/discovery.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;

struct Figure {
    const char* key;
    const char* name;
    const char* field;  // of its message, as the template has it
    const char* more;   // further options
};

constexpr const char* kRising = R"({"state_class":"total_increasing"})";

constexpr Figure kOfCount[]{
    {"entered", "Entered", "value_json.entered", kRising},
    {"left", "Left", "value_json.left", kRising},
    {"admitted", "Admitted", "value_json.admitted", kRising},
    {"refused", "Refused", "value_json.refused.values() | sum", kRising},
};

constexpr Figure kOfHealth[]{
    {"outbox", "Entries waiting", "value_json.outbox_depth | default(none)",
     R"({"state_class":"measurement"})"},
    {"outbox-age", "Oldest entry waiting", "value_json.outbox_age_s | default(none)",
     R"({"state_class":"measurement","device_class":"duration","unit_of_measurement":"s"})"},
    {"release", "Release time (p99)", "value_json.release_p99_us | default(none)",
     R"({"state_class":"measurement","device_class":"duration","unit_of_measurement":"µs"})"},
    {"temperature", "Temperature", "value_json.temperature_c | default(none)",
     R"({"state_class":"measurement","device_class":"temperature","unit_of_measurement":"°C"})"},
};

// "ON": something is wrong.
constexpr Figure kProblems[]{
    {"alarm", "Alarm",
     "none if value_json.alarms is not defined else 'ON' if value_json.alarms else 'OFF'", "{}"},
    {"ledger", "Ledger",
     "none if value_json.ledger is not defined else 'OFF' if value_json.ledger == 'ok' else 'ON'",
     "{}"},
    {"clock", "Clock",
     "none if value_json.clock is not defined else 'ON' if value_json.clock == 'wrong' else 'OFF'",
     "{}"},
};

class Components {
public:
    explicit Components(std::string device) : device_{std::move(device)} {}

    Json& add(const char* platform, const std::string& key, const std::string& name,
              const std::string& topic, const std::string& expression) {
        Json& one = all_[key];
        one = {{"platform", platform},
               {"unique_id", device_ + "-" + key},
               {"name", name},
               {"state_topic", topic},
               {"value_template", "{{ " + expression + " }}"}};
        return one;
    }
    Json& add(const char* platform, const Figure& figure, const std::string& topic) {
        Json& one = add(platform, figure.key, figure.name, topic, figure.field);
        one.update(Json::parse(figure.more, nullptr, false));
        return one;
    }
    [[nodiscard]] Json take() { return std::move(all_); }

private:
    std::string device_;
    Json all_ = Json::object();
};

Json components(const Topics& topics, const std::string& device, const Json& lanes,
                std::chrono::seconds health_expiry) {
    Components all{device};
    all.add("sensor", "state", "State", topics.status(), "value_json.state");
    for (const Figure& figure : kOfCount)
        all.add("sensor", figure, topics.count());
    for (const Figure& figure : kOfHealth)
        all.add("sensor", figure, topics.health())["expire_after"] = health_expiry.count();
    for (const Figure& figure : kProblems) {
        Json& one = all.add("binary_sensor", figure, topics.health());
        one["device_class"] = "problem";
        one["expire_after"] = health_expiry.count();
    }
    for (const Json& lane : lanes) {
        const auto name = lane.get<std::string>();
        Json& mode = all.add("sensor", "lane-" + name + "-mode", "Lane " + name, topics.lane(name),
                             "value_json.mode");
        mode["device_class"] = "enum";
        mode["options"] = {"normal", "free", "locked", "exit-only", "out-of-order"};
    }
    return all.take();
}

bool is_list_of_lanes(const Json& lanes) {
    if (!lanes.is_array()) return false;
    for (const Json& lane : lanes) {
        const auto* name = lane.get_ptr<const std::string*>();
        if (name == nullptr || !is_topic_level(*name)) return false;
    }
    return true;
}

}  // namespace

Result<Outgoing> discovery_message(const Topics& topics, std::string_view venue,
                                   std::string_view info, std::chrono::seconds health_expiry) {
    const Json report = Json::parse(info, nullptr, false);
    if (!report.is_object() || !report.contains("lanes") || !is_list_of_lanes(report["lanes"]))
        return fail(Errc::Invalid, "an info report without lanes");
    const std::string device = fmt::format("stile-{}-{}", venue, topics.gate());
    const Json payload{
        {"device",
         {{"identifiers", {device}},
          {"name", fmt::format("Gate {} {}", venue, topics.gate())},
          {"manufacturer", "stile"},
          {"model", "gate"},
          {"sw_version", STILE_VERSION}}},
        {"origin", {{"name", "stile-sync"}, {"sw_version", STILE_VERSION}}},
        {"availability",
         {{{"topic", topics.status()},
           {"value_template",
            "{{ 'online' if value_json.state in ['online', 'degraded'] else 'offline' }}"}}}},
        {"qos", 1},
        {"components", components(topics, device, report["lanes"], health_expiry)}};
    return Outgoing{.topic = fmt::format("homeassistant/device/{}/config", device),
                    .payload = payload.dump(-1, ' ', false, Json::error_handler_t::replace),
                    .retain = Retain::Yes};
}

}  // namespace stile::sync
