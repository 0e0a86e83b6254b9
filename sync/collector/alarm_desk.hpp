// SPDX-License-Identifier: Apache-2.0
// The alarms of venue and gates as the collector knows them, and who has taken them on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/collector/acknowledgements.hpp"
#include "sync/collector/board.hpp"
#include "sync/collector/heard.hpp"
#include "sync/collector/ops_topics.hpp"
#include "sync/collector/store.hpp"
#include "sync/collector/venue_alarms.hpp"

namespace stile::sync {

class AlarmDesk {
public:
    static constexpr std::size_t kMostGateAlarms = 5000;

    // Borrows all three.
    AlarmDesk(EntryStore& store, Board& board, const OpsTopics& topics);

    // Reads what the store has. Errors: the store's.
    [[nodiscard]] Result<void> load();

    // An alarm of a gate; an empty payload deletes it.
    void heard(const std::string& gate, std::string_view code, std::string_view payload);
    // One of the venue, as the broker remembers it of an earlier run.
    void remembered(std::string_view code, std::string_view payload, WallTime now);

    // Everything that is wrong now. Publishes what changed.
    void update(const std::vector<Trouble>& troubles, WallTime now);
    // Errors, for people: Invalid (no such alarm), the store's.
    [[nodiscard]] Result<void> acknowledge(const AcknowledgeQuestion& question, WallTime now);

    [[nodiscard]] const VenueAlarms& alarms() const { return alarms_; }
    [[nodiscard]] const Acknowledgements& acknowledged() const { return acknowledged_; }

private:
    // Null: there is no such alarm.
    [[nodiscard]] const AlarmOnBoard* find(const std::string& name) const;
    void publish_acknowledged(WallTime now);

    EntryStore& store_;
    Board& board_;
    const OpsTopics& topics_;
    VenueAlarms alarms_;
    Acknowledgements acknowledged_;
    std::map<std::string, AlarmOnBoard> of_gates_;  // "north-1/lane-a-tamper"
    std::optional<std::vector<Acknowledgement>> said_;
};

}  // namespace stile::sync
