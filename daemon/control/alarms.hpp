// SPDX-License-Identifier: Apache-2.0
// What staff must see until it is over: raised, cleared, and an hour later forgotten.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/control/alarm_table.hpp"
#include "daemon/entry/entry.hpp"

namespace stile {

enum class AlarmState : std::uint8_t {
    Absent,  // it was never raised, or that is forgotten
    Raised,
    Cleared
};

struct Alarm {
    std::string code;    // a topic's level: [a-z0-9-]
    std::string lane;    // empty: of the whole gate
    std::string reader;  // empty: of no reader
    AlarmSeverity severity = AlarmSeverity::Warning;
    std::string_view sentence;
    AlarmState state = AlarmState::Absent;
    WallTime since;      // it was raised, or cleared
    std::string detail;  // a sentence; empty unless it is raised
};
// {"state": "raised" or "cleared", ...}; of an absent one nothing: its topic is to be deleted.
[[nodiscard]] std::string alarm_json(const Alarm& alarm);

// Thread-bound.
class Alarms {
public:
    static constexpr std::chrono::hours kRemembered{1};
    using Tell = std::function<void(const Alarm&)>;
    struct ReaderPlace {
        std::string name;
        std::string lane;
    };
    // `tell` is called whenever an alarm becomes another.
    Alarms(const std::vector<std::string>& lanes, const std::vector<ReaderPlace>& readers,
           Tell tell);

    // By its code: raised with what is behind it, cleared by an empty text. One that is raised
    // already gets the new text, and keeps its beginning.
    void set(std::string_view code, std::string_view why, WallTime now);
    // Raises or clears the alarm that the event stands for, if it stands for one.
    void take(const LaneEvent& event, WallTime now, std::string_view why = {});
    // Those that were cleared long ago become absent. Call now and then.
    void forget_old(WallTime now);
    // Every alarm as it is, absent ones too: an earlier run may have left some.
    void tell_all() const;
    [[nodiscard]] std::vector<std::string> raised() const;

private:
    void raise(Alarm& alarm, std::string_view why, WallTime now);
    void clear(Alarm& alarm, WallTime now);

    std::map<std::string, Alarm, std::less<>> alarms_;
    Tell tell_;
};

}  // namespace stile
