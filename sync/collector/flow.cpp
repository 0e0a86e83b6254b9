// SPDX-License-Identifier: Apache-2.0
// Minutes are added up as they come; the view is cut out of them.
#include "sync/collector/flow.hpp"

#include <algorithm>

namespace stile::sync {
namespace {

// What was forgotten may be annulled later: never less than nobody.
std::uint64_t people(std::int64_t count) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
}

}  // namespace

void Flow::add(const Movement& movement, std::int64_t sign) {
    if (movement.kind != Movement::Kind::Passes) return;
    const auto minute = std::chrono::floor<std::chrono::minutes>(movement.time);
    Counts& counts = gates_[movement.entry.ledger.gate][minute];
    auto& count = movement.direction == Direction::Entry ? counts.entered : counts.left;
    count += sign * std::int64_t{movement.people};
}

void Flow::take(const Admissions::Change& change) {
    if (change.before != change.after) {
        if (change.before) add(*change.before, -1);
        if (change.after) add(*change.after, 1);
    }
    if (!change.refused) return;
    const auto minute = std::chrono::floor<std::chrono::minutes>(change.refused->time);
    gates_[change.refused->gate][minute].refused +=
        static_cast<std::int64_t>(change.refused->count);
}

FlowView Flow::view(WallTime now) {
    const auto last = std::chrono::floor<std::chrono::minutes>(now);
    FlowView out{.from = last - std::chrono::minutes{kFlowMinutes - 1}};
    for (auto& [gate, minutes] : gates_) {
        minutes.erase(minutes.begin(), minutes.lower_bound(out.from));
        GateFlow& flow = out.gates[gate];
        for (auto at = minutes.begin(); at != minutes.end() && at->first <= last; ++at) {
            const auto index = static_cast<std::size_t>((at->first - out.from).count());
            flow.entered[index] = people(at->second.entered);
            flow.left[index] = people(at->second.left);
            flow.refused[index] = people(at->second.refused);
        }
    }
    return out;
}

}  // namespace stile::sync
