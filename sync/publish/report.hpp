// SPDX-License-Identifier: Apache-2.0
// The daemon's reports (info, health, count, lane, alarm) as messages: checked, completed,
// addressed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/entry/entry_json.hpp"
#include "daemon/protocol/messages.hpp"
#include "sync/publish/outgoing.hpp"
#include "sync/publish/stamp.hpp"
#include "sync/publish/topics.hpp"

namespace stile::sync {

// How far a collector of the site has stored the gate's entries.
struct CollectorHealth {
    std::string name;
    std::optional<EntryKey> stored;       // nothing: it has not said so
    std::optional<std::uint64_t> behind;  // entries that were published since; of one epoch
};

// What sync adds to the gate's health.
struct LinkHealth {
    std::string broker;
    std::size_t in_flight = 0;  // published, not acknowledged by the broker
    std::size_t held = 0;       // entries taken from the daemon, not acknowledged by the broker
    std::uint32_t reconnects = 0;
    std::uint64_t resent = 0;  // entries that were published once more, beside the new ones
    std::vector<CollectorHealth> collectors;
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> connected_since;
};

class ReportWriter {
public:
    // Health is published for `health_expiry`, so that an old one is not taken for the present.
    ReportWriter(Topics topics, std::chrono::seconds health_expiry);

    // The body must be a JSON object, at most 16 levels deep; v, gate, time and (with health) sync
    // are ours. An empty one of a lane or an alarm deletes its topic. Errors: Invalid (not such a
    // body, or a name that cannot stand in a topic), Unsupported (a subject that this version has
    // no topic for). Never throws.
    [[nodiscard]] Result<Outgoing> message(const protocol::Report& report, const Stamp& stamp,
                                           const LinkHealth& link) const;
    // What can be said about health while the daemon is silent.
    [[nodiscard]] Outgoing own_health(const Stamp& stamp, const LinkHealth& link) const;

private:
    [[nodiscard]] Result<Outgoing> deletion(const protocol::Report& report) const;

    Topics topics_;
    std::chrono::seconds health_expiry_;
};

}  // namespace stile::sync
