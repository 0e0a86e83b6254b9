// SPDX-License-Identifier: Apache-2.0
// The messages between a reader and the daemon, as messages.hpp describes all of them.
#pragma once

#include <cstdint>
#include <string>

#include "crypto/base/bytes.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile::protocol {

struct Scan {
    static constexpr std::uint8_t kKind = 0x10;
    std::uint64_t scan = 0;
    Medium medium = Medium::Qr;
    std::uint64_t captured_ns = 0;
    std::uint64_t decoded_ns = 0;
    Buffer content;
    static void fields(auto& io, auto& m) {
        io.number(m.scan), io.choice(m.medium), io.number(m.captured_ns), io.number(m.decoded_ns);
        io.bytes16(m.content, 1, kMaxScanBytes);
    }
};

struct Feedback {
    static constexpr std::uint8_t kKind = 0x11;
    std::uint64_t scan = 0;
    Outcome outcome = Outcome::Refuse;
    std::uint8_t reason = 0;  // daemon/core/reason.hpp; 0 with `wait` and `same`
    std::string headline;
    std::string advice;
    static void fields(auto& io, auto& m) {
        io.number(m.scan), io.choice(m.outcome), io.number(m.reason), io.text16(m.headline, 200);
        io.text16(m.advice, 400);
    }
};

struct CardPresent {
    static constexpr std::uint8_t kKind = 0x12;
    std::uint32_t session = 0;
    CardTechnology technology = CardTechnology::Other;
    Buffer atr;
    Buffer uid;
    static void fields(auto& io, auto& m) {
        io.number(m.session), io.choice(m.technology), io.bytes8(m.atr, 33), io.bytes8(m.uid, 10);
    }
};

struct CardCommand {
    static constexpr std::uint8_t kKind = 0x13;
    std::uint32_t session = 0;
    std::uint16_t sequence = 0;
    std::uint16_t budget_ms = 0;
    Buffer apdu;
    static void fields(auto& io, auto& m) {
        io.number(m.session), io.number(m.sequence), io.number(m.budget_ms);
        io.bytes16(m.apdu, 1, 4096);
    }
};

struct CardAnswer {
    static constexpr std::uint8_t kKind = 0x14;
    std::uint32_t session = 0;
    std::uint16_t sequence = 0;
    CardStatus status = CardStatus::Ok;
    Buffer answer;
    static void fields(auto& io, auto& m) {
        io.number(m.session), io.number(m.sequence), io.choice(m.status);
        io.bytes16(m.answer, 0, 4096);
    }
};

struct CardGone {
    static constexpr std::uint8_t kKind = 0x15;
    std::uint32_t session = 0;
    static void fields(auto& io, auto& m) { io.number(m.session); }
};

struct ReaderHealth {
    static constexpr std::uint8_t kKind = 0x16;
    ReaderState state = ReaderState::Starting;
    std::uint32_t frames = 0;
    std::uint32_t codes = 0;
    std::uint32_t dropped = 0;
    std::uint32_t decode_us = 0;
    std::string detail;
    static void fields(auto& io, auto& m) {
        io.choice(m.state), io.number(m.frames), io.number(m.codes), io.number(m.dropped);
        io.number(m.decode_us), io.text16(m.detail, 200);
    }
};

}  // namespace stile::protocol
