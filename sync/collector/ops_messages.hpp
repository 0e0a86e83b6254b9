// SPDX-License-Identifier: Apache-2.0
// The JSON of everything that the collector publishes (sync/OPS.md). Pure, never throws.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/collector/acknowledgements.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/conflicts.hpp"
#include "sync/collector/flow.hpp"
#include "sync/collector/forecast.hpp"
#include "sync/collector/gaps.hpp"
#include "sync/collector/heard.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/progress.hpp"
#include "sync/collector/venue_alarms.hpp"

namespace stile::sync {

enum class OpsState : std::uint8_t { Online, Offline };

// What is known of one ticket; `entries` the newest last.
struct TicketAnswer {
    crypto::TicketId ticket{};
    bool used = false;
    bool inside = false;
    bool revoked = false;
    std::optional<std::uint64_t> event;
    std::optional<std::uint64_t> product;
    std::vector<GateEntry> entries;
};

inline constexpr std::size_t kMostAnswerBytes = 65'536;

[[nodiscard]] std::string ack_json(std::string_view collector, const GateProgress& gate,
                                   WallTime time);
[[nodiscard]] std::string replay_json(std::string_view collector, const ReplayRequest& request);

[[nodiscard]] std::string ops_status_json(std::string_view collector, std::string_view boot,
                                          OpsState state, std::string_view detail, WallTime time);
// The will.
[[nodiscard]] std::string ops_lost_json(std::string_view collector, std::string_view boot);
[[nodiscard]] std::string gates_json(std::span<const GateProgress> gates, WallTime time);
[[nodiscard]] std::string occupancy_json(const OccupancyView& occupancy,
                                         std::span<const AreaConfig> areas, WallTime time);
[[nodiscard]] std::string flow_json(const FlowView& flow, WallTime time);
[[nodiscard]] std::string conflicts_json(const ConflictsView& conflicts, WallTime time);
[[nodiscard]] std::string forecast_json(const EventConfig& event, std::uint64_t sold,
                                        const Forecast& forecast, WallTime time);
[[nodiscard]] std::string alarm_json(const AlarmOnBoard& alarm);
[[nodiscard]] std::string acknowledged_json(std::span<const Acknowledgement> acknowledged,
                                            WallTime time);

// Answers on _ops/answer/{reply}, of at most kMostAnswerBytes: older entries are left out.
[[nodiscard]] std::string error_answer(const Asker& asker, std::string_view error, WallTime time);
[[nodiscard]] std::string done_answer(const Asker& asker, WallTime time);
[[nodiscard]] std::string tickets_answer(const Asker& asker, std::span<const TicketAnswer> tickets,
                                         WallTime time);
// `payloads` are entries as published, the newest first.
[[nodiscard]] std::string recent_answer(const Asker& asker, std::span<const std::string> payloads,
                                        WallTime time);
// `field` becomes the JSON value `json`, or, if that is none, that text.
[[nodiscard]] std::string value_answer(const Asker& asker, std::string_view field,
                                       std::string_view json, WallTime time);

}  // namespace stile::sync
