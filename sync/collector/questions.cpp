// SPDX-License-Identifier: Apache-2.0
// Every answer is bounded: so many tickets, so many entries, so many bytes.
#include "sync/collector/questions.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "crypto/base/sort_stably.hpp"
#include "sync/collector/ticket_story.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kMostTickets = 20;
constexpr std::size_t kMostEntries = 100;

TicketAnswer answer_of(TicketStory story, bool inside) {
    TicketAnswer out{.ticket = story.ticket,
                     .used = story.used(),
                     .inside = inside,
                     .revoked = story.revoked,
                     .event = story.event,
                     .product = story.product,
                     .entries = std::move(story.entries)};
    sort_stably(out.entries, &GateEntry::time);
    if (out.entries.size() > kMostEntries)
        out.entries.erase(out.entries.begin(), out.entries.end() - kMostEntries);
    return out;
}

}  // namespace

bool QuestionLimit::take(const std::string& reply, Time now) {
    auto found = askers_.find(reply);
    if (found == askers_.end()) {
        if (askers_.size() >= kMost) {
            askers_.erase(std::ranges::min_element(
                askers_, {}, [](const auto& asker) { return asker.second.last; }));
        }
        found = askers_.try_emplace(reply).first;
    }
    found->second.last = now;
    return found->second.limit.take(now) && all_.take(now);
}

Answers::Answers(EntryStore& store, const Occupancy& occupancy, AnswerSources sources)
    : store_{store}, occupancy_{occupancy}, sources_{std::move(sources)} {}

std::string Answers::answer(const Question& question, WallTime now) {
    auto written =
        std::visit([&](const auto& body) { return of(body, question.asker, now); }, question.body);
    return written ? std::move(*written)
                   : error_answer(question.asker, written.error().context, now);
}

Answers::Written Answers::of(const TicketQuestion& question, const Asker& asker, WallTime now) {
    auto stories = ticket_stories(store_, question.prefix, kMostTickets);
    if (!stories) return std::unexpected{std::move(stories.error())};
    std::vector<TicketAnswer> tickets;
    for (TicketStory& story : *stories) {
        const bool inside = occupancy_.is_inside(story.ticket);  // since the day began
        if (story.is_known()) tickets.push_back(answer_of(std::move(story), inside));
    }
    return tickets_answer(asker, tickets, now);
}

Answers::Written Answers::of(const ReceiptQuestion& question, const Asker& asker, WallTime now) {
    const auto receipt = sources_.receipt(question.ticket);
    if (!receipt) return std::unexpected{receipt.error()};
    return value_answer(asker, "receipt", *receipt, now);
}

Answers::Written Answers::of(const AcknowledgeQuestion& question, const Asker& asker,
                             WallTime now) {
    if (auto done = sources_.acknowledge(question); !done)
        return std::unexpected{std::move(done.error())};
    return done_answer(asker, now);
}

Answers::Written Answers::of(const RecentQuestion& question, const Asker& asker, WallTime now) {
    const auto stored = store_.recent(question.gate, question.count);
    if (!stored) return std::unexpected{stored.error()};
    std::vector<std::string> payloads;
    for (const StoredEntry& one : *stored)
        payloads.push_back(one.entry.payload);
    return recent_answer(asker, payloads, now);
}

Answers::Written Answers::of(const ReportQuestion& question, const Asker& asker, WallTime now) {
    const auto report = sources_.report(question.event);
    if (!report) return std::unexpected{report.error()};
    return value_answer(asker, "report", *report, now);
}

}  // namespace stile::sync
