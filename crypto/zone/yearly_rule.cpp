// SPDX-License-Identifier: Apache-2.0
// Tries the forms that such rules have until one gives what is known.
#include "crypto/zone/yearly_rule.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace stile::crypto {
namespace {

namespace chrono = std::chrono;

// The n-th weekday of a month (n = 5: the last), and then so much time on the clocks before it.
struct Rule {
    chrono::month month;
    chrono::weekday weekday;
    unsigned week;
    chrono::seconds time;  // since that day's midnight; may be negative or more than a day
    chrono::seconds before;
    chrono::seconds after;

    [[nodiscard]] chrono::sys_seconds in(chrono::year year) const {
        const chrono::sys_days day = week == 5
                                         ? chrono::sys_days{year / month / weekday[chrono::last]}
                                         : chrono::sys_days{year / month / weekday[week]};
        return day + time - before;
    }
};

chrono::year year_of(chrono::sys_seconds time) {
    return chrono::year_month_day{chrono::floor<chrono::days>(time)}.year();
}

// The rule that gives `change`, seen from `shift` days before it.
Rule rule_of(const ZoneChange& change, chrono::seconds before, unsigned shift, bool is_last) {
    const chrono::sys_seconds clock = change.at + before;
    const chrono::sys_days midnight =
        chrono::floor<chrono::days>(clock) - chrono::days{shift} + chrono::days{1};
    const chrono::year_month_day date{midnight};
    const unsigned week = (static_cast<unsigned>(date.day()) + 6) / 7;
    return {date.month(), chrono::weekday{midnight}, is_last ? 5 : week, clock - midnight, before,
            change.offset};
}

struct Change {
    ZoneChange change;
    chrono::seconds before;
};

bool explains(const Rule& rule, std::span<const Change> same_each_year) {
    return std::ranges::all_of(same_each_year, [&](const Change& known) {
        return rule.in(year_of(known.change.at)) == known.change.at &&
               rule.before == known.before && rule.after == known.change.offset;
    });
}

// The changes of one place in the year, the last one last. Days around the change serve as well:
// "26 hours after the fourth Thursday".
std::optional<Rule> rule_behind(std::span<const Change> same_each_year) {
    const Change& latest = same_each_year.back();
    for (const unsigned shift : {1U, 2U, 0U, 3U}) {
        for (const bool is_last : {true, false}) {
            const Rule rule = rule_of(latest.change, latest.before, shift, is_last);
            if (explains(rule, same_each_year)) return rule;
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<ZoneChange> continued(chrono::seconds first, std::span<const ZoneChange> known,
                                  chrono::year last_year, chrono::year until) {
    constexpr int kYears = 8;
    std::array<std::vector<Change>, 2> places;  // spring and autumn
    std::size_t number = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (year_of(known[i].at) <= last_year - chrono::years{kYears}) continue;
        places[number++ % 2].push_back({known[i], i == 0 ? first : known[i - 1].offset});
    }
    if (places[0].size() != kYears || places[1].size() != kYears) return {};
    const auto one = rule_behind(places[0]);
    const auto other = rule_behind(places[1]);
    if (!one || !other) return {};
    std::vector<ZoneChange> changes;
    for (chrono::year year = last_year + chrono::years{1}; year <= until; ++year) {
        changes.push_back({one->in(year), one->after});
        changes.push_back({other->in(year), other->after});
    }
    return changes;
}

}  // namespace stile::crypto
