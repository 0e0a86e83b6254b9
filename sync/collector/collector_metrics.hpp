// SPDX-License-Identifier: Apache-2.0
// What the collector tells monitoring (sync/METRICS.md). Pure.
#pragma once

#include <vector>

#include "sync/collector/collector.hpp"
#include "sync/http/answer.hpp"
#include "sync/metrics/metric.hpp"

namespace stile::sync {

[[nodiscard]] std::vector<Metric> collector_metrics(const CollectorFacts& facts);
// 200 while the broker is there and the store works. Reentrant, as is the above.
[[nodiscard]] HttpAnswer collector_health(const CollectorFacts& facts);

}  // namespace stile::sync
