// SPDX-License-Identifier: Apache-2.0
// The alarms of the venue: raised, cleared, and forgotten an hour later.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/visit.hpp"

namespace stile::sync {

enum class Severity : std::uint8_t { Critical, Warning };
enum class AlarmState : std::uint8_t { Raised, Cleared };

// Which alarm it is; what is empty does not apply.
struct VenueAlarm {
    std::string code;
    Severity severity = Severity::Warning;
    std::string detail;  // a sentence for people
    std::string gate;
    std::string lane;
    std::string ticket;  // 32 hexadecimal digits
    std::string issuer;
    friend bool operator==(const VenueAlarm&, const VenueAlarm&) = default;
};

struct AlarmOnBoard {
    VenueAlarm alarm;
    AlarmState state = AlarmState::Raised;
    WallTime since;    // when it was raised
    WallTime changed;  // when it was raised or cleared
    friend bool operator==(const AlarmOnBoard&, const AlarmOnBoard&) = default;
};

// Something that is so at the moment, and deserves an alarm.
struct Trouble {
    VenueAlarm alarm;
    std::optional<WallTime> since;  // where entries tell it; a later one is a new alarm
    // How long it has to be over before the alarm is cleared.
    std::chrono::milliseconds hold{0};
};

// Pure; the time is a parameter.
class VenueAlarms {
public:
    static constexpr std::chrono::hours kRemembered{1};
    static constexpr std::size_t kMost = 2000;         // raised ones; no more are taken on
    static constexpr std::size_t kMostCleared = 2000;  // those cleared first are forgotten sooner

    // Everything that is wrong now.
    void update(const std::vector<Trouble>& troubles, WallTime now);
    // What an earlier run had raised, as the broker remembers it: keeps its `since`.
    void adopt(const AlarmOnBoard& earlier, WallTime now);

    [[nodiscard]] bool is_raised(const std::string& code) const;
    [[nodiscard]] const AlarmOnBoard* find(const std::string& code) const;
    // Codes about which something changed since the last call; those not found are deleted.
    [[nodiscard]] std::vector<std::string> take_changed();

private:
    struct Held {
        AlarmOnBoard board;
        WallTime wanted;  // the last time that it was so
        std::chrono::milliseconds hold{0};
    };
    void want(const Trouble& trouble, WallTime now);
    void forget_some(WallTime now);
    void changed(const std::string& code) { changed_.insert(code); }
    std::map<std::string, Held> alarms_;
    std::set<std::string> changed_;
    std::size_t raised_ = 0;
};

}  // namespace stile::sync
