// SPDX-License-Identifier: Apache-2.0
// What the store knows of one ticket: whether somebody entered with it, and what that is told from.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sync/collector/admissions.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

struct TicketStory {
    crypto::TicketId ticket{};
    bool inside = false;
    bool revoked = false;
    std::optional<SoldTicket> sold;  // as imported
    std::vector<Movement> entered;   // without those that were annulled, by time
    std::vector<GateEntry> open;     // admissions of which nobody knows yet what became of them
    std::vector<GateEntry> entries;  // all, by arrival
    std::optional<std::uint64_t> event;
    std::optional<std::uint64_t> product;

    [[nodiscard]] bool used() const { return !entered.empty(); }
    // Sold, revoked or seen.
    [[nodiscard]] bool is_known() const { return sold || revoked || !entries.empty(); }
};

// Of each ticket whose id begins so, in the order of arrival; tickets that no gate has seen come
// last. At most `limit`. Of more entries than a person can make (10,000) an error: Full.
[[nodiscard]] Result<std::vector<TicketStory>> ticket_stories(EntryStore& store,
                                                              const TicketPrefix& prefix,
                                                              std::size_t limit);
// Of this one, known or not.
[[nodiscard]] Result<TicketStory> ticket_story(EntryStore& store, const crypto::TicketId& ticket);

}  // namespace stile::sync
