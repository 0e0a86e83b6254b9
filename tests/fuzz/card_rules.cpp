// SPDX-License-Identifier: Apache-2.0
// Fuzzes what a reader asks of the card rules: ATRs, commands, numbers.
#include <cstdlib>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/atr.hpp"
#include "crypto/cards/media.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    const Bytes bytes{data, size};
    if (crypto::classify_atr(bytes) && (size < 2 || size > 33 || data[0] != 0x3B)) std::abort();
    if (crypto::allowed(bytes) && (size < 5 || size > 43)) std::abort();
    const auto medium = crypto::uid_medium(bytes);
    if (medium && (size > 10 || medium->identifier.size() != 2 * size)) std::abort();
    return 0;
}
