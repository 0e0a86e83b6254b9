// SPDX-License-Identifier: Apache-2.0
// What the daemon says about itself, as JSON documents: for MQTT (sync/TOPICS.md) and for stilectl.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/catalog/revocation_list.hpp"
#include "daemon/config/changes.hpp"
#include "daemon/lane/lane.hpp"
#include "daemon/lane/latency.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile {

struct ReaderReport {
    std::string name;
    std::string lane;
    std::string kind;  // camera, nfc, scanner
    bool connected = false;
    protocol::ReaderHealth health;                     // its last
    std::optional<std::chrono::nanoseconds> heard_at;  // that; CLOCK_MONOTONIC
    double frames_per_s = 0;                           // between the last two
    std::uint64_t frames = 0;                          // these since the daemon started
    std::uint64_t codes = 0;
    std::uint64_t dropped = 0;
    std::uint64_t refused = 0;  // scans beyond its limit
};

struct LaneReport {
    std::string name;
    Direction direction = Direction::Entry;
    bool open = false;  // for somebody
    LaneMode mode = LaneMode::Normal;
    LaneUse use = LaneUse::Guests;
    std::optional<WallTime> until;  // then another mode
    LaneState state = LaneState::Idle;
    LaneCounts counts;
    std::optional<LaneEventKind> last_event;
};

struct ListReport {
    std::uint64_t generation = 0;  // 0: none was ever imported
    std::uint64_t records = 0;
    std::int64_t age_seconds = 0;
};

// Of one event of the platform.
struct OrdersReport {
    std::string event;                        // the platform's word for it
    std::optional<std::chrono::seconds> age;  // nothing: they never came
};

struct LinkReport {
    bool following = false;
    protocol::LinkState link;
    std::uint64_t outbox_depth = 0;
    std::chrono::seconds outbox_age{};  // of the oldest entry that is not acknowledged
};

// Everything that a report can say, as of one moment.
struct GateReport {
    std::string venue;
    std::string gate;
    std::uint64_t gate_number = 0;
    std::uint64_t boot = 0;
    std::string software;
    std::string config_digest;  // first 8 bytes of its SHA-256, hexadecimal
    ClockReading clock;
    std::chrono::seconds up{};
    LedgerHead ledger;
    std::uint64_t ledger_bytes = 0;
    std::uint64_t ledger_map_bytes = 0;            // and its upper bound
    std::optional<std::uint64_t> disk_free_bytes;  // of the state folder
    std::optional<double> temperature_c;           // of the warmest part that tells it
    std::uint32_t unresolved = 0;
    std::string ledger_trouble;  // empty: it stores entries
    std::string ledger_damage;   // of the file, as it was at the start; empty: none
    std::string catalog_damage;
    std::uint64_t bad_rows = 0;  // that the scrubber has found
    std::string bad_row;         // the newest of them
    std::uint64_t open_admissions = 0;
    std::optional<std::chrono::seconds> backup_age;  // nothing: none is known
    std::vector<std::string> alarms;                 // the codes of those that are raised
    std::uint64_t scans = 0;
    std::uint32_t latency_p50_us = 0;
    std::uint32_t latency_p99_us = 0;
    LatencyHistogram latencies;
    ListReport revocations;
    std::vector<OrdersReport> orders;  // of the events that the site file names
    LinkReport sync;
    std::vector<LaneReport> lanes;
    std::vector<ReaderReport> readers;
};

// Each is one JSON object without newline, at most 12,000 bytes.
[[nodiscard]] std::string info_json(const GateReport& report);
[[nodiscard]] std::string health_json(const GateReport& report);
[[nodiscard]] std::string count_json(const GateReport& report);
[[nodiscard]] std::string lane_json(const GateReport& report, const LaneReport& lane);
// All of them in one, for `stilectl status --json`.
[[nodiscard]] std::string status_json(const GateReport& report);

// What `stilectl revocation stat` and `import` answer.
[[nodiscard]] std::string revocation_json(const RevocationList& list);

// The answer to `reload`: what came into force, and what waits for a restart.
[[nodiscard]] std::string reload_json(const std::vector<config::Change>& changes,
                                      const std::string& digest);

}  // namespace stile
