// SPDX-License-Identifier: Apache-2.0
// The will counts at once; silence is measured by the gate's own rhythm.
#include "sync/collector/gate_watch.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

GateWatch::Gate& GateWatch::gate(const std::string& name, Time now) {
    return gates_.try_emplace(name, Gate{.heard = now}).first->second;
}

void GateWatch::status(const std::string& name, const GateStatus& status, Time now) {
    Gate& known = gate(name, now);
    const bool late =
        status.presence == GatePresence::Lost && known.status && known.status->boot != status.boot;
    if (late) return;
    if (status.presence != GatePresence::Lost) known.heard = now;
    known.status = status;
}

void GateWatch::health(const std::string& name, Time now) {
    Gate& known = gate(name, now);
    known.heard = now;
    if (const auto before = std::exchange(known.health, now)) {
        known.period =
            std::clamp<std::chrono::nanoseconds>(now - *before, kLeastPeriod, kLongestPeriod);
    }
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
        const auto patience =
            known.period ? *known.period * 3 : std::chrono::nanoseconds{kFirstPatience};
        if (presence == GatePresence::Lost)
            out.push_back({name, Why::Lost});
        else if (presence == GatePresence::Present && now - known.heard >= patience)
            out.push_back({name, Why::NoHealth});
    }
    return out;
}

}  // namespace stile::sync
