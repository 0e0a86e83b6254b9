// SPDX-License-Identifier: Apache-2.0
// Gates that refuse far more guests than they and the others did before.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"
#include "sync/collector/minute_ring.hpp"

namespace stile::sync {

// Guests, not scans: a lane's refusals within ten seconds are one guest who tries again.
struct GuestCount {
    std::uint64_t refused = 0;
    std::uint64_t all = 0;
    GuestCount& operator+=(const GuestCount& other);
};

class RefusalWatch {
public:
    static constexpr std::size_t kMostGates = 1000;
    static constexpr std::size_t kMostLanes = 32;  // of a gate; further ones count as the last

    struct Spike {
        std::string gate;
        GuestCount lately;  // in five minutes
        double usual = 0;   // the share that was to be expected
    };

    void take(std::string_view gate, std::string_view lane, WallTime time, Verdict verdict);
    [[nodiscard]] std::vector<Spike> look(WallTime now);
    [[nodiscard]] std::size_t gates() const { return gates_.size(); }
    [[nodiscard]] std::size_t lanes() const;

private:
    static constexpr std::size_t kSlots = 6;  // of a minute

    struct Minute {
        std::uint32_t admitted = 0;
        std::array<std::uint32_t, kSlots> refused{};  // a bit for each lane
        bool strange = false;                         // nothing to compare with
    };
    struct Gate {
        std::map<std::string, std::uint32_t, std::less<>> lanes;
        MinuteRing<Minute> minutes;
        bool striking = false;
    };
    enum class Which : std::uint8_t { All, Ordinary };

    [[nodiscard]] static GuestCount count(const Gate& gate, MinuteNumber from, MinuteNumber to,
                                          Which which);
    [[nodiscard]] static std::uint32_t lane_bit(Gate& gate, std::string_view lane);

    std::map<std::string, Gate, std::less<>> gates_;
};

}  // namespace stile::sync
