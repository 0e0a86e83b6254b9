// SPDX-License-Identifier: Apache-2.0
// Fuzzes what gates send the collector: an entry is refused, or has its key and comes back the
// same.
#include <cstdlib>

#include "sync/collector/entry.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view payload = stile::as_text({data, size});
    const auto entry = stile::sync::parse_entry("north-1", payload);
    if (!entry) return 0;
    if (entry->name.ledger.gate != "north-1" || entry->name.seq == 0 || entry->people == 0)
        std::abort();
    const auto again = stile::sync::parse_entry("north-1", entry->payload);
    if (!again || *again != *entry) std::abort();
    return 0;
}
