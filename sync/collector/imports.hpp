// SPDX-License-Identifier: Apache-2.0
// What imported lists say about the tickets at hand: for how many people, and whether revoked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "crypto/base/result.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// Asks the store about a few tickets at a time, since a server may be far. Thread-bound. Errors of
// all functions: those of the store; the next call goes on.
class Imports {
public:
    static constexpr std::size_t kAtOnce = 500;  // tickets

    // Borrows both.
    Imports(EntryStore& store, Occupancy& occupancy);

    // Looks at tickets about which entries came, and at all of them after an import.
    [[nodiscard]] Result<void> work();

    // Whether everything has been looked at.
    [[nodiscard]] bool done() const { return count_done_ && unseen_.empty(); }
    [[nodiscard]] const std::set<crypto::TicketId>& revoked_inside() const {
        return revoked_inside_;
    }
    // People to whom tickets of an event were sold, by the imports. 0: none is known.
    [[nodiscard]] std::uint64_t sold(std::uint64_t event) const;

private:
    [[nodiscard]] Result<void> notice_import();
    [[nodiscard]] Result<void> count_sold();
    [[nodiscard]] Result<void> size_groups();
    [[nodiscard]] Result<void> find_revoked();

    EntryStore& store_;
    Occupancy& occupancy_;
    std::optional<std::uint64_t> import_;
    std::map<std::uint64_t, std::uint64_t> sold_;  // by event, complete
    // The count of them that is under way.
    std::map<std::uint64_t, std::uint64_t> counting_;
    std::optional<crypto::TicketId> counted_;
    bool count_done_ = false;
    std::set<crypto::TicketId> sized_;  // tickets whose people are known
    std::set<crypto::TicketId> unseen_;
    std::set<crypto::TicketId> revoked_inside_;
};

}  // namespace stile::sync
