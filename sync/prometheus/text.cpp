// SPDX-License-Identifier: Apache-2.0
// Our metrics in the library's types, and its serializer.
#include "sync/prometheus/text.hpp"

#include <sstream>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace stile::sync {
namespace {

prometheus::MetricType type_of(MetricType type) {
    switch (type) {
        case MetricType::Counter:
            return prometheus::MetricType::Counter;
        case MetricType::Gauge:
            return prometheus::MetricType::Gauge;
        case MetricType::Histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric convert(const Sample& sample, MetricType type) {
    prometheus::ClientMetric out;
    for (const auto& [name, value] : sample.labels)
        out.label.push_back({name, value});
    switch (type) {
        case MetricType::Counter:
            out.counter.value = sample.value;
            break;
        case MetricType::Gauge:
            out.gauge.value = sample.value;
            break;
        case MetricType::Histogram:
            out.histogram.sample_sum = sample.value;
            for (const Bucket& bucket : sample.buckets) {
                out.histogram.bucket.push_back({bucket.cumulative_count, bucket.upper_bound});
                out.histogram.sample_count = bucket.cumulative_count;
            }
            break;
    }
    return out;
}

}  // namespace

std::string prometheus_text(std::span<const Metric> metrics) {
    std::vector<prometheus::MetricFamily> families;
    for (const Metric& metric : metrics) {
        if (metric.samples.empty()) continue;
        prometheus::MetricFamily family{
            std::string{metric.name}, std::string{metric.help}, type_of(metric.type), {}};
        for (const Sample& sample : metric.samples)
            family.metric.push_back(convert(sample, metric.type));
        families.push_back(std::move(family));
    }
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, families);
    return out.str();
}

}  // namespace stile::sync
