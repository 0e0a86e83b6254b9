// SPDX-License-Identifier: Apache-2.0
// The answers of the commands as text for people and JSON for machines.
#pragma once

#include <string>
#include <vector>

#include "sync/collector/receipt.hpp"
#include "sync/collector/store.hpp"
#include "sync/collector/ticket_story.hpp"

namespace stile::sync {

[[nodiscard]] std::string story_text(const TicketStory& story);
// {"tickets":[...]}: the fields of the answer to the question `ticket` (sync/OPS.md).
[[nodiscard]] std::string stories_json(const std::vector<TicketStory>& stories);

[[nodiscard]] std::string receipt_text(const Receipt& receipt);
[[nodiscard]] std::string receipt_json(const Receipt& receipt);

// What is wrong with a store's content.
struct StoreFaults {
    struct Gap {
        LedgerName ledger;
        SeqRange range;
    };
    std::vector<Gap> gaps;
    std::vector<crypto::TicketId> doubles;  // entered twice
    std::uint64_t entries = 0;
    [[nodiscard]] bool none() const { return gaps.empty() && doubles.empty(); }
};
[[nodiscard]] std::string faults_text(const StoreFaults& faults);
[[nodiscard]] std::string faults_json(const StoreFaults& faults);

}  // namespace stile::sync
