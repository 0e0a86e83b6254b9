// SPDX-License-Identifier: Apache-2.0
// One metric with its samples, free of any library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stile::sync {

enum class MetricType { Counter, Gauge, Histogram };

using Labels = std::vector<std::pair<std::string, std::string>>;

struct Bucket {
    double upper_bound = 0;  // infinity for the last
    std::uint64_t cumulative_count = 0;
};

struct Sample {
    Labels labels;
    double value = 0;  // of a histogram: the sum
    std::vector<Bucket> buckets;
};

struct Metric {
    std::string_view name;
    std::string_view help;
    MetricType type = MetricType::Gauge;
    std::vector<Sample> samples;
};

}  // namespace stile::sync
