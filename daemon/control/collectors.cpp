// SPDX-License-Identifier: Apache-2.0
// One cursor in the ledger for each collector.
#include "daemon/control/collectors.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

std::string cursor_of(std::string_view collector) {
    return fmt::format("mqtt/{}", collector);
}

}  // namespace

Collectors::Collectors(const Ledger& ledger, const std::vector<std::string>& names, Keep keep)
    : ledger_{ledger}, keep_{std::move(keep)} {
    // One that cannot be read counts as one that has stored nothing.
    for (const std::string& name : names)
        all_[name].stored = ledger_.cursor(cursor_of(name)).value_or(Watermark{});
}

bool Collectors::has(const Watermark& mark) const {
    const LedgerHead& head = ledger_.head();
    if (mark.epoch == head.epoch) return mark.seq <= head.seq;
    const auto epochs = ledger_.epochs();
    return epochs && std::ranges::any_of(*epochs, [&mark](const EpochEnd& end) {
               return end.epoch == mark.epoch && mark.seq <= end.seq;
           });
}

Collectors::Answer Collectors::take(std::string_view name, const Watermark& mark) {
    const auto found = all_.find(name);
    if (found == all_.end()) return Answer::Stranger;
    Collector& collector = found->second;
    if (!has(mark)) {
        const bool known = !collector.trouble.empty();
        collector.trouble = fmt::format(
            "collector {} says that it has stored entry {} of epoch {:016x}, which this ledger "
            "does not have: is it new or an older copy, or is there another gate of this name?",
            name, mark.seq, mark.epoch);
        return known ? Answer::StillAhead : Answer::Ahead;
    }
    collector.trouble.clear();
    if (std::exchange(collector.stored, mark) != mark) keep_(cursor_of(name), mark);
    return Answer::Taken;
}

std::optional<Watermark> Collectors::lowest() const {
    if (all_.empty()) return std::nullopt;
    const auto stored = [](const auto& item) { return item.second.stored; };
    return std::ranges::min(all_ | std::views::transform(stored));
}

std::uint64_t Collectors::depth() const {
    const auto mark = lowest();
    return mark ? ledger_.count_after(*mark).value_or(0) : 0;
}

std::string Collectors::trouble() const {
    const auto ahead =
        std::ranges::find_if(all_, [](const auto& item) { return !item.second.trouble.empty(); });
    return ahead == all_.end() ? std::string{} : ahead->second.trouble;
}

}  // namespace stile
