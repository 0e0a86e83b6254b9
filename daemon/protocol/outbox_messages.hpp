// SPDX-License-Identifier: Apache-2.0
// What stiled and stile-sync say about entries that went out already: how far they did, who has
// stored them, and which are wanted again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile::protocol {

// Entries begin after this one: the answer to Follow.
struct Position {
    static constexpr std::uint8_t kKind = 0x26;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    static void fields(auto& io, auto& m) { io.number(m.epoch), io.number(m.seq); }
};

// A collector says that it has stored everything up to there.
struct Stored {
    static constexpr std::uint8_t kKind = 0x27;
    std::string collector;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    static void fields(auto& io, auto& m) {
        io.name8(m.collector, 63), io.number(m.epoch), io.number(m.seq);
    }
};

// The entries after that one, once more; no cursor moves.
struct Fetch {
    static constexpr std::uint8_t kKind = 0x28;
    std::uint32_t request = 0;
    std::uint64_t epoch = 0;
    std::uint64_t after = 0;
    std::uint8_t most = 0;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.number(m.epoch), io.number(m.after), io.number(m.most);
    }
};

struct Fetched {
    static constexpr std::uint8_t kKind = 0x29;
    std::uint32_t request = 0;
    Part part = Part::Last;
    std::uint64_t epoch = 0;
    std::uint64_t first = 0;
    std::vector<Buffer> entries;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.choice(m.part), io.number(m.epoch), io.number(m.first),
            io.list(m.entries, 0, kMaxEntriesInMessage, kMaxEntryBytes);
    }
};

}  // namespace stile::protocol
