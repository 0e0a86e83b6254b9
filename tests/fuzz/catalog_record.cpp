// SPDX-License-Identifier: Apache-2.0
// Fuzzes stored orders and media: damage is an error, and what is read can be written again.
#include <cstdlib>

#include "daemon/catalog/orders/order.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const stile::Bytes bytes{data, size};
    if (const auto order = stile::decode_order(bytes, 7)) {
        const auto stored = encode(*order);
        const auto again = stored ? stile::decode_order(*stored, 7) : order;
        if (!again || (stored && *encode(*again) != *stored)) std::abort();
    }
    stile::KnownMedium medium;
    if (stile::decode_medium(bytes, medium)) {
        const stile::Buffer stored = encode(medium);
        if (stored != stile::Buffer{bytes.begin(), bytes.end()}) std::abort();
    }
    return 0;
}
