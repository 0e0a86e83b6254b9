// SPDX-License-Identifier: Apache-2.0
// All people of the ticket are somewhere; each movement takes some from where they can be.
#include "sync/collector/visits.hpp"

#include <algorithm>
#include <deque>
#include <ranges>
#include <set>
#include <utility>

namespace stile::sync {
namespace {

constexpr int kDeepest = 16;  // a tree that is a ring ends here

constexpr std::size_t kMostShown = Conflict::kMostMovements - 1;  // of those inside

// Where somebody is inside. `area` 0: in the venue, in none of the policy's areas.
struct Place {
    std::uint64_t area = 0;
    bool came_by_the_venue = false;  // through an outer gate, which leads to no area
    friend auto operator<=>(const Place&, const Place&) = default;
};

// People are counted, not listed: a ticket that lets in thousands costs little for each.
class Walk {
public:
    explicit Walk(const VisitRules& rules) : rules_{rules}, people_{rules.people} {}

    void pass(const Movement& movement) {
        if (!begun_ && movement.time >= rules_.since) begin();
        if (movement.direction == Direction::Entry) return enter(movement);
        for (std::uint32_t i = 0; i < movement.people; ++i)
            leave(movement);
    }

    Visits take() {
        if (!begun_) begin();
        out_.total.inside = count_;
        for (const auto& [place, group] : inside_) {
            std::uint64_t people = 0;
            for (const auto& [order, some] : group)
                people += some;
            for (const std::uint64_t area : around(place.area))
                out_.areas[area].inside += people;
        }
        for (const auto& entries : conflicts_) {
            Conflict& conflict = out_.conflicts.emplace_back();
            conflict.ticket = *entries.back()->ticket;
            for (const Movement* movement : entries)
                conflict.at.push_back(*movement);
        }
        return std::move(out_);
    }

private:
    using Group = std::map<std::size_t, std::uint32_t>;  // people by their place in entries_
    using Groups = std::map<Place, Group>;

    // The count begins anew: only the arrivals stay.
    void begin() {
        begun_ = true;
        ever_ = 0;
        count_ = 0;
        inside_.clear();
        ledgers_.clear();
        entries_.clear();
        conflicts_.clear();
        people_ = rules_.people;
        out_ = {.arrivals = std::move(out_.arrivals)};
    }

    // An area and those around it.
    [[nodiscard]] std::set<std::uint64_t> around(std::uint64_t area) const {
        std::set<std::uint64_t> out;
        for (int depth = 0; area != 0 && depth < kDeepest; ++depth) {
            out.insert(area);
            const auto parent = rules_.areas.find(area);
            area = parent == rules_.areas.end() ? 0 : parent->second;
        }
        return out;
    }
    [[nodiscard]] bool lies_in(std::uint64_t inner, std::uint64_t outer) const {
        return inner != outer && around(inner).contains(outer);
    }
    // Whether an entry into `area` takes a person further in who stands at `from`.
    [[nodiscard]] bool leads_on(const Place& from, std::uint64_t area) const {
        if (area == 0) return false;
        return from.area == 0 ? from.came_by_the_venue : lies_in(area, from.area);
    }

    void move(std::uint64_t from, std::uint64_t to, std::uint32_t people) {
        const auto before = around(from);
        const auto after = around(to);
        for (const std::uint64_t area : before)
            out_.areas[area].left += after.contains(area) ? 0U : people;
        for (const std::uint64_t area : after)
            out_.areas[area].entered += before.contains(area) ? 0U : people;
    }

    // Takes at most `most` of a group who came first from where they are.
    std::pair<std::size_t, std::uint32_t> take_first(Groups::iterator group, std::uint32_t most) {
        const auto first = group->second.begin();
        const auto taken = std::pair{first->first, std::min(most, first->second)};
        first->second -= taken.second;
        if (first->second == 0) group->second.erase(first);
        if (group->second.empty()) inside_.erase(group);
        return taken;
    }

    // Who came first, of the people of all groups for which `rank` is highest and not 0.
    template <class Rank>
    Groups::iterator first_of(const Rank& rank) {
        auto best = inside_.end();
        std::size_t highest = 0;
        for (auto at = inside_.begin(); at != inside_.end(); ++at) {
            const std::size_t one = rank(at->first);
            if (one == 0 || one < highest) continue;
            const bool earlier = best == inside_.end() || one > highest ||
                                 at->second.begin()->first < best->second.begin()->first;
            if (earlier) best = at;
            highest = one;
        }
        return best;
    }

    void enter(const Movement& movement) {
        std::uint32_t fresh = movement.people;
        while (fresh > 0) {
            const auto outer = first_of([&](const Place& place) -> std::size_t {
                return leads_on(place, movement.area) ? 1 : 0;
            });
            if (outer == inside_.end()) break;
            const Place from = outer->first;
            const auto [order, people] = take_first(outer, fresh);
            move(from.area, movement.area, people);
            inside_[{movement.area, from.came_by_the_venue}][order] += people;
            fresh -= people;
        }
        if (fresh > 0) add(movement, fresh);
    }

