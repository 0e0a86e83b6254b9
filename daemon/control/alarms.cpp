// SPDX-License-Identifier: Apache-2.0
// A fixed set of alarms, and which events of a lane begin and end them.
#include "daemon/control/alarms.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

struct LaneAlarm {
    std::string_view name;
    LaneEventKind begins;
    LaneEventKind ends;
};

constexpr LaneAlarm kOfLanes[]{
    {"sensor-stuck", LaneEventKind::SensorStuck, LaneEventKind::SensorFree},
    {"arm-stuck", LaneEventKind::ArmStuck, LaneEventKind::ArmFree},
    {"device-gone", LaneEventKind::DeviceGone, LaneEventKind::DeviceBack},
    {"fire", LaneEventKind::FireStarted, LaneEventKind::FireEnded},
    {"tamper", LaneEventKind::TamperOpened, LaneEventKind::TamperClosed},
};

// A level of a topic has room for that much of a lane's name.
constexpr std::size_t kLaneLetters = 44;

std::string code_of(std::string_view lane, std::string_view name) {
    return fmt::format("lane-{}-{}", lane.substr(0, kLaneLetters), name);
}

// What was known of a turnstile that is gone is not known any longer.
bool ends(const LaneAlarm& alarm, LaneEventKind event) {
    const bool of_device =
        alarm.begins == LaneEventKind::SensorStuck || alarm.begins == LaneEventKind::ArmStuck;
    return event == alarm.ends || (of_device && event == LaneEventKind::DeviceGone);
}

}  // namespace

std::string alarm_json(const Alarm& alarm) {
    using Json = nlohmann::ordered_json;
    Json out{{"state", alarm.raised ? "raised" : "cleared"}};
    if (alarm.raised) out["since"] = to_rfc3339(*alarm.raised);
    if (!alarm.lane.empty()) out["lane"] = alarm.lane;
    if (!alarm.detail.empty()) out["detail"] = alarm.detail;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Alarms::Alarms(const std::vector<std::string>& lanes, Tell tell) : tell_{std::move(tell)} {
    for (const auto code :
         {kFireInputGoneAlarm, kLedgerDamagedAlarm, kLedgerFailingAlarm, kListsUnreadableAlarm})
        alarms_.emplace(code, Alarm{.code = std::string{code}});
    for (const std::string& lane : lanes) {
        for (const LaneAlarm& alarm : kOfLanes) {
            const std::string code = code_of(lane, alarm.name);
            alarms_.emplace(code, Alarm{.code = code, .lane = lane});
        }
    }
}

void Alarms::change(Alarm& alarm, std::string_view detail, std::optional<WallTime> raised) {
    if (alarm.raised.has_value() == raised.has_value()) return;
    alarm.detail = detail;
    alarm.raised = raised;
    tell_(alarm);
}

void Alarms::set(std::string_view code, std::string_view detail, WallTime now) {
    const auto found = alarms_.find(code);
    if (found == alarms_.end()) return;
    change(found->second, detail, detail.empty() ? std::nullopt : std::optional{now});
}

void Alarms::take(const LaneEvent& event, WallTime now, std::string_view detail) {
    for (const LaneAlarm& alarm : kOfLanes) {
        const auto found = alarms_.find(code_of(event.lane, alarm.name));
        if (found == alarms_.end()) continue;
        if (event.what == alarm.begins) change(found->second, detail, now);
        if (ends(alarm, event.what)) change(found->second, {}, std::nullopt);
    }
}

void Alarms::tell_all() const {
    for (const auto& [code, alarm] : alarms_)
        tell_(alarm);
}

std::vector<std::string> Alarms::raised() const {
    std::vector<std::string> codes;
    for (const auto& [code, alarm] : alarms_) {
        if (alarm.raised) codes.push_back(code);
    }
    return codes;
}

}  // namespace stile
