// SPDX-License-Identifier: Apache-2.0
// Fuzzes the message decoder: what it accepts has one spelling, the one that came in.
#include <algorithm>
#include <cstdlib>

#include "daemon/protocol/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const stile::Bytes input{data, size};
    if (const auto message = stile::protocol::decode(input)) {
        if (!std::ranges::equal(stile::protocol::encode(*message), input)) std::abort();
    }
    return 0;
}
