// SPDX-License-Identifier: Apache-2.0
// From candidates to one.
#include "daemon/core/choose.hpp"

#include <algorithm>

namespace stile {
namespace {

using Candidates = std::span<const Candidate>;

bool is_base(Candidates all, std::size_t at) {
    return all[at].base == at;
}

// Whether it may stand for the position that the code names.
bool stands(const Candidate& candidate, std::size_t at) {
    if (!candidate.list->addon_match) return candidate.base == at;
    return admits_product(*candidate.list, candidate.position->product);
}

std::size_t standing_for(Candidates all, std::size_t base) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        count += all[i].base == base && stands(all[i], i) ? 1U : 0U;
    return count;
}

// Strictly inside its times, as the platform has it where there is something to choose from.
bool valid_at(const KnownPosition& position, WallTime now) {
    return (!position.valid_from || *position.valid_from < now) &&
           (!position.valid_until || now < *position.valid_until);
}

// The one that begins next, else the one that ended last.
bool is_nearer(const KnownPosition& a, const KnownPosition& b, WallTime now) {
    const bool a_comes = a.valid_from && *a.valid_from >= now;
    const bool b_comes = b.valid_from && *b.valid_from >= now;
    if (a_comes != b_comes) return a_comes;
    if (a_comes) return *a.valid_from < *b.valid_from;
    return a.valid_until > b.valid_until;
}

// How many of those that stand for the code are wanted, and the one among them that comes first.
struct Found {
    std::size_t count = 0;
    std::size_t first = 0;
};

Found find(Candidates all, auto wanted, auto before) {
    Found found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const KnownPosition& position = *all[i].position;
        if (!stands(all[i], i) || !wanted(position)) continue;
        if (found.count == 0 || before(position, *all[found.first].position)) found.first = i;
        ++found.count;
    }
    return found;
}

// What is wrong with the code as a whole, before any time is asked.
std::optional<Choice> misfit(Candidates all, FoundBy found_by) {
    std::size_t bases = 0;
    std::size_t standing = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].list == nullptr) return Choice{Reason::Error, i};
        if (!is_base(all, i)) continue;
        ++bases;
        const std::size_t here = standing_for(all, i);
        if (here > 1) return Choice{Reason::Ambiguous, i};
        standing += here;
    }
    if (bases > 1 && found_by == FoundBy::Secret) return Choice{Reason::Ambiguous, 0};
    if (standing == 0) return Choice{Reason::Product, 0};
    return std::nullopt;
}

}  // namespace

Choice choose(Candidates all, FoundBy found_by, WallTime now, Direction direction) {
    if (all.empty()) return {Reason::Error, 0};
    if (const auto misfits = misfit(all, found_by)) return *misfits;
    const auto nearer = [now](const auto& a, const auto& b) { return is_nearer(a, b, now); };
    const Found standing = find(all, [](const auto&) { return true; }, nearer);
    if (standing.count == 1) return {std::nullopt, standing.first};
    const Found valid = find(all, [now](const auto& p) { return valid_at(p, now); }, nearer);
    if (valid.count == 1) return {std::nullopt, valid.first};
    if (valid.count > 1) return {Reason::Ambiguous, valid.first};
    if (direction == Direction::Entry) return {Reason::InvalidTime, standing.first};
    const auto later_end = [](const auto& a, const auto& b) {
        return a.valid_until > b.valid_until;
    };
    const Found gone = find(
        all, [now](const auto& p) { return p.valid_until && *p.valid_until <= now; }, later_end);
    return {std::nullopt, gone.count > 0 ? gone.first : standing.first};
}

}  // namespace stile
