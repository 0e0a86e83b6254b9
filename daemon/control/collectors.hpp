// SPDX-License-Identifier: Apache-2.0
// How far the collectors of the site say that they have stored this gate's entries.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/ledger.hpp"

namespace stile {

// What they say comes from a network: an entry that the ledger does not have moves nothing.
// Thread-bound to the gate thread.
class Collectors {
public:
    // To be made durable, as the cursor of that consumer.
    using Keep = std::function<void(const std::string& consumer, const Watermark&)>;

    // Borrows the ledger; goes on with what was kept in it.
    Collectors(const Ledger& ledger, const std::vector<std::string>& names, Keep keep);

    enum class Answer {
        Taken,
        Stranger,  // the site file does not name it
        Ahead,     // the ledger does not have that entry
        StillAhead
    };
    // An earlier watermark than before is taken too: its store was restored.
    Answer take(std::string_view name, const Watermark& mark);

    [[nodiscard]] bool empty() const { return all_.empty(); }
    // The lowest of their watermarks: what none of them misses. Nothing: there are none.
    [[nodiscard]] std::optional<Watermark> lowest() const;
    // Entries that not all of them have stored.
    [[nodiscard]] std::uint64_t depth() const;
    // Which of them is ahead of the ledger, as a sentence; empty: none is.
    [[nodiscard]] std::string trouble() const;

private:
    struct Collector {
        Watermark stored;
        std::string trouble;
    };
    [[nodiscard]] bool has(const Watermark& mark) const;

    const Ledger& ledger_;
    Keep keep_;
    std::map<std::string, Collector, std::less<>> all_;
};

}  // namespace stile
