// SPDX-License-Identifier: Apache-2.0
// The will counts at once; silence is measured by the gate's own rhythm.
#include "sync/collector/gate_watch.hpp"

#include <algorithm>
#include <utility>

#include "crypto/base/sort_stably.hpp"

namespace stile::sync {

GateWatch::Gate* GateWatch::gate(const std::string& name, Time now) {
    if (gates_.size() >= kMostGates && !gates_.contains(name)) return nullptr;
    return &gates_.try_emplace(name, Gate{.heard = now}).first->second;
}

void GateWatch::expect(const std::string& name, Before before, Time now) {
    Gate& known = gates_.try_emplace(name, Gate{.heard = now}).first->second;
    known.is_expected = true;
    known.is_silent = before == Before::Silent;
}

void GateWatch::heard(Gate& gate, Time now) {
    gate.heard = now;
    gate.is_silent = false;
}

void GateWatch::status(const std::string& name, const GateStatus& status, Said said, Time now) {
    Gate* const known = gate(name, now);
    const bool late = known != nullptr && status.presence == GatePresence::Lost && known->status &&
                      known->status->boot != status.boot;
    if (known == nullptr || late) return;
    if (status.presence != GatePresence::Lost && said == Said::Now) heard(*known, now);
    known->status = status;
}

void GateWatch::measure(Gate& gate, WallTime time) {
    const auto before = std::exchange(gate.health, time);
    if (!before || time <= *before) return;
    const auto sample =
        std::clamp<std::chrono::nanoseconds>(time - *before, kLeastPeriod, kLongestPeriod);
    const auto other = std::exchange(gate.sample, sample);
    gate.period = std::max(sample, other.value_or(gate.period));
}

void GateWatch::health(const std::string& name, std::optional<WallTime> time, Said said, Time now) {
    Gate* const known = gate(name, now);
    if (known == nullptr) return;
    if (said == Said::Now) heard(*known, now);
    if (time) measure(*known, *time);
}

void GateWatch::disconnected(Time now) {
    for (const Silent& silent : this->silent(now))
        gates_[silent.gate].was_silent = true;
}

void GateWatch::reconnected(Time now) {
    for (auto& [name, known] : gates_) {
        if (!std::exchange(known.was_silent, false)) known.heard = now;
        known.health.reset();
    }
}

std::vector<GateWatch::Silent> GateWatch::silent(Time now) const {
    std::vector<Silent> out;
    for (const auto& [name, known] : gates_) {
        const auto presence = known.status ? known.status->presence : GatePresence::Present;
        const bool overdue = known.is_silent || now - known.heard >= known.period * 3;
        if (presence == GatePresence::Lost)
            out.push_back({name, Why::Lost});
        else if (presence == GatePresence::Present && overdue)
            out.push_back({name, Why::NoHealth});
    }
    sort_stably(out, [this](const Silent& one) { return !gates_.at(one.gate).is_expected; });
    return out;
}

bool GateWatch::is_back(const std::string& gate) const {
    const auto found = gates_.find(gate);
    return found == gates_.end() || !found->second.is_silent;
}

}  // namespace stile::sync
