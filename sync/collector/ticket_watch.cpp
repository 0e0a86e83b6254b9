// SPDX-License-Identifier: Apache-2.0
// A ticket's last refusal at each of three gates is enough to know it.
#include "sync/collector/ticket_watch.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace stile::sync {

std::size_t TicketWatch::Hash::operator()(const crypto::TicketId& ticket) const {
    std::size_t out = 0;
    std::memcpy(&out, ticket.data(), sizeof out);
    return out;
}

TicketWatch::Places& TicketWatch::places_of(const crypto::TicketId& ticket, WallTime now) {
    if (const auto found = young_.find(ticket); found != young_.end()) return found->second;
    if (young_.size() >= kMostTickets / 2 || now >= young_since_ + kWithin) {
        old_ = std::exchange(young_, {});
        young_since_ = now;
    }
    Places places{};
    if (const auto found = old_.find(ticket); found != old_.end()) {
        places = found->second;
        old_.erase(found);
    }
    return young_.emplace(ticket, places).first->second;
}

void TicketWatch::take(const crypto::TicketId& ticket, std::size_t gate, WallTime time,
                       WallTime now) {
    Places& places = places_of(ticket, now);
    auto here = std::ranges::find_if(
        places, [&](const At& at) { return at.gate == gate && at.time != WallTime::min(); });
    if (here == places.end()) here = std::ranges::min_element(places, {}, &At::time);
    *here = {gate, std::max(time, here->gate == gate ? here->time : time)};
    const auto [first, last] = std::ranges::minmax(places, {}, &At::time);
    if (first.time != WallTime::min() && last.time - first.time <= kWithin)
        strike(ticket, last.time);
}

void TicketWatch::strike(const crypto::TicketId& ticket, WallTime time) {
    WallTime& last = strikes_[ticket];
    last = std::max(last, time);
    if (strikes_.size() <= kMostStrikes) return;
    strikes_.erase(
        std::ranges::min_element(strikes_, {}, [](const auto& strike) { return strike.second; }));
}

std::vector<crypto::TicketId> TicketWatch::look(WallTime now) const {
    std::vector<crypto::TicketId> out;
    for (const auto& [ticket, time] : strikes_)
        if (time + kRemembered > now) out.push_back(ticket);
    return out;
}

}  // namespace stile::sync
