// SPDX-License-Identifier: Apache-2.0
// What arrived and is not stored yet: put into the store in batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// Thread-bound. Bounded: while the store does not work, what is too much is dropped. The watermark
// stands still, so it comes again.
class Intake {
public:
    static constexpr std::size_t kBatch = 200;
    static constexpr std::size_t kMostWaiting = 5000;
    static constexpr std::size_t kMostWaitingBytes = 32'000'000;  // of payloads

    struct Counters {
        std::uint64_t stored = 0;
        std::uint64_t known = 0;
        std::uint64_t differing = 0;
        std::uint64_t dropped = 0;
    };
    struct Handlers {
        std::function<void(const GateEntry&)> on_stored;
        // It is stored, perhaps by a write that seemed to fail: nobody may have been told of it.
        std::function<void(const GateEntry&)> on_found;
        // Another payload is stored under that name; this one is lost.
        std::function<void(const GateEntry&)> on_differing;
    };

    // Borrows the store.
    Intake(EntryStore& store, Handlers handlers);

    // Errors: Invalid, as parse_entry(): it is not kept.
    [[nodiscard]] Result<void> take(std::string_view gate, std::string_view payload);
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    // Stores everything that waits. Blocks. Errors: those of the store; what is left waits on.
    [[nodiscard]] Result<void> store();
    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    enum class Tried : std::uint8_t { No, Yes };
    void tell(const GateEntry& entry, Fate fate, Tried tried);
    EntryStore& store_;
    Handlers handlers_;
    std::vector<GateEntry> waiting_;
    std::size_t tried_ = 0;  // the first ones: a write of them failed, or its answer was lost
    std::size_t bytes_ = 0;  // of the payloads that wait
    Counters counters_;
};

}  // namespace stile::sync