    void add(const Movement& movement, std::uint32_t fresh) {
        check(movement, fresh);
        move(0, movement.area, fresh);
        inside_[{movement.area, movement.area == 0}][entries_.size()] = fresh;
        entries_.push_back(&movement);
        ledgers_[movement.entry.ledger] += fresh;
        count_ += fresh;
        out_.total.entered += fresh;
        if (count_ <= ever_) return;
        arrive({movement.time, count_ - ever_, movement.event});
        ever_ = count_;
    }

    // Those of one minute together: nobody asks more precisely.
    void arrive(const Arrival& arrival) {
        const auto minute = [](const Arrival& one) {
            return std::chrono::floor<std::chrono::minutes>(one.time);
        };
        const bool same = !out_.arrivals.empty() && out_.arrivals.back().event == arrival.event &&
                          minute(out_.arrivals.back()) == minute(arrival);
        if (same)
            out_.arrivals.back().people += arrival.people;
        else
            out_.arrivals.push_back(arrival);
    }

    void check(const Movement& movement, std::uint32_t fresh) {
        if (count_ + fresh <= people_) return;
        const bool first = count_ == 0;  // a group by one release
        const bool knew = movement.passback == Movement::Passback::Clean && ledgers_.size() == 1 &&
                          ledgers_.contains(movement.entry.ledger);
        if (first || knew) {
            people_ = count_ + fresh;
            return;
        }
        std::set<std::size_t> orders;  // of the first of each group
        for (const auto& [place, group] : inside_) {
            for (const auto& [order, people] : group | std::views::take(kMostShown))
                orders.insert(order);
        }
        auto& entries = conflicts_.emplace_back();
        for (const std::size_t order : orders | std::views::take(kMostShown))
            entries.push_back(entries_[order]);
        entries.push_back(&movement);
        if (conflicts_.size() > Visits::kMostConflicts) conflicts_.pop_front();
    }

    // Who leaves: whoever is deepest, of those who can be behind that turnstile.
    void leave(const Movement& movement) {
        const auto gone = first_of([&](const Place& place) -> std::size_t {
            const bool fits = movement.area == 0 || lies_in(place.area, movement.area);
            return fits ? around(place.area).size() + 1 : 0;
        });
        if (gone == inside_.end()) {
            out_.total.left += movement.area == 0 ? 1U : 0U;
            return;
        }
        const Place from = gone->first;
        const auto [order, people] = take_first(gone, 1);
        move(from.area, movement.area, people);
        if (movement.area != 0 || (from.area != 0 && from.came_by_the_venue)) {
            inside_[{movement.area, from.came_by_the_venue}][order] += people;
            return;
        }
        ++out_.total.left;
        --count_;
        const auto ledger = ledgers_.find(entries_[order]->entry.ledger);
        if (--ledger->second == 0) ledgers_.erase(ledger);
    }

    const VisitRules& rules_;
    std::uint32_t people_;
    std::uint32_t ever_ = 0;  // people who were inside at once
    bool begun_ = false;
    std::uint32_t count_ = 0;  // people inside
    Groups inside_;
    std::map<LedgerName, std::uint32_t> ledgers_;  // that let them in
    std::vector<const Movement*> entries_;
    std::deque<std::vector<const Movement*>> conflicts_;  // the newest
    Visits out_;
};

// Without what was annulled in a later epoch.
std::vector<const Movement*> standing(std::span<const Movement> movements) {
    std::vector<const Movement*> out;
    for (const Movement& movement : movements) {
        if (movement.kind == Movement::Kind::Passes) {
            out.push_back(&movement);
            continue;
        }
        const auto undone = std::ranges::find_if(out.rbegin(), out.rend(), [&](const auto* other) {
            const LedgerName& ledger = other->entry.ledger;
            return ledger.gate == movement.entry.ledger.gate &&
                   ledger.epoch < movement.entry.ledger.epoch;
        });
        if (undone != out.rend()) out.erase(std::next(undone).base());
    }
    return out;
}

}  // namespace

Headcount& Headcount::operator+=(const Headcount& other) {
    entered += other.entered;
    left += other.left;
    inside += other.inside;
    return *this;
}

Headcount& Headcount::operator-=(const Headcount& other) {
    entered -= other.entered;
    left -= other.left;
    inside -= other.inside;
    return *this;
}

Visits visits(std::span<const Movement> movements, const VisitRules& rules) {
    Walk walk{rules};
    for (const Movement* movement : standing(movements))
        walk.pass(*movement);
    return walk.take();
}

}  // namespace stile::sync
