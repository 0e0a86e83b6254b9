// SPDX-License-Identifier: Apache-2.0
// The store's watermarks and its notes "silent/{gate}".
#include "sync/collector/expected_gates.hpp"

#include <string_view>

namespace stile::sync {

Result<void> expect_gates(EntryStore& store, GateWatch& watch, BothClocks now) {
    using Before = GateWatch::Before;
    constexpr std::chrono::hours kAtWork{24};
    constexpr std::string_view kSilent = "silent/";
    for (const Watermark& mark : store.coverage().watermarks()) {
        if (mark.last && now.wall - *mark.last < kAtWork)
            watch.expect(mark.ledger.gate, Before::There, now.steady);
    }
    const auto notes = store.notes(kSilent);
    if (!notes) return std::unexpected{notes.error()};
    for (const Note& note : *notes) {
        if (!note.text.empty())
            watch.expect(note.name.substr(kSilent.size()), Before::Silent, now.steady);
    }
    return {};
}

}  // namespace stile::sync
