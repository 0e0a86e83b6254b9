// SPDX-License-Identifier: Apache-2.0
// Every person of the ticket is somewhere; each movement takes one from where they can be.
#include "sync/collector/visits.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace stile::sync {
namespace {

constexpr int kDeepest = 16;  // a tree that is a ring ends here

// One person inside. `area` 0: in the venue, in none of the policy's areas.
struct Person {
    std::uint64_t area = 0;
    bool came_by_the_venue = false;  // through an outer gate, which leads to no area
    const Movement* entry = nullptr;
};

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
        out_.total.inside = inside_.size();
        for (const Person& person : inside_) {
            for (const std::uint64_t area : around(person.area))
                ++out_.areas[area].inside;
        }
        return std::move(out_);
    }

private:
    // The count begins anew: only the arrivals stay.
    void begin() {
        begun_ = true;
        ever_ = 0;
        inside_.clear();
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
    [[nodiscard]] bool leads_on(const Person& from, std::uint64_t area) const {
        if (area == 0) return false;
        return from.area == 0 ? from.came_by_the_venue : lies_in(area, from.area);
    }

    void move(std::uint64_t from, std::uint64_t to) {
        const auto before = around(from);
        const auto after = around(to);
        for (const std::uint64_t area : before)
            out_.areas[area].left += after.contains(area) ? 0U : 1U;
        for (const std::uint64_t area : after)
            out_.areas[area].entered += before.contains(area) ? 0U : 1U;
    }

    void enter(const Movement& movement) {
        std::uint32_t fresh = movement.people;
        for (Person& person : inside_) {
            if (fresh == 0) return;
            if (!leads_on(person, movement.area)) continue;
            move(person.area, movement.area);
            person.area = movement.area;
            --fresh;
        }
        if (fresh == 0) return;
        check(movement, fresh);
        for (std::uint32_t i = 0; i < fresh; ++i) {
            move(0, movement.area);
            inside_.push_back({movement.area, movement.area == 0, &movement});
        }
        out_.total.entered += fresh;
        const auto most = static_cast<std::uint32_t>(inside_.size());
        if (most <= ever_) return;
        out_.arrivals.push_back({movement.time, most - ever_, movement.event});
        ever_ = most;
    }

    void check(const Movement& movement, std::uint32_t fresh) {
        const auto together = static_cast<std::uint32_t>(inside_.size()) + fresh;
        if (together <= people_) return;
        const bool first = inside_.empty();  // a group by one release
        const bool knew = movement.passback == Movement::Passback::Clean &&
                          std::ranges::all_of(inside_, [&](const Person& person) {
                              return person.entry->entry.ledger == movement.entry.ledger;
                          });
        if (first || knew) {
            people_ = together;
            return;
        }
        Conflict conflict{.ticket = *movement.ticket};
        for (const Person& person : inside_) {
            if (conflict.at.empty() || conflict.at.back() != *person.entry)
                conflict.at.push_back(*person.entry);
        }
        conflict.at.push_back(movement);
        out_.conflicts.push_back(std::move(conflict));
    }

    // Who leaves: whoever is deepest, of those who can be behind that turnstile.
    void leave(const Movement& movement) {
        const auto gone = std::ranges::max_element(inside_, {}, [&](const Person& person) {
            const auto depth = around(person.area).size();
            const bool fits = movement.area == 0 || lies_in(person.area, movement.area);
            return fits ? depth + 1 : 0;
        });
        const bool nobody =
            gone == inside_.end() || (movement.area != 0 && !lies_in(gone->area, movement.area));
        if (nobody) {
            out_.total.left += movement.area == 0 ? 1U : 0U;
            return;
        }
        const bool out = movement.area == 0 && (gone->area == 0 || !gone->came_by_the_venue);
        move(gone->area, movement.area);
        gone->area = movement.area;
        if (!out) return;
        ++out_.total.left;
        inside_.erase(gone);
    }

    const VisitRules& rules_;
    std::uint32_t people_;
    std::uint32_t ever_ = 0;  // people who were inside at once
    bool begun_ = false;
    std::vector<Person> inside_;
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
