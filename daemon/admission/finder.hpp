// SPDX-License-Identifier: Apache-2.0
// Looks up who shows a code: positions and media of synced orders, else a signed ticket.
#pragma once

#include <functional>
#include <memory>

#include "crypto/verifier.hpp"
#include "daemon/admission/case.hpp"
#include "daemon/catalog/orders/orders.hpp"

namespace stile {

// Thread-bound: gate thread. No errors: what cannot be read refuses.
class Finder {
public:
    struct Parts {
        Orders& orders;
        const crypto::Verifier& verifier;
        // The signed revocation list. Errors refuse the ticket.
        std::function<Result<RevocationFacts>(const crypto::Ticket&)> revocations;
        std::shared_ptr<const AccessBook> book;  // shared with cases; take_book() replaces it;
                                                 // null: it cannot be read, so everybody is refused
        std::uint64_t gate = 0;                  // the platform's number of this entrance; 0: none
    };
    explicit Finder(Parts parts) : parts_{std::move(parts)} {}

    // Everything but the entry memory. `into` may have been used before, and is made anew.
    void find(const Inquiry& inquiry, Case& into);
    void take_book(std::shared_ptr<const AccessBook> book) { parts_.book = std::move(book); }
    void set_gate(std::uint64_t gate) { parts_.gate = gate; }

private:
    [[nodiscard]] Result<void> look_up(const Inquiry& inquiry, Case& into);
    [[nodiscard]] Result<bool> find_medium(OrderView& view, Case& into);
    [[nodiscard]] Result<void> choose_position(OrderView& view, FoundBy found_by, Case& into);
    [[nodiscard]] Result<void> list_candidates(OrderView& view, Case& into);
    void prove(const Inquiry& inquiry, Case& into);
    [[nodiscard]] Result<void> look_up_standing(OrderView& view, Case& into);
    [[nodiscard]] Result<RevocationFacts> signed_revocation(const Case& scan) const;

    Parts parts_;
    // Of one inquiry; members, so that they keep their memory.
    std::vector<ListKey> lists_;
    std::vector<std::uint32_t> events_;
    std::vector<std::size_t> addons_until_;  // for each position that was found
};

}  // namespace stile
