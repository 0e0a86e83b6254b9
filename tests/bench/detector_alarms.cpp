// SPDX-License-Identifier: Apache-2.0
// Prints the numbers of sync/collector/DETECTORS.md: bench_detector_alarms [FIRST-SEED COUNT].
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/sync/scans.hpp"

namespace {

using namespace stile::sync;

void print_false_alarms(std::uint64_t first, int count) {
    std::array<int, 3> struck{};
    int gates = 0;
    std::size_t scans = 0;
    for (int i = 0; i < count; ++i) {
        const ScanEvening evening = scans_of(first + static_cast<std::uint64_t>(i), Mischief::None);
        const Watched watched = watch(evening, Mischief::None);
        gates += static_cast<int>(evening.gates);
        scans += evening.scans.size();
        for (std::size_t kind = 0; kind < struck.size(); ++kind)
            struck[kind] += watched.struck[kind];
    }
    std::printf(
        "%d normal evenings, %d gate-evenings, %zu scans: %d gates, %d tickets, %d issuers\n",
        count, gates, scans, struck[0], struck[1], struck[2]);
}

void print_delays(const char* name, Mischief mischief, std::uint64_t first, int count) {
    std::vector<long> delays;
    for (int i = 0; i < count; ++i) {
        const auto seed = first + static_cast<std::uint64_t>(i);
        if (const auto delay = watch(scans_of(seed, mischief), mischief).delay)
            delays.push_back(delay->count());
    }
    std::ranges::sort(delays);
    const auto at = [&](double share) {
        return delays.empty() ? 0
                              : delays[static_cast<std::size_t>(
                                    share * static_cast<double>(delays.size() - 1))];
    };
    std::printf("%s: %zu of %d found, after %ld s (median), %ld s (90 of 100)\n", name,
                delays.size(), count, at(0.5), at(0.9));
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t first = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    const int count = argc > 2 ? std::atoi(argv[2]) : 500;
    print_false_alarms(first, count);
    print_delays("a gate refuses", Mischief::GateRefuses, first, count);
    print_delays("a ticket wanders", Mischief::TicketWanders, first, count);
    print_delays("a stolen key", Mischief::KeyStolen, first, count);
}
