// SPDX-License-Identifier: Apache-2.0
// The last five minutes against the hour before them, of the gate and of all the others.
#include "sync/collector/refusal_watch.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "sync/collector/evidence.hpp"

namespace stile::sync {
namespace {

constexpr MinuteNumber kRefusalLately = 5;
constexpr MinuteNumber kRefusalPast = 60;
// Before there is a past: so many guests, so many of them refused.
constexpr GuestCount kPrior{3, 60};
constexpr Excess kRefusalRaised{.least = 12, .ratio = 2.5, .evidence = 24};
constexpr Excess kRefusalStays{.least = 4, .ratio = 1.6, .evidence = 4};

double share(GuestCount past) {
    past += kPrior;
    return static_cast<double>(past.refused) / static_cast<double>(past.all);
}

}  // namespace

GuestCount& GuestCount::operator+=(const GuestCount& other) {
    refused += other.refused;
    all += other.all;
    return *this;
}

std::size_t RefusalWatch::lanes() const {
    std::size_t sum = 0;
    for (const auto& [name, gate] : gates_)
        sum += gate.lanes.size();
    return sum;
}

std::uint32_t RefusalWatch::lane_bit(Gate& gate, std::string_view lane) {
    auto found = gate.lanes.find(lane);
    if (found == gate.lanes.end()) {
        if (gate.lanes.size() == kMostLanes) return 1U << (kMostLanes - 1);
        const auto number = static_cast<std::uint32_t>(gate.lanes.size());
        found = gate.lanes.emplace(std::string{lane}, number).first;
    }
    return 1U << found->second;
}

void RefusalWatch::take(std::string_view name, std::string_view lane, WallTime time,
                        Verdict verdict) {
    auto found = gates_.find(name);
    if (found == gates_.end()) {
        if (gates_.size() == kMostGates) return;
        found = gates_.try_emplace(std::string{name}).first;
    }
    Gate& gate = found->second;
    Minute& minute = gate.minutes.at(minute_number(time));
    if (verdict == Verdict::Admit) {
        ++minute.admitted;
        return;
    }
    const auto second =
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) % std::chrono::minutes{1};
    const auto slot = static_cast<std::size_t>(std::max<std::int64_t>(second.count(), 0)) / 10;
    minute.refused[slot] |= lane_bit(gate, lane);
}

GuestCount RefusalWatch::count(const Gate& gate, MinuteNumber from, MinuteNumber to, Which which) {
    GuestCount sum;
    for (MinuteNumber at = from; at < to; ++at) {
        const Minute* minute = gate.minutes.find(at);
        if (minute == nullptr || (which == Which::Ordinary && minute->strange)) continue;
        std::uint64_t refused = 0;
        for (const std::uint32_t lanes : minute->refused)
            refused += static_cast<std::uint64_t>(std::popcount(lanes));
        sum += {refused, refused + minute->admitted};
    }
    return sum;
}

std::vector<RefusalWatch::Spike> RefusalWatch::look(WallTime now) {
    const MinuteNumber end = minute_number(now) + 1;
    const MinuteNumber lately = end - kRefusalLately;
    std::vector<GuestCount> pasts;
    GuestCount all;
    for (const auto& [name, gate] : gates_) {
        pasts.push_back(count(gate, lately - kRefusalPast, lately, Which::Ordinary));
        all += pasts.back();
    }
    std::vector<Spike> out;
    auto past = pasts.begin();
    for (auto& [name, gate] : gates_) {
        const GuestCount own = *past++;
        const GuestCount others{all.refused - own.refused, all.all - own.all};
        const double usual = std::max(share(own), share(others));
        const GuestCount seen = count(gate, lately, end, Which::All);
        gate.striking = is_excess(seen.refused, seen.all, usual,
                                  gate.striking ? kRefusalStays : kRefusalRaised);
        if (!gate.striking) continue;
        for (MinuteNumber at = lately; at < end; ++at)
            gate.minutes.at(at).strange = true;
        out.push_back({name, seen, usual});
    }
    return out;
}

}  // namespace stile::sync
