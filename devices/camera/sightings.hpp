// SPDX-License-Identifier: Apache-2.0
// Makes one scan of a code that is held in view for many frames.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile::devices {

enum class Sighting { New, Held };

// Remembers the codes of the last moments. A code is new when it was not seen for `hold_off`; with
// more than kMemory codes in that time, the one that was not seen for longest is forgotten.
class Sightings {
public:
    static constexpr std::size_t kMemory = 64;

    explicit Sightings(std::chrono::nanoseconds hold_off) : hold_off_{hold_off} {}

    // `now` comes from the frame. A time before the last one counts as the last one.
    [[nodiscard]] Sighting see(Bytes content, std::chrono::nanoseconds now);
    // The next sighting of `content` is new.
    void forget(Bytes content);

private:
    struct Seen {
        Buffer content;
        std::chrono::nanoseconds last;
    };
    std::vector<Seen>::iterator find(Bytes content);

    std::chrono::nanoseconds hold_off_;
    std::vector<Seen> seen_;  // the one seen last is at the end
};

}  // namespace stile::devices
