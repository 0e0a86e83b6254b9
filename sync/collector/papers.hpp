// SPDX-License-Identifier: Apache-2.0
// Receipts and reports for those who ask the running collector over MQTT.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "crypto/base/result.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/store.hpp"
#include "sync/uplink/wall_clock.hpp"

namespace stile::sync {

// Both block. Errors: for people.
struct CollectorPapers {
    // The text of one receipt.
    std::function<Result<std::string>(const crypto::TicketId&)> receipt;
    // JSON.
    std::function<Result<std::string>(std::uint64_t event)> report;
};

// A report reads much of the store: of all events one is made in so long, and told again until
// then. Only of events that are configured.
inline constexpr std::chrono::seconds kReportAge{30};

// Borrows store and configuration. The key for receipts is read when one is asked for.
[[nodiscard]] CollectorPapers collector_papers(EntryStore& store, const CollectorConfig& config,
                                               WallClock clock);

}  // namespace stile::sync
