// SPDX-License-Identifier: Apache-2.0
// What staff must see until it is over: raised, then cleared, and told once each time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/entry/entry.hpp"

namespace stile {

struct Alarm {
    std::string code;                // a topic's level: [a-z0-9-]
    std::string lane;                // empty: of the whole gate
    std::string detail;              // a sentence, or empty
    std::optional<WallTime> raised;  // nothing: it is not, or no longer
};
// {"state": "raised" or "cleared", ...}
[[nodiscard]] std::string alarm_json(const Alarm& alarm);

inline constexpr std::string_view kLedgerDamagedAlarm = "ledger-damaged";
inline constexpr std::string_view kLedgerFailingAlarm = "ledger-failing";
inline constexpr std::string_view kFireInputGoneAlarm = "fire-input-gone";
inline constexpr std::string_view kListsUnreadableAlarm = "lists-unreadable";

// Thread-bound.
class Alarms {
public:
    using Tell = std::function<void(const Alarm&)>;
    // `tell` is called whenever an alarm begins or ends.
    Alarms(const std::vector<std::string>& lanes, Tell tell);

    // A code of the whole gate: raised with a detail, cleared by an empty one.
    void set(std::string_view code, std::string_view detail, WallTime now);
    // Raises or clears the alarm that the event stands for, if it stands for one.
    void take(const LaneEvent& event, WallTime now, std::string_view detail = {});
    // Every alarm as it is, also those that are not raised: an earlier run may have left some.
    void tell_all() const;
    [[nodiscard]] std::vector<std::string> raised() const;

private:
    void change(Alarm& alarm, std::string_view detail, std::optional<WallTime> raised);

    std::map<std::string, Alarm, std::less<>> alarms_;
    Tell tell_;
};

}  // namespace stile
