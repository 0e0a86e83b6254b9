// SPDX-License-Identifier: Apache-2.0
// Issuer keys whose tickets suddenly come in numbers that they never had: perhaps a stolen key.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/visit.hpp"
#include "sync/collector/minute_ring.hpp"

namespace stile::sync {

class IssuerWatch {
public:
    static constexpr std::size_t kMostIssuers = 256;

    struct Busy {
        std::string issuer;
        std::uint64_t tickets = 0;  // admitted in ten minutes
        std::uint64_t all = 0;
        double usual = 0;  // the share that was to be expected
    };

    // One of its tickets was admitted.
    void take(std::string_view issuer, WallTime time);
    [[nodiscard]] std::vector<Busy> look(WallTime now);
    [[nodiscard]] std::size_t issuers() const { return issuers_.size(); }

private:
    struct Minute {
        std::uint32_t tickets = 0;
        bool strange = false;  // nothing to compare with
    };
    struct Issuer {
        MinuteRing<Minute> minutes;
        bool striking = false;
    };
    struct Past {
        std::uint64_t tickets = 0;
        std::uint64_t all = 0;
    };
    [[nodiscard]] std::uint64_t all(MinuteNumber from, MinuteNumber to) const;
    [[nodiscard]] Past past_of(const Issuer& issuer, MinuteNumber from, MinuteNumber to) const;

    std::map<std::string, Issuer, std::less<>> issuers_;
    MinuteRing<std::uint32_t> all_;
};

}  // namespace stile::sync
