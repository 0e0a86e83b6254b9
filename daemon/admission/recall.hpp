// SPDX-License-Identifier: Apache-2.0
// The entry memory of a case: what the ledger and the platform remember of its claimant.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/admission/case.hpp"
#include "daemon/core/merge_visits.hpp"
#include "daemon/ledger/ticket_state.hpp"

namespace stile {

// Who we are: a platform's number of this gate as its device (0: none), and the lane.
struct Standpoint {
    std::uint64_t device = 0;
    std::string_view lane;
};

// Fills visits and entry facts from `memory`, a Batch or a Ledger, under every name of the
// claimant, and adds the check-ins that the platform knows. Returns the state under the name to
// write under. There is a claimant. Errors: Corrupt (of this claimant: refuse it), Io.
template <class Memory>
[[nodiscard]] Result<TicketState> recall(Case& scan, const Memory& memory, const Standpoint& ours) {
    scan.visits.clear();
    for (const crypto::Identity& identity : scan.identities()) {
        if (auto found = memory.visits(identity, scan.list, scan.visits); !found)
            return std::unexpected{std::move(found.error())};
    }
    auto state = memory.state(scan.identities().front());
    if (!state) return state;
    forget_before(*state, scan.visits);
    if (scan.position != nullptr) {
        merge_visits(scan.position->visits, scan.list.list, ours.device, scan.visits);
    }
    scan.entry = entry_facts(*state, scan.visits, ours.lane);
    return state;
}

}  // namespace stile
