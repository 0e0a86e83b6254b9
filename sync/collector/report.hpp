// SPDX-License-Identifier: Apache-2.0
// The totals of an evening, as REPORT.md defines them: what happened, by event, gate, product,
// channel and time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/core/zone.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// People, where nothing else is said.
struct Counts {
    std::uint64_t entered = 0;  // with those who came again
    std::uint64_t left = 0;
    std::uint64_t re_entered = 0;  // after as many of the ticket had left
    std::uint64_t overridden = 0;  // entered because staff said so
    std::uint64_t annulled = 0;    // not in `entered` or `left`
    std::uint64_t without_ticket = 0;
    std::map<std::string, std::uint64_t> refused;  // decisions, by reason
    std::uint64_t sold = 0;                        // of the tickets that were imported
    std::uint64_t revoked = 0;                     // of those, revoked and not there
    std::uint64_t no_shows = 0;                    // of the others, not there

    [[nodiscard]] std::uint64_t refusals() const;
    friend bool operator==(const Counts&, const Counts&) = default;
};

struct ReportRow {
    std::string key;   // a number, a gate, a channel, or a time in UTC; empty: not known
    std::string name;  // for people; empty: there is none
    Counts counts;
    friend bool operator==(const ReportRow&, const ReportRow&) = default;
};

// A stretch of time that begins at `from`, on the clock of the venue too.
struct TimeRow {
    WallTime from;
    Counts counts;
    friend bool operator==(const TimeRow&, const TimeRow&) = default;
};

struct ReportQuery {
    std::optional<std::uint64_t> event;  // and nothing that belongs to no event
    std::optional<WallTime> from;        // inclusive
    std::optional<WallTime> to;          // exclusive
};

// What the entries do not know.
struct ReportNames {
    std::string venue;
    std::map<std::uint64_t, std::string> events;
    std::map<std::uint64_t, std::string> products;
    std::string zone_name = "UTC";
    Zone zone;
};

struct Report {
    ReportNames names;
    ReportQuery query;
    Counts total;
    std::vector<ReportRow> events;  // by number
    std::vector<ReportRow> gates;   // these by name
    std::vector<ReportRow> products;
    std::vector<ReportRow> channels;
    std::vector<TimeRow> quarters;  // of an hour; only those in which something happened
    std::uint64_t tests = 0;        // decisions with the flag `test`: in nothing else
    std::uint64_t missing = 0;      // entries that gates wrote and the store does not have
    std::uint64_t unreadable = 0;   // entries of kinds that this version does not know
    std::optional<WallTime> first;  // of what is counted
    std::optional<WallTime> last;
};

// Counts added up over hours, or over days, of the venue's clock.
enum class Span : std::uint8_t { Quarter, Hour, Day };
[[nodiscard]] std::vector<TimeRow> by(Span span, const Report& report);

// Reads the whole store, or what a day around the query can matter. Blocks. Errors: the store's.
[[nodiscard]] Result<Report> make_report(EntryStore& store, const ReportQuery& query,
                                         const ReportNames& names);

}  // namespace stile::sync
