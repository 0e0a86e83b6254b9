// SPDX-License-Identifier: Apache-2.0
// A passage is counted at its own time; its event, product and channel are those of its decision.
#include "sync/collector/tally.hpp"

#include <algorithm>
#include <utility>

#include "crypto/base/sort_stably.hpp"

namespace stile::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::uint64_t kMostPeople = 255;  // of one release: what an entry can hold

bool is_person_without_ticket(const GateEntry& entry) {
    return entry.count > 0 &&  // 0: at a lane in test
           (entry.what == "free-passage" || entry.what == "passage-without-release" ||
            entry.what == "tailgating");
}

std::uint32_t bounded(std::uint64_t people, std::uint64_t most) {
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(people, 1, most));
}

// The beginning of its quarter of an hour on the venue's clock.
WallTime quarter_of(WallTime time, const Zone& zone) {
    const auto local = zone.local(time).time_since_epoch();
    return time - (local - std::chrono::floor<std::chrono::duration<int, std::ratio<900>>>(local));
}

}  // namespace

bool Tally::counts(std::optional<WallTime> time, std::uint64_t event) const {
    if (query_.event && event != *query_.event) return false;
    if (!query_.from && !query_.to) return time.has_value();
    return time && (!query_.from || *time >= *query_.from) && (!query_.to || *time < *query_.to);
}

std::uint32_t Tally::intern(std::string_view name) {
    if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
    texts_.emplace_back(name);
    return numbers_.emplace(texts_.back(), static_cast<std::uint32_t>(texts_.size() - 1))
        .first->second;
}

Tally::Place Tally::place_of(const GateEntry& entry) {
    return {.event = entry.event.value_or(kNone),
            .product = entry.product.value_or(kNone),
            .gate = intern(entry.name.ledger.gate),
            .channel = intern(entry.channel)};
}

template <class Change>
void Tally::add(const Place& place, WallTime time, Change change) {
    change(out_.total);
    change(events_[place.event]);
    change(products_[place.product]);
    change(gates_[place.gate]);
    change(channels_[place.channel]);
    change(quarters_[quarter_of(time, names_.zone)]);
    out_.first = std::min(out_.first.value_or(time), time);
    out_.last = std::max(out_.last.value_or(time), time);
}

void Tally::take(const GateEntry& entry) {
    if (entry.name.ledger != ledger_) {
        ledger_ = entry.name.ledger;
        admitted_.clear();
    }
    switch (entry.kind) {
        case EntryKind::Decision:
            return decide(entry);
        case EntryKind::Passage:
            return pass(entry);
        case EntryKind::Annulled:
            return annul(entry);
        case EntryKind::Lane:
            if (is_person_without_ticket(entry) && counts(entry.time, kNone))
                add(place_of(entry), *entry.time,
                    [&](Counts& sum) { sum.without_ticket += entry.count; });
            return;
        case EntryKind::NotStored:
            if (counts(entry.time, kNone))
                add(place_of(entry), *entry.time,
                    [&](Counts& sum) { sum.refused["NOT_STORED"] += entry.count; });
            return;
        case EntryKind::Unknown:
        case EntryKind::Other:
            ++out_.unreadable;
            return;
        case EntryKind::Epoch:
        case EntryKind::Start:
        case EntryKind::List:
        case EntryKind::Act:
            return;
    }
}

void Tally::decide(const GateEntry& entry) {
    const Place place = place_of(entry);
    if (entry.has(EntryFlag::Test)) {
        out_.tests += counts(entry.time, place.event) ? 1 : 0;
    } else if (entry.verdict == Verdict::Refuse) {
        if (counts(entry.time, place.event))
            add(place, *entry.time, [&](Counts& sum) { ++sum.refused[entry.reason]; });
        return;
    }
    admitted_.insert_or_assign(entry.name.seq,
                               Decision{.place = place,
                                        .people = bounded(entry.people, kMostPeople),
                                        .flags = entry.flags,
                                        .direction = entry.direction.value_or(Direction::Entry),
                                        .ticket = entry.ticket});
}

void Tally::pass(const GateEntry& entry) {
    if (!entry.result || *entry.result == PassageResult::Released || !entry.time) return;
    Passed passed{
        .time = *entry.time,
        .place = place_of(entry),
        .people = bounded(entry.people, kMostPeople),
        .direction = *entry.result == PassageResult::Left ? Direction::Exit : Direction::Entry,
        .ticket = entry.ticket};
    const auto found = admitted_.find(entry.admission.value_or(0));
    if (found == admitted_.end()) {
        passed_.push_back(passed);
        return;
    }
    Decision& decision = found->second;
    const auto has = [&](EntryFlag flag) {
        return (decision.flags & std::to_underlying(flag)) != 0;
    };
    // Of two outcomes of one admission the first counts.
    if (decision.passed != kNowhere || has(EntryFlag::Test)) return;
    passed.place = decision.place;
    passed.direction = decision.direction;
    passed.overridden = has(EntryFlag::Override);
    passed.people = *entry.result == PassageResult::PresumedEntered
                        ? decision.people
                        : bounded(entry.people, decision.people);
    if (!passed.ticket) passed.ticket = decision.ticket;
    decision.passed = passed_.size();
    passed_.push_back(passed);
}

