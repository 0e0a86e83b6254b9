// SPDX-License-Identifier: Apache-2.0
// What the program tells monitoring about the gate and its own link (sync/METRICS.md). Pure.
#pragma once

#include <string>
#include <vector>

#include "sync/http/answer.hpp"
#include "sync/metrics/metric.hpp"
#include "sync/publish/report.hpp"

namespace stile::sync {

struct GateFacts {
    std::string venue;
    std::string gate;
    bool daemon_connected = false;
    bool broker_connected = false;
    LinkHealth link;
    // The daemon's last reports, JSON; empty: none yet, or it is gone.
    std::string health;
    std::string count;
};

// Reentrant; reports that are no JSON count as none.
[[nodiscard]] std::vector<Metric> gate_metrics(const GateFacts& facts);
// The answer to /healthz. Reentrant.
[[nodiscard]] HttpAnswer health_answer(const GateFacts& facts);

}  // namespace stile::sync
