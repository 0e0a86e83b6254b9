// SPDX-License-Identifier: Apache-2.0
// Metrics as Prometheus reads them.
#pragma once

#include <span>
#include <string>

#include "sync/metrics/metric.hpp"

namespace stile::sync {

inline constexpr const char* kPrometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

// Metrics without samples are left out. Reentrant.
[[nodiscard]] std::string prometheus_text(std::span<const Metric> metrics);

}  // namespace stile::sync
