// SPDX-License-Identifier: Apache-2.0
// The venue's policy at the gate: what it is asked, and with which facts.
#include <algorithm>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

// Later than every time that a ticket can name: it has no end.
constexpr std::chrono::sys_seconds kNoEnd{std::chrono::seconds{UINT32_MAX}};

ClockTrust trust_in(ClockQuality quality) {
    switch (quality) {
        case ClockQuality::Synced:
        case ClockQuality::Holdover:
            return ClockTrust::Known;
        case ClockQuality::Unsynced:
            return ClockTrust::Unsynced;
        case ClockQuality::Wrong:
            break;
    }
    return ClockTrust::Wrong;
}

bool has_times(const crypto::Ticket& ticket) {
    return ticket.not_before > std::chrono::sys_seconds{} || ticket.not_after < kNoEnd;
}

bool has_times(const Case& scan) {
    const bool by_rule = scan.door.rule == nullptr || !scan.door.rule->is_empty();
    if (scan.ticket) return by_rule || has_times(scan.ticket->ticket());
    return by_rule || scan.position->valid_from || scan.position->valid_until;
}

void add_ticket(const crypto::Ticket& ticket, PolicyFacts& facts) {
    facts.event = ticket.event;
    facts.product = ticket.product;
    facts.assurance = ticket.assurance;
    facts.reissue = ticket.reissue;
    facts.admissions = ticket.admissions;
}

bool is_for(const AccessList& list, const crypto::Ticket& ticket) {
    return list.key.event == 0 || list.key.event == ticket.event;
}

}  // namespace

// The one that the lane names; else the first of the ticket's event and product, of its event, of
// all: whatever does not fit is what the decision refuses for.
const AccessList* Gate::own_list(const Examined& scan) const {
    if (!rules_.venue || rules_.venue->lists.empty()) return nullptr;
    const auto& lists = rules_.venue->lists;
    const Way* way = rules_.venue->way(lanes_[scan.waiting.lane].name(), direction_of(scan));
    const crypto::Ticket& ticket = scan.ticket->ticket();
    const AccessList* best = nullptr;
    int best_fit = -1;
    for (const AccessList& list : lists) {
        if (way != nullptr && way->list && *way->list != list.key.list) continue;
        const bool event = is_for(list, ticket);
        const int fit = (event ? 1 : 0) + (event && admits_product(list, ticket.product) ? 1 : 0);
        if (fit > best_fit) best = &list;
        best_fit = std::max(best_fit, fit);
    }
    return best;
}

// An own list of the policy stands for the whole [policy] of the site file.
Policy Gate::own_policy(const Examined& scan) const {
    Policy policy = rules_.own();
    if (scan.own == nullptr) return policy;
    policy.events = {};
    if (scan.own->key.event != 0) policy.events = {&scan.own->key.event, 1};
    policy.products = {};
    if (!scan.own->all_products) policy.products = scan.own->products;
    policy.reentry = scan.own->multiple_entries   ? Reentry::Always
                     : scan.own->entry_after_exit ? Reentry::AfterExit
                                                  : Reentry::Never;
    return policy;
}

// From the first time that the new copy is seen, also if it is refused then.
void Gate::replace_copies(const Examined& scan, WallTime now, TicketState& state) const {
    if (!rules_.venue) return;
    const crypto::Ticket& ticket = scan.ticket->ticket();
    const Terms* terms = rules_.venue->terms(ticket.event, ticket.product);
    if (terms == nullptr || older_entries_count(*terms, ticket.reissue, state.highest_reissue))
        return;
    state.counts_since_ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
    state.area = kOutside;
}

// An area whose count is damaged, and those behind it in the tree, are full.
Result<void> Gate::count_people(Batch& batch, WallTime now) {
    const AccessPolicy& policy = *rules_.venue;
    people_.clear();
    for (std::size_t place = 0; place < policy.areas.areas().size(); ++place) {
        const std::uint32_t area = policy.areas.areas()[place].number;
        if (const auto since = counted_since(policy.areas, place, now, policy.zone)) {
            if (auto begun = batch.begin_count(area, *since); !begun) return begun;
        }
        const auto count = area == kOutside ? Result<AreaCount>{} : batch.area(area);
        if (!count && count.error().code == Errc::Corrupt) return {};
        if (!count) return std::unexpected{count.error()};
        people_.push_back(count->inside + count->coming);
    }
    return {};
}

// Finds out what the policy says; decide() asks for its refusal in its turn.
Result<void> Gate::consult(Batch& batch, Examined& scan, const TicketState& state,
                           std::uint8_t may_enter, const ClockReading& now) {
    if (auto counted = count_people(batch, now.time); !counted) return counted;
    const Case* asked = scan.at_platform.get();
    const EntryFacts& entry = asked != nullptr ? asked->entry : scan.entry;
    PolicyFacts facts{.lane = lanes_[scan.waiting.lane].name(),
                      .direction = direction_of(scan),
                      .may_enter = may_enter,
                      .holder = {.area = state.area,
                                 .area_since = WallTime{std::chrono::milliseconds{
                                     static_cast<std::int64_t>(state.area_since_ms)}},
                                 .inside = entry.entered - entry.left,
                                 .highest_reissue = state.highest_reissue},
                      .people = people_,
                      .clock = trust_in(now.quality),
                      .now = now.time,
                      .bounds = {now.bounds.lower, now.bounds.upper}};
    if (asked != nullptr) {
        facts.list = asked->list;
        facts.event = asked->list.event;
        facts.assurance = asked->assurance;
        if (asked->position != nullptr) facts.product = asked->position->product;
        if (asked->ticket) add_ticket(asked->ticket->ticket(), facts);
        facts.times = has_times(*asked) ? TimesMatter::Yes : TimesMatter::No;
    } else {
        add_ticket(scan.ticket->ticket(), facts);
        facts.list = {facts.event, scan.own == nullptr ? 0 : scan.own->key.list};
        facts.times = has_times(scan.ticket->ticket()) ? TimesMatter::Yes : TimesMatter::No;
    }
    if (parts_.list_age)
        facts.list_age =
            parts_.list_age(asked != nullptr ? LoadOf{facts.event} : LoadOf{}, now.time);
    const Ruling ruling = check(*rules_.venue, facts);
    scan.venue.reset();
    if (ruling.refusal) {
        scan.venue = ruling.refusal->reason;
        scan.venue_words = ruling.refusal->words;
    }
    scan.duties = ruling.duties;
    return {};
}

}  // namespace stile
