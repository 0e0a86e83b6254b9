// SPDX-License-Identifier: Apache-2.0
// Simulated scans of an evening, with what is normal (refusals, second tries, guests who wander
// from gate to gate, buses, a box office that opens late), to measure detectors with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/collector/detectors.hpp"
#include "tests/sync/evenings.hpp"

namespace stile::sync {

struct Scan {
    WallTime time;
    std::uint32_t gate = 0;
    std::uint32_t lane = 0;
    std::uint32_t issuer = 0;
    std::uint64_t ticket = 0;  // 0: no genuine one
    Verdict verdict = Verdict::Admit;
};

// What somebody does to the evening, or what breaks.
enum class Mischief : std::uint8_t { None, GateRefuses, TicketWanders, KeyStolen };

struct ScanEvening {
    std::vector<Scan> scans;  // by time
    std::uint32_t gates = 0;
    WallTime first;
    WallTime last;
    std::uint32_t target = 0;          // the gate or the issuer of the mischief
    std::optional<WallTime> mischief;  // since
};

[[nodiscard]] ScanEvening scans_of(std::uint64_t seed, Mischief mischief);

struct Watched {
    std::vector<int> struck;                    // by kind: how many gates, tickets, issuers, in all
    std::optional<std::chrono::seconds> delay;  // until the mischief was found
};

// Plays the evening through detectors that are asked every ten seconds.
[[nodiscard]] Watched watch(const ScanEvening& evening, Mischief mischief);

}  // namespace stile::sync
