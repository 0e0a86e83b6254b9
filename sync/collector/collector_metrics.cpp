// SPDX-License-Identifier: Apache-2.0
// What the collector is asked for, and one line a metric.
#include "sync/collector/collector_metrics.hpp"

#include <string_view>

namespace stile::sync {
namespace {

Metric one(std::string_view name, std::string_view help, MetricType type, std::uint64_t value) {
    return {name, help, type, {{{}, static_cast<double>(value), {}}}};
}

}  // namespace

CollectorFacts Collector::facts() {
    return {.venue = config_.venue,
            .collector = config_.name,
            .broker_connected = broker_.up(),
            .store_works = store_trouble_.empty() && lists_trouble_.empty(),
            .waiting = intake_.waiting(),
            .entries = intake_.counters(),
            .gates = progress_.gates(store_.coverage(), Clock::now())};
}

std::vector<Metric> collector_metrics(const CollectorFacts& facts) {
    using enum MetricType;
    const Intake::Counters& n = facts.entries;
    std::vector<Metric> out{
        one("stile_collector_broker_connected", "Whether the broker is there.", Gauge,
            facts.broker_connected ? 1 : 0),
        one("stile_collector_store_works", "Whether entries are stored.", Gauge,
            facts.store_works ? 1 : 0),
        one("stile_collector_waiting", "Entries that are not stored yet.", Gauge, facts.waiting),
        one("stile_collector_stored_total", "Entries stored.", Counter, n.stored),
        one("stile_collector_copies_total", "Entries that were stored already.", Counter, n.known),
        one("stile_collector_differing_total",
            "Entries that came again with another content; the first stays.", Counter, n.differing),
        one("stile_collector_dropped_total",
            "Entries dropped because the store failed; they come again.", Counter, n.dropped),
    };
    Metric watermark{
        "stile_collector_watermark", "All entries of the gate up to it are stored.", Gauge, {}};
    Metric missing{
        "stile_collector_missing", "Entries of the gate that are not stored.", Gauge, {}};
    for (const GateProgress& gate : facts.gates) {
        const Labels labels{{"gate", gate.ledger.gate}};
        watermark.samples.push_back({labels, static_cast<double>(gate.seq), {}});
        missing.samples.push_back({labels, static_cast<double>(gate.missing), {}});
    }
    out.push_back(std::move(watermark));
    out.push_back(std::move(missing));
    return out;
}

HttpAnswer collector_health(const CollectorFacts& facts) {
    if (!facts.store_works) return {503, "text/plain", "the store fails\n"};
    if (!facts.broker_connected) return {503, "text/plain", "no connection to the broker\n"};
    return {200, "text/plain", "ok\n"};
}

}  // namespace stile::sync
