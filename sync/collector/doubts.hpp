// SPDX-License-Identifier: Apache-2.0
// What the running collector cannot know of its gates, as notes in the store: receipts and reports,
// which other programs make, say so (RECEIPT.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// A gate that the collector does not hear.
struct SilentGate {
    std::string gate;
    WallTime since;
    friend bool operator==(const SilentGate&, const SilentGate&) = default;
};

struct Doubts {
    // Whether a collector said within kHeardFor that it hears its gates and can store.
    enum class Hears : std::uint8_t { Yes, No };
    Hears hears = Hears::No;
    std::vector<SilentGate> silent;  // by name
    std::vector<EntryName> ends;     // as read_ends()
};

// A collector that dies, or that cannot write any more, is deaf after so long.
inline constexpr std::chrono::seconds kHeardFor{15};

// Errors: the store's.
[[nodiscard]] Result<Doubts> read_doubts(EntryStore& store, WallTime now);
// The last entries of ledgers that go on behind what is stored of them: gates counted so far.
[[nodiscard]] Result<std::vector<EntryName>> read_ends(EntryStore& store);

// Of the collector, which keeps them true. The time is a parameter. Blocks as the store does.
class DoubtNotes {
public:
    static constexpr std::chrono::seconds kSayAgain{5};
    static constexpr std::size_t kMostAtOnce = 20;  // writes; the rest comes with the next update

    struct Heard {
        std::vector<std::string> silent;  // gates
        // Of a gate that was silent, perhaps in an earlier run: whether it no longer is.
        std::function<bool(const std::string& gate)> is_back;
        std::map<LedgerName, std::uint64_t> ends;  // how far gates counted
    };

    // Borrows the store.
    explicit DoubtNotes(EntryStore& store) : store_{store} {}

    // Reads what an earlier run left, and takes back that it hears. Errors: the store's.
    [[nodiscard]] Result<void> load();
    // The collector hears its gates. What cannot be written is tried again with the next call, and
    // nothing is vouched for until all is written.
    void update(const Heard& heard, WallTime now);
    // It does not, or cannot store.
    void deaf(WallTime now);

private:
    using Texts = std::map<std::string, std::string>;
    void want_silent(const Heard& heard, WallTime now, Texts& wanted) const;
    void want_ends(const Heard& heard, Texts& wanted) const;
    [[nodiscard]] bool write(const Texts& wanted);
    void vouch(WallTime now);

    EntryStore& store_;
    Texts noted_;  // by the name of the note
    WallTime vouched_;
};

}  // namespace stile::sync
