// SPDX-License-Identifier: Apache-2.0
// The alarms of these lanes and readers, and which events of a lane begin and end them.
#include "daemon/control/alarms.hpp"

#include <algorithm>
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

const AlarmRow& row_of(const LaneAlarm& alarm) {
    return *std::ranges::find(alarm_rows(), alarm.name, &AlarmRow::name);
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
    if (alarm.state == AlarmState::Absent) return {};
    const bool raised = alarm.state == AlarmState::Raised;
    Json out{{"state", raised ? "raised" : "cleared"}, {"severity", name_of(alarm.severity)}};
    if (raised) out["since"] = to_rfc3339(alarm.since);
    if (!alarm.lane.empty()) out["lane"] = alarm.lane;
    if (!alarm.reader.empty()) out["reader"] = alarm.reader;
    if (!alarm.detail.empty()) out["detail"] = alarm.detail;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Alarms::Alarms(const std::vector<std::string>& lanes, const std::vector<ReaderPlace>& readers,
               Tell tell)
    : tell_{std::move(tell)} {
    const auto add = [this](const AlarmRow& row, const ReaderPlace& of) {
        const std::string code = alarm_code(row, of.name.empty() ? of.lane : of.name);
        alarms_.emplace(code, Alarm{.code = code,
                                    .lane = of.lane,
                                    .reader = of.name,
                                    .severity = row.severity,
                                    .sentence = row.sentence});
    };
    for (const AlarmRow& row : alarm_rows()) {
        switch (row.scope) {
            case AlarmScope::Gate:
                add(row, {});
                break;
            case AlarmScope::Lane:
                for (const std::string& lane : lanes)
                    add(row, {.name = {}, .lane = lane});
                break;
            case AlarmScope::Reader:
                for (const ReaderPlace& reader : readers)
                    add(row, reader);
                break;
        }
    }
}

void Alarms::raise(Alarm& alarm, std::string_view why, WallTime now) {
    std::string detail = fmt::format("{}{}{}", alarm.sentence, why.empty() ? "." : ": ", why);
    if (alarm.state == AlarmState::Raised && alarm.detail == detail) return;
    if (alarm.state != AlarmState::Raised) alarm.since = now;
    alarm.state = AlarmState::Raised;
    alarm.detail = std::move(detail);
    tell_(alarm);
}

void Alarms::clear(Alarm& alarm, WallTime now) {
    if (alarm.state != AlarmState::Raised) return;
    alarm.state = AlarmState::Cleared;
    alarm.since = now;
    alarm.detail.clear();
    tell_(alarm);
}

void Alarms::set(std::string_view code, std::string_view why, WallTime now) {
    const auto found = alarms_.find(code);
    if (found == alarms_.end()) return;
    if (why.empty()) return clear(found->second, now);
    raise(found->second, why, now);
}

void Alarms::take(const LaneEvent& event, WallTime now, std::string_view why) {
    for (const LaneAlarm& alarm : kOfLanes) {
        const auto found = alarms_.find(alarm_code(row_of(alarm), event.lane));
        if (found == alarms_.end()) continue;
        if (event.what == alarm.begins) raise(found->second, why, now);
        if (ends(alarm, event.what)) clear(found->second, now);
    }
}

// A clock that was set back must not keep one for ever.
void Alarms::forget_old(WallTime now) {
    for (auto& [code, alarm] : alarms_) {
        if (alarm.state != AlarmState::Cleared) continue;
        if (now >= alarm.since && now - alarm.since < kRemembered) continue;
        alarm.state = AlarmState::Absent;
        tell_(alarm);
    }
}

void Alarms::tell_all() const {
    for (const auto& [code, alarm] : alarms_)
        tell_(alarm);
}

std::vector<std::string> Alarms::raised() const {
    std::vector<std::string> codes;
    for (const auto& [code, alarm] : alarms_) {
        if (alarm.state == AlarmState::Raised) codes.push_back(code);
    }
    return codes;
}

}  // namespace stile
