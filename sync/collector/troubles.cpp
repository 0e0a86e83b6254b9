// SPDX-License-Identifier: Apache-2.0
// One function an alarm, with the sentence that staff read.
#include "sync/collector/troubles.hpp"

#include <algorithm>
#include <map>
#include <ranges>

#include <fmt/format.h>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "sync/collector/conflicts.hpp"

namespace stile::sync {
namespace {

constexpr std::uint64_t kFullPercent = 95;
constexpr std::uint64_t kRoomPercent = 93;
constexpr std::size_t kMostOfOneKind = 200;  // so that no kind fills the table of alarms
constexpr std::size_t kShortDigits = 16;
constexpr std::chrono::minutes kAfterAcknowledged{30};

// The first 16 digits: what the code of an alarm has of a ticket.
std::string short_id(const crypto::TicketId& ticket) {
    return to_hex(ticket).substr(0, kShortDigits);
}

std::string place(const Movement& movement) {
    return fmt::format("{}, lane {}, at {}", movement.entry.ledger.gate, movement.lane,
                       to_rfc3339(std::chrono::floor<std::chrono::seconds>(movement.time)));
}

std::string sentence(const GateWatch::Silent& silent) {
    switch (silent.why) {
        case GateWatch::Why::Lost:
            return "its connection to the broker broke";
        case GateWatch::Why::NoHealth:
            return "nothing was heard of it for three of its periods";
    }
    return {};
}

// How long each has to be over is in OPS.md; many gates last by themselves.
Trouble trouble_of(const Strike& strike) {
    using std::chrono::minutes;
    Trouble out{.alarm = {.severity = Severity::Warning,
                          .detail = strike.detail,
                          .gate = strike.gate,
                          .ticket = strike.ticket ? to_hex(*strike.ticket) : "",
                          .issuer = strike.issuer}};
    switch (strike.kind) {
        case StrikeKind::Refusals:
            out.alarm.code = "refusals-" + strike.gate;
            out.hold = minutes{5};
            break;
        case StrikeKind::ManyGates:
            out.alarm.code = "many-gates-" + out.alarm.ticket.substr(0, kShortDigits);
            break;
        case StrikeKind::IssuerBusy:
            out.alarm.code = "issuer-busy-" + strike.issuer;
            out.alarm.severity = Severity::Critical;
            out.hold = minutes{15};
            break;
    }
    return out;
}

bool is_over(const Acknowledgement* acknowledged, WallTime now) {
    return acknowledged != nullptr && now - acknowledged->time >= kAfterAcknowledged;
}

}  // namespace

void add_silent_gates(std::span<const GateWatch::Silent> silent, Troubles& out) {
    for (const GateWatch::Silent& gate : silent | std::views::take(kMostOfOneKind)) {
        out.push_back({.alarm = {.code = "gate-silent-" + gate.gate,
                                 .severity = Severity::Critical,
                                 .detail = sentence(gate),
                                 .gate = gate.gate}});
    }
}

void add_missing_entries(std::span<const ReplayRequest> overdue, Troubles& out) {
    for (const ReplayRequest& gap : overdue | std::views::take(kMostOfOneKind)) {
        out.push_back({.alarm = {.code = "entries-missing-" + gap.ledger.gate,
                                 .severity = Severity::Warning,
                                 .detail = fmt::format("entries from {} to {} do not come, though "
                                                       "they were asked for",
                                                       gap.range.from, gap.range.to),
                                 .gate = gap.ledger.gate}});
    }
}

void add_full_areas(const OccupancyView& occupancy, std::span<const AreaConfig> areas,
                    const VenueAlarms& known, Troubles& out) {
    for (const AreaConfig& area : areas) {
        if (area.capacity <= 0) continue;
        const auto found = occupancy.areas.find(static_cast<std::uint64_t>(area.number));
        std::uint64_t inside = found == occupancy.areas.end() ? 0 : found->second.inside;
        if (area.number == 0) inside = occupancy.total.inside;
        const auto capacity = static_cast<std::uint64_t>(area.capacity);
        auto code = fmt::format("full-{}", area.number);
        const auto percent = known.is_raised(code) ? kRoomPercent : kFullPercent;
        if (inside * 100 < capacity * percent) continue;
        // In steps, so that not each guest makes a new message.
        out.push_back({.alarm = {.code = std::move(code),
                                 .severity = Severity::Warning,
                                 .detail = fmt::format("{}: {} % of {} are inside", area.name,
                                                       inside * 100 / capacity, capacity)}});
    }
}

void add_double_entries(const Occupancy& occupancy, const Acknowledgements& acknowledged,
                        WallTime now, Troubles& out) {
    std::set<crypto::TicketId> done;
    for (const Conflict& conflict : newest_conflicts(occupancy.conflicts(), kMostOfOneKind).last) {
        if (!done.insert(conflict.ticket).second) continue;  // an earlier one of the same ticket
        auto code = "double-entry-" + short_id(conflict.ticket);
        if (is_over(acknowledged.find("_ops/" + code, conflict.time()), now)) continue;
        const Movement& last = conflict.at.back();
        out.push_back({.alarm = {.code = std::move(code),
                                 .severity = Severity::Critical,
                                 .detail = fmt::format("entered at {} and again at {}",
                                                       place(conflict.at.front()), place(last)),
                                 .gate = last.entry.ledger.gate,
                                 .lane = last.lane,
                                 .ticket = to_hex(conflict.ticket)},
                       .since = conflict.time()});
    }
}

void add_refunded_inside(const Occupancy& occupancy, const std::set<crypto::TicketId>& revoked,
                         Troubles& out) {
    std::size_t count = 0;
    for (const crypto::TicketId& ticket : revoked) {
        const auto last = occupancy.last_of(ticket);
        if (!last || !occupancy.is_inside(ticket)) continue;  // the list of them may be a tick old
        if (count++ == kMostOfOneKind) return;
        out.push_back(
            {.alarm = {.code = "refunded-inside-" + short_id(ticket),
                       .severity = Severity::Warning,
                       .detail = "a revoked ticket; its holder entered at " + place(*last),
                       .gate = last->entry.ledger.gate,
                       .lane = last->lane,
                       .ticket = to_hex(ticket)}});
    }
}

void add_strikes(std::span<const Strike> strikes, Troubles& out) {
    std::map<StrikeKind, std::size_t> counts;
    for (const Strike& strike : strikes) {
        if (counts[strike.kind]++ < kMostOfOneKind) out.push_back(trouble_of(strike));
    }
}

void add_store(std::string_view why, Troubles& out) {
    if (why.empty()) return;
    out.push_back({.alarm = {.code = "store-failing",
                             .severity = Severity::Critical,
                             .detail = fmt::format("entries are not stored: {}", why)}});
}

}  // namespace stile::sync