void Tally::annul(const GateEntry& entry) {
    if (entry.admission.value_or(0) == 0) return annul_of_earlier_epoch(entry);
    const auto found = admitted_.find(*entry.admission);
    if (found != admitted_.end() && found->second.passed != kNowhere)
        passed_[found->second.passed].annulled = true;
}

// Only its ticket is known: it was the last passage of it at this gate, before this epoch.
void Tally::annul_of_earlier_epoch(const GateEntry& entry) {
    const std::uint32_t gate = intern(entry.name.ledger.gate);
    std::size_t end = passed_.size();
    for (const auto& [seq, decision] : admitted_)
        end = std::min(end, decision.passed);
    for (std::size_t i = end; entry.ticket && i-- > 0;) {
        Passed& passed = passed_[i];
        if (passed.ticket != entry.ticket || passed.place.gate != gate || passed.annulled) continue;
        passed.annulled = true;
        return;
    }
}

void Tally::add_passage(const Passed& passed, std::uint64_t re_entered) {
    if (!counts(passed.time, passed.place.event)) return;
    add(passed.place, passed.time, [&](Counts& sum) {
        if (passed.annulled) {
            sum.annulled += passed.people;
        } else if (passed.direction == Direction::Exit) {
            sum.left += passed.people;
        } else {
            sum.entered += passed.people;
            sum.re_entered += re_entered;
            if (passed.overridden) sum.overridden += passed.people;
        }
    });
}

// Who comes again is seen in the order of time, over all gates.
void Tally::join() {
    sort_stably(passed_, &Passed::time);
    std::map<crypto::TicketId, std::uint64_t> outside;  // people who left and did not come again
    for (const Passed& passed : passed_) {
        std::uint64_t again = 0;
        if (passed.ticket && !passed.annulled) {
            std::uint64_t& left = outside[*passed.ticket];
            if (passed.direction == Direction::Exit) {
                left += passed.people;
            } else {
                again = std::min<std::uint64_t>(left, passed.people);
                left -= again;
                if (counts(passed.time, passed.place.event))
                    arrived_[*passed.ticket] += passed.people - again;
            }
        }
        add_passage(passed, again);
    }
}

std::uint64_t Tally::absent(const SoldTicket& ticket) const {
    const auto found = arrived_.find(ticket.ticket);
    const std::uint64_t arrived = found == arrived_.end() ? 0 : found->second;
    return ticket.people - std::min<std::uint64_t>(arrived, ticket.people);
}

void Tally::take(const SoldTicket& ticket, Standing standing) {
    if (query_.event && ticket.event != *query_.event) return;
    const auto change = [&](Counts& sum) {
        sum.sold += ticket.people;
        (standing == Standing::Revoked ? sum.revoked : sum.no_shows) += absent(ticket);
    };
    change(out_.total);
    change(events_[ticket.event]);
    change(products_[ticket.product]);
    change(channels_[intern(ticket.channel)]);
}

Report Tally::finish() && {
    const auto numbered = [](std::map<std::uint64_t, Counts>& sums,
                             const std::map<std::uint64_t, std::string>& names) {
        std::vector<ReportRow> rows;
        for (auto& [number, sum] : sums) {
            const auto name = names.find(number);
            rows.push_back({number == kNone ? "" : std::to_string(number),
                            name == names.end() ? "" : name->second, std::move(sum)});
        }
        return rows;
    };
    const auto named = [this](std::map<std::uint32_t, Counts>& sums) {
        std::vector<ReportRow> rows;
        for (auto& [text, sum] : sums)
            rows.push_back({texts_[text], "", std::move(sum)});
        std::ranges::sort(rows, {}, &ReportRow::key);
        return rows;
    };
    out_.names = names_;
    out_.query = query_;
    out_.events = numbered(events_, names_.events);
    out_.products = numbered(products_, names_.products);
    out_.gates = named(gates_);
    out_.channels = named(channels_);
    for (auto& [from, sum] : quarters_)
        out_.quarters.push_back({from, std::move(sum)});
    return std::move(out_);
}

}  // namespace stile::sync
