// SPDX-License-Identifier: Apache-2.0
// Reads the store in pages.
#include "sync/collector/report.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sync/collector/doubts.hpp"
#include "sync/collector/tally.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kPage = 5000;
// A decision and its passage lie a minute apart, an annulment comes some hours later.
constexpr std::chrono::hours kAround{24};

using Ends = std::map<LedgerName, std::uint64_t>;

// An epoch's first entry tells how far the one before went.
void take_end(const GateEntry& entry, Ends& ends) {
    if (!entry.previous_epoch || !entry.previous_seq) return;
    std::uint64_t& end = ends[{entry.name.ledger.gate, *entry.previous_epoch}];
    end = std::max(end, *entry.previous_seq);
}

Result<void> take_entries(EntryStore& store, const ReportQuery& query, Tally& tally, Ends& ends) {
    EntryFilter filter;
    if (query.from) filter.since = *query.from - kAround;
    if (query.to) filter.until = *query.to + kAround;
    EntryName after;
    for (;;) {
        const auto page = store.in_order(filter, after, kPage);
        if (!page) return std::unexpected{page.error()};
        for (const GateEntry& entry : *page) {
            tally.take(entry);
            take_end(entry, ends);
        }
        if (page->size() < kPage) return {};
        after = page->back().name;
    }
}

// Below what is stored of a ledger, and behind it.
Result<std::uint64_t> count_missing(EntryStore& store, Ends ends) {
    const auto noted = read_ends(store);
    if (!noted) return std::unexpected{noted.error()};
    for (const auto& [ledger, seq] : *noted)
        ends[ledger] = std::max(ends[ledger], seq);
    std::uint64_t missing = 0;
    for (const Watermark& mark : store.coverage().watermarks())
        missing += mark.missing;
    for (const auto& [ledger, end] : ends)
        missing += end - std::min(end, store.coverage().newest(ledger));
    return missing;
}

// Asks for the standing of a ticket only where it matters.
Result<void> take_sold(EntryStore& store, Tally& tally) {
    std::optional<crypto::TicketId> after;
    for (;;) {
        const auto page = store.sold(after, kPage);
        if (!page) return std::unexpected{page.error()};
        for (const SoldTicket& ticket : *page) {
            auto standing = Tally::Standing::Valid;
            if (tally.absent(ticket) > 0) {
                const auto revoked = store.is_revoked(ticket.ticket);
                if (!revoked) return std::unexpected{revoked.error()};
                if (*revoked) standing = Tally::Standing::Revoked;
            }
            tally.take(ticket, standing);
        }
        if (page->size() < kPage) return {};
        after = page->back().ticket;
    }
}

Counts& operator+=(Counts& sum, const Counts& other) {
    sum.entered += other.entered;
    sum.left += other.left;
    sum.re_entered += other.re_entered;
    sum.overridden += other.overridden;
    sum.annulled += other.annulled;
    sum.without_ticket += other.without_ticket;
    for (const auto& [reason, count] : other.refused)
        sum.refused[reason] += count;
    return sum;
}

WallTime begin_of(Span span, WallTime time, const Zone& zone) {
    const auto local = zone.local(time);
    switch (span) {
        case Span::Quarter:
            return time;
        case Span::Hour:
            return time - (local - std::chrono::floor<std::chrono::hours>(local));
        case Span::Day:
            return zone.start_of_day(zone.date(time));
    }
    return time;
}

}  // namespace

std::uint64_t Counts::refusals() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : refused)
        sum += count;
    return sum;
}

std::vector<TimeRow> by(Span span, const Report& report) {
    std::vector<TimeRow> out;
    for (const TimeRow& quarter : report.quarters) {
        const WallTime from = begin_of(span, quarter.from, report.names.zone);
        if (out.empty() || out.back().from != from) out.push_back({from, {}});
        out.back().counts += quarter.counts;
    }
    return out;
}

Result<Report> make_report(EntryStore& store, const ReportQuery& query, const ReportNames& names) {
    Tally tally{query, names};
    Ends ends;
    if (auto taken = take_entries(store, query, tally, ends); !taken)
        return std::unexpected{taken.error()};
    tally.join();
    if (auto taken = take_sold(store, tally); !taken) return std::unexpected{taken.error()};
    Report report = std::move(tally).finish();
    const auto missing = count_missing(store, std::move(ends));
    if (!missing) return std::unexpected{missing.error()};
    report.missing = *missing;
    return report;
}

}  // namespace stile::sync
