// SPDX-License-Identifier: Apache-2.0
// Fuzzes the ledger entry decoder: what it accepts has one spelling, the one that came in.
#include <algorithm>
#include <cstdlib>

#include "daemon/entry/entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const stile::Bytes input{data, size};
    if (const auto entry = stile::decode_entry(input)) {
        stile::Buffer again;
        stile::encode_entry(*entry, again);
        if (!std::ranges::equal(again, input) || size > stile::kMaxEntryBytes) std::abort();
    }
    return 0;
}
