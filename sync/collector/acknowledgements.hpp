// SPDX-License-Identifier: Apache-2.0
// Which alarms somebody has taken on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/visit.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

struct Acknowledgement {
    std::string alarm;  // "north-1/lane-a-tamper", "_ops/full-1"
    WallTime since;     // of the alarm: a later raise is not acknowledged
    std::string person;
    WallTime time;
    friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

inline constexpr std::string_view kAcknowledgedNotes = "acknowledged/";

// As the store keeps it.
[[nodiscard]] Note note_of(const Acknowledgement& acknowledgement);
// Nothing for a note that this program did not write.
[[nodiscard]] std::optional<Acknowledgement> acknowledgement_of(const Note& note);

class Acknowledgements {
public:
    void put(Acknowledgement acknowledgement) {
        std::string alarm = acknowledgement.alarm;
        all_.insert_or_assign(std::move(alarm), std::move(acknowledgement));
    }
    // Null: nobody has, or that was an earlier raise.
    [[nodiscard]] const Acknowledgement* find(const std::string& alarm, WallTime since) const {
        const auto found = all_.find(alarm);
        return found != all_.end() && found->second.since >= since ? &found->second : nullptr;
    }
    [[nodiscard]] const std::map<std::string, Acknowledgement>& all() const { return all_; }

private:
    std::map<std::string, Acknowledgement> all_;
};

}  // namespace stile::sync
