// SPDX-License-Identifier: Apache-2.0
// Reads what others publish: gates about themselves, and questions. Hostile input.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sync/collector/gate_watch.hpp"
#include "sync/collector/store.hpp"
#include "sync/collector/venue_alarms.hpp"

namespace stile::sync {

// Where a message belongs below stile/v1/{venue}/.
struct HeardTopic {
    std::string_view gate;  // or "_ops"
    std::string_view rest;  // "entry", "alarm/lane-a-tamper"
};
// Nothing for a topic of another venue, or one that TOPICS.md would not make.
[[nodiscard]] std::optional<HeardTopic> read_topic(std::string_view venue, std::string_view topic);

// All of these: nothing for what is no such message. Reentrant, never throw.
[[nodiscard]] std::optional<GateStatus> read_status(std::string_view payload);
// When a gate said it, by its own clock; of any object of theirs.
[[nodiscard]] std::optional<WallTime> read_time(std::string_view payload);
// `count` of a gate: how far its ledger goes.
struct LedgerEnd {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    friend bool operator==(const LedgerEnd&, const LedgerEnd&) = default;
};
[[nodiscard]] std::optional<LedgerEnd> read_count(std::string_view payload);
// What may stand behind alarm/: a name, or the kind of a venue's alarm and a whole name.
inline constexpr std::size_t kMostCodeBytes = 95;
[[nodiscard]] bool is_alarm_code(std::string_view code);
// An alarm of a gate or of the venue; `changed` is its `time`.
[[nodiscard]] std::optional<AlarmOnBoard> read_alarm(std::string_view code,
                                                     std::string_view payload);

struct TicketQuestion {
    TicketPrefix prefix;
};
struct ReceiptQuestion {
    crypto::TicketId ticket{};
};
struct AcknowledgeQuestion {
    std::string alarm;  // "north-1/lane-a-tamper", "_ops/full-1"
    WallTime since;
    std::string person;
};
struct RecentQuestion {
    std::string gate;
    std::size_t count = 0;
};
struct ReportQuestion {
    std::uint64_t event = 0;
};

// Who asks, so that an answer can be addressed.
struct Asker {
    std::string reply;
    std::string id;
    std::string ask;
};
struct Question {
    Asker asker;
    std::variant<TicketQuestion, ReceiptQuestion, AcknowledgeQuestion, RecentQuestion,
                 ReportQuestion>
        body;
};
struct BadQuestion {
    std::optional<Asker> asker;  // absent: there is nobody to answer
    std::string error;
};
inline constexpr std::size_t kMostQuestionBytes = 4096;
[[nodiscard]] std::expected<Question, BadQuestion> read_question(std::string_view payload);

}  // namespace stile::sync
