// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next attempt: longer each time, and not the same for every gate.
#pragma once

#include <chrono>
#include <cstdint>

namespace stile::sync {

class Backoff {
public:
    using Milliseconds = std::chrono::milliseconds;
    Backoff(Milliseconds first, Milliseconds longest);

    // Between half and the whole of a delay that doubles with every call, up to the longest:
    // `random` (any 32 bits) picks where. After a broker restart the gates come back one by one.
    [[nodiscard]] Milliseconds next(std::uint32_t random);
    // The same spread around the longest delay, for what only a person can mend.
    [[nodiscard]] Milliseconds slow(std::uint32_t random) const;
    void reset() { delay_ = first_; }

private:
    Milliseconds first_;
    Milliseconds longest_;
    Milliseconds delay_;
};

}  // namespace stile::sync
