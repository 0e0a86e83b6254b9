// SPDX-License-Identifier: Apache-2.0
// Entries of gates as the collector's tests play them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sync/collector/entry.hpp"

namespace stile::sync::ops {

inline constexpr WallTime kDoors{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} +
                                 std::chrono::hours{18}};

inline WallTime at(int seconds) {
    return kDoors + std::chrono::seconds{seconds};
}

inline crypto::TicketId ticket(std::uint8_t number) {
    crypto::TicketId out{};
    out[0] = number;
    out[15] = 1;
    return out;
}

// The entries of one gate's ledger, one after the other.
class GateBook {
public:
    explicit GateBook(std::string gate, std::uint64_t epoch = 7)
        : ledger_{std::move(gate), epoch} {}

    GateEntry next(EntryKind kind, int seconds) {
        GateEntry out{.name = {ledger_, ++seq_}, .time = at(seconds), .kind = kind, .lane = "a"};
        out.payload = "{}";
        return out;
    }
    GateEntry admit(std::uint8_t number, int seconds, std::uint64_t area = 0,
                    Direction direction = Direction::Entry) {
        GateEntry out = next(EntryKind::Decision, seconds);
        out.verdict = Verdict::Admit;
        out.reason = "VALID";
        out.direction = direction;
        out.area = area;
        out.event = 42;
        out.ticket = ticket(number);
        return out;
    }
    GateEntry refuse(int seconds) {
        GateEntry out = next(EntryKind::Decision, seconds);
        out.verdict = Verdict::Refuse;
        out.reason = "INVALID";
        out.direction = Direction::Entry;
        return out;
    }
    GateEntry passage(const GateEntry& admission, PassageResult result, int seconds) {
        GateEntry out = next(EntryKind::Passage, seconds);
        out.result = result;
        out.admission = admission.name.seq;
        out.ticket = admission.ticket;
        out.people = admission.people;
        return out;
    }
    GateEntry annul(const GateEntry& admission, int seconds) {
        GateEntry out = next(EntryKind::Annulled, seconds);
        out.admission = admission.name.seq;
        out.ticket = admission.ticket;
        return out;
    }
    GateEntry free_passage(std::uint64_t people, int seconds) {
        GateEntry out = next(EntryKind::Lane, seconds);
        out.what = "free-passage";
        out.count = people;
        return out;
    }

private:
    LedgerName ledger_;
    std::uint64_t seq_ = 0;
};

}  // namespace stile::sync::ops
