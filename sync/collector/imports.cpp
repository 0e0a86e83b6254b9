// SPDX-License-Identifier: Apache-2.0
// Only what matters is asked: groups where two seem to be one, revocation of who is inside.
#include "sync/collector/imports.hpp"

#include <utility>

namespace stile::sync {

Imports::Imports(EntryStore& store, Occupancy& occupancy) : store_{store}, occupancy_{occupancy} {}

Result<void> Imports::work() {
    unseen_.merge(occupancy_.take_touched());
    for (const auto step : {&Imports::notice_import, &Imports::count_sold, &Imports::size_groups,
                            &Imports::find_revoked}) {
        if (auto done = (this->*step)(); !done) return done;
    }
    return {};
}

Result<void> Imports::notice_import() {
    const auto count = store_.import_count();
    if (!count) return std::unexpected{count.error()};
    if (std::exchange(import_, *count) == *count) return {};
    counting_.clear();
    counted_.reset();
    count_done_ = false;
    sized_.clear();
    unseen_.merge(occupancy_.tickets_inside());
    return {};
}

Result<void> Imports::count_sold() {
    if (count_done_) return {};
    const auto tickets = store_.sold(counted_, kAtOnce);
    if (!tickets) return std::unexpected{tickets.error()};
    for (const SoldTicket& ticket : *tickets) {
        counting_[ticket.event] += ticket.people;
        counted_ = ticket.ticket;
    }
    count_done_ = tickets->empty();
    if (count_done_) sold_ = std::exchange(counting_, {});
    return {};
}

// Who seems to be inside twice may have a ticket for two.
Result<void> Imports::size_groups() {
    std::set<crypto::TicketId> suspects;
    for (const auto& [ticket, conflicts] : occupancy_.conflicts()) {
        if (suspects.size() < kAtOnce && !sized_.contains(ticket)) suspects.insert(ticket);
    }
    for (const crypto::TicketId& ticket : suspects) {
        const auto sold = store_.find_sold(ticket);
        if (!sold) return std::unexpected{sold.error()};
        if (*sold) occupancy_.set_people(ticket, (*sold)->people);
        sized_.insert(ticket);
    }
    return {};
}

Result<void> Imports::find_revoked() {
    for (std::size_t i = 0; i < kAtOnce && !unseen_.empty(); ++i) {
        const crypto::TicketId ticket = *unseen_.begin();
        bool revoked = false;
        if (occupancy_.is_inside(ticket)) {
            const auto answer = store_.is_revoked(ticket);
            if (!answer) return std::unexpected{answer.error()};
            revoked = *answer;
        }
        if (revoked)
            revoked_inside_.insert(ticket);
        else
            revoked_inside_.erase(ticket);
        unseen_.erase(unseen_.begin());
    }
    return {};
}

std::uint64_t Imports::sold(std::uint64_t event) const {
    const auto found = sold_.find(event);
    return found == sold_.end() ? 0 : found->second;
}

}  // namespace stile::sync
