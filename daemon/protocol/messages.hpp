// SPDX-License-Identifier: Apache-2.0
// The messages between the programs, field by field as daemon/PROTOCOL.md lists them.
//
// Each struct describes its body once, in fields(): the encoder and the decoder both walk it, so
// they cannot disagree. `io` is one of the two walkers in codec.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "daemon/protocol/outbox_messages.hpp"
#include "daemon/protocol/reader_messages.hpp"
#include "daemon/protocol/viewer_messages.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile::protocol {

struct Hello {
    static constexpr std::uint8_t kKind = 0x01;
    Role role = Role::Reader;
    std::string name;
    std::string software;
    static void fields(auto& io, auto& m) {
        io.choice(m.role), io.text8(m.name, 32), io.text8(m.software, 32);
    }
};

struct Welcome {
    static constexpr std::uint8_t kKind = 0x02;
    std::string venue;
    std::string gate;
    std::uint64_t gate_number = 0;
    std::uint64_t epoch = 0;
    std::uint64_t boot = 0;
    std::string software;
    static void fields(auto& io, auto& m) {
        io.text8(m.venue, 63), io.text8(m.gate, 63), io.number(m.gate_number), io.number(m.epoch);
        io.number(m.boot), io.text8(m.software, 32);
    }
};

struct Goodbye {
    static constexpr std::uint8_t kKind = 0x03;
    Parting code = Parting::Done;
    std::string detail;
    static void fields(auto& io, auto& m) { io.choice(m.code), io.text16(m.detail, 512); }
};

struct Ping {
    static constexpr std::uint8_t kKind = 0x04;
    std::uint64_t token = 0;
    static void fields(auto& io, auto& m) { io.number(m.token); }
};

struct Pong {
    static constexpr std::uint8_t kKind = 0x05;
    std::uint64_t token = 0;
    static void fields(auto& io, auto& m) { io.number(m.token); }
};

struct Follow {
    static constexpr std::uint8_t kKind = 0x20;
    std::string consumer;
    std::uint16_t credit = 0;
    static void fields(auto& io, auto& m) { io.name8(m.consumer, 32), io.number(m.credit); }
};

struct Entries {
    static constexpr std::uint8_t kKind = 0x21;
    std::uint64_t epoch = 0;
    std::uint64_t first = 0;
    std::vector<Buffer> entries;
    static void fields(auto& io, auto& m) {
        io.number(m.epoch), io.number(m.first),
            io.list(m.entries, 1, kMaxEntriesInMessage, kMaxEntryBytes);
    }
};

struct Acknowledge {
    static constexpr std::uint8_t kKind = 0x22;
    std::string consumer;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    std::uint16_t credit = 0;
    static void fields(auto& io, auto& m) {
        io.name8(m.consumer, 32), io.number(m.epoch), io.number(m.seq), io.number(m.credit);
    }
};

struct Report {
    static constexpr std::uint8_t kKind = 0x23;
    Subject subject = Subject::Info;
    std::string name;
    std::string body;  // JSON
    static void fields(auto& io, auto& m) {
        io.choice(m.subject), io.text8(m.name, 63), io.text16(m.body, 12'000);
    }
};

struct LinkState {
    static constexpr std::uint8_t kKind = 0x24;
    Link state = Link::Connecting;
    std::uint32_t reconnects = 0;
    std::string detail;
    static void fields(auto& io, auto& m) {
        io.choice(m.state), io.number(m.reconnects), io.text16(m.detail, 200);
    }
};

struct Tail {
    static constexpr std::uint8_t kKind = 0x25;
    std::uint64_t first = 0;  // 0: from the next new entry on
    std::uint16_t credit = 0;
    static void fields(auto& io, auto& m) { io.number(m.first), io.number(m.credit); }
};

struct CatalogOffer {
    static constexpr std::uint8_t kKind = 0x30;
    std::uint32_t request = 0;
    Content content = Content::RevocationText;
    std::uint64_t size = 0;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.choice(m.content), io.number(m.size);
    }
};

struct CatalogProgress {
    static constexpr std::uint8_t kKind = 0x31;
    std::uint32_t request = 0;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.number(m.done), io.number(m.total);
    }
};

struct CatalogResult {
    static constexpr std::uint8_t kKind = 0x32;
    std::uint32_t request = 0;
    CatalogOutcome outcome = CatalogOutcome::Done;
    std::string text;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.choice(m.outcome), io.text16(m.text, 4'000);
    }
};

struct Command {
    static constexpr std::uint8_t kKind = 0x40;
    std::uint32_t request = 0;
    std::string verb;
    std::vector<std::string> arguments;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.name8(m.verb, 32), io.texts(m.arguments, 8, 1'024);
    }
};

struct CommandResult {
    static constexpr std::uint8_t kKind = 0x41;
    std::uint32_t request = 0;
    CommandOutcome outcome = CommandOutcome::Done;
    std::string body;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.choice(m.outcome), io.text16(m.body, 15'000);
    }
};

struct CommandProgress {
    static constexpr std::uint8_t kKind = 0x42;
    std::uint32_t request = 0;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    static void fields(auto& io, auto& m) {
        io.number(m.request), io.number(m.done), io.number(m.total);
    }
};

using Message =
    std::variant<Hello, Welcome, Goodbye, Ping, Pong, Scan, Feedback, CardPresent, CardCommand,
                 CardAnswer, CardGone, ReaderHealth, Follow, Entries, Acknowledge, Report,
                 LinkState, Tail, Position, Stored, Fetch, Fetched, CatalogOffer, CatalogProgress,
                 CatalogResult, Command, CommandResult, CommandProgress, Watch, LaneView>;

}  // namespace stile::protocol
