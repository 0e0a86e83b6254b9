// SPDX-License-Identifier: Apache-2.0
// Entries of gates as the collector's tests play them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "daemon/entry/entry_json.hpp"
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

// The entry as its gate publishes it, as far as the collector looks at it.
inline std::string payload_of(const GateEntry& entry) {
    std::string out = R"({"v":1,"gate":")" + entry.name.ledger.gate + R"(","epoch":")" +
                      hex64(entry.name.ledger.epoch) + R"(","seq":)" +
                      std::to_string(entry.name.seq) + R"(,"time":")" + to_rfc3339(*entry.time) +
                      R"(","clock":"synced","kind":")" + std::string{name_of(entry.kind)} +
                      R"(","lane":")" + entry.lane + '"';
    const auto put = [&out](const char* field, const std::string& value) {
        if (!value.empty()) out += std::string{",\""} + field + "\":" + value;
    };
    const auto quoted = [](std::string_view text) { return '"' + std::string{text} + '"'; };
    if (entry.verdict) put("verdict", quoted(name_of(*entry.verdict)));
    if (entry.verdict) put("reason", quoted(entry.reason));
    if (entry.direction)
        put("direction", entry.direction == Direction::Entry ? R"("entry")" : R"("exit")");
    if (entry.event) put("event", std::to_string(*entry.event));
    if (entry.ticket) put("ticket", quoted(to_hex(*entry.ticket)));
    if (entry.result) put("result", quoted(name_of(*entry.result)));
    if (entry.admission) put("admission", std::to_string(*entry.admission));
    if (entry.area != 0) put("area", std::to_string(entry.area));
    return out + "}";
}

// The entries of one gate's ledger, one after the other.
class GateBook {
public:
    explicit GateBook(std::string gate, std::uint64_t epoch = 7)
        : ledger_{std::move(gate), epoch} {}

    GateEntry next(EntryKind kind, int seconds) {
        GateEntry out{.name = {ledger_, ++seq_}, .time = at(seconds), .kind = kind, .lane = "a"};
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
