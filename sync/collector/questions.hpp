// SPDX-License-Identifier: Apache-2.0
// Answers what is asked on _ops/ask, from the store; nobody can ask too much.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "crypto/base/result.hpp"
#include "daemon/runtime/rate_limit.hpp"
#include "sync/collector/heard.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/ops_messages.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// How many questions are answered. Pure; the time is a parameter.
class QuestionLimit {
public:
    using Time = RateLimit::Time;
    static constexpr int kPerSecond = 20;     // of all
    static constexpr int kPerReply = 5;       // a second, of one asker
    static constexpr std::size_t kMost = 64;  // askers who are told apart

    [[nodiscard]] bool take(const std::string& reply, Time now);

private:
    struct Asked {
        RateLimit limit = RateLimit::per_second(kPerReply);
        Time last{};
    };
    RateLimit all_ = RateLimit::per_second(kPerSecond);
    std::map<std::string, Asked> askers_;
};

// What an answer to a question is made of that is not in the store's port.
struct AnswerSources {
    // JSON of one receipt, of one report. Block. Errors: for people.
    std::function<Result<std::string>(const crypto::TicketId&)> receipt;
    std::function<Result<std::string>(std::uint64_t event)> report;
    // Errors: why it cannot be.
    std::function<Result<void>(const AcknowledgeQuestion&)> acknowledge;
};

// Thread-bound; blocks on the store.
class Answers {
public:
    // Borrows both.
    Answers(EntryStore& store, const Occupancy& occupancy, AnswerSources sources);
    // The message for _ops/answer/{reply}.
    [[nodiscard]] std::string answer(const Question& question, WallTime now);

private:
    using Written = Result<std::string>;
    [[nodiscard]] Written of(const TicketQuestion& question, const Asker& asker, WallTime now);
    [[nodiscard]] Written of(const ReceiptQuestion& question, const Asker& asker, WallTime now);
    [[nodiscard]] Written of(const AcknowledgeQuestion& question, const Asker& asker, WallTime now);
    [[nodiscard]] Written of(const RecentQuestion& question, const Asker& asker, WallTime now);
    [[nodiscard]] Written of(const ReportQuestion& question, const Asker& asker, WallTime now);

    EntryStore& store_;
    const Occupancy& occupancy_;
    AnswerSources sources_;
};

}  // namespace stile::sync
