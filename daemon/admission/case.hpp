// SPDX-License-Identifier: Apache-2.0
// One scan and everything that is known of it: what the decision is made from.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/verifier.hpp"
#include "daemon/admission/access_book.hpp"
#include "daemon/catalog/orders/orders.hpp"
#include "daemon/core/choose.hpp"
#include "daemon/core/decide.hpp"

namespace stile {

// What somebody showed where, and what the one who scans wants. Borrows; it is copied where the
// case needs it.
struct Inquiry {
    std::string_view text;
    std::string_view source;         // under which media are registered: "barcode", "nfc_uid", ...
    std::span<const ListKey> lists;  // one an event, the most likely first
    Direction direction = Direction::Entry;
    ListFacts::Unpaid unpaid = ListFacts::Unpaid::Refuse;
    ListFacts::Asking asking = ListFacts::Asking::Ask;
    std::span<const GivenAnswer> answers;
    WallTime time;  // the best guess
    // A card's, of the ticket in the text; null: the text is proven as it was scanned.
    const crypto::Proof* proof = nullptr;
    // Of the card itself, for what stands in the orders.
    crypto::Assurance assurance = crypto::Assurance::StaticCopy;
};

// Made by a Finder, completed by recall(), decided as often as one likes. Movable. Keeps its memory
// when a Finder fills it again.
struct Case {
    Case() = default;
    Case(Case&&) noexcept = default;
    Case& operator=(Case&&) noexcept = default;
    Case(const Case&) = delete;
    Case& operator=(const Case&) = delete;
    ~Case() = default;

    // What was scanned, cleaned; where and when.
    std::string text;
    std::string source;
    ListKey list;  // of the claimant's event; the first selected one where there is no claimant
    WallTime time;
    Direction direction = Direction::Entry;
    ListFacts::Unpaid unpaid = ListFacts::Unpaid::Refuse;
    ListFacts::Asking asking = ListFacts::Asking::Ask;
    crypto::Assurance assurance = crypto::Assurance::StaticCopy;  // where there is no ticket
    std::vector<GivenAnswer> answers;
    std::uint64_t gate = 0;

    // Who asks. A refusal: nobody can be decided on, for this reason; a position is then only
    // spoken of.
    Refusal refusal;
    std::optional<crypto::Fault> fault;  // why it is no signed ticket, where that was asked
    std::optional<crypto::VerifiedTicket> ticket;
    std::optional<crypto::VerifiedTicket> elsewhere;  // genuine, of an event without a list here
    const KnownPosition* position = nullptr;          // in `found` or `addons`
    bool by_medium = false;  // the first of `media` stands for the position
    FoundPositions found;
    FoundPositions addons;
    FoundMedia media;
    std::vector<Candidate> candidates;

    // What is known of them.
    std::shared_ptr<const AccessBook> book;  // shared with the Finder: pointers below lead into it
    Door door;
    const Product* product = nullptr;
    const Variation* variation = nullptr;
    RevocationFacts revocation;
    ListFacts::Block block = ListFacts::Block::Clear;
    ListFacts::Media linked = ListFacts::Media::None;
    EntryFacts entry;
    std::vector<Visit> visits;
    Refusal venue;  // of the venue's policy

    [[nodiscard]] bool has_claimant() const { return !refusal && (ticket || position != nullptr); }
    // All names of the claimant in entry memory; the first is the one to write under. Empty: there
    // is no claimant.
    [[nodiscard]] std::span<const crypto::Identity> identities() const;
    [[nodiscard]] ListFacts list_facts() const;

    // Calls `use` with the one query of this case; there is a claimant.
    template <class Use>
    auto ask(const Policy& policy, const ClockBounds& now, const Use& use) const {
        const ListFacts at = list_facts();
        const Facts facts{revocation, entry, &at, venue};
        if (ticket) {
            const Claimant claimant{*ticket};
            return use(Query{claimant, facts, policy, now, direction});
        }
        const Claimant claimant{PositionClaim{position, by_medium ? &media.all()[0] : nullptr}};
        return use(Query{claimant, facts, policy, now, direction});
    }
};

// The decision. Allocates nothing, beside what a rule with lists of its own or the check of an
// answer may need. Pure.
[[nodiscard]] Decision decide(const Case& scan, const Policy& policy, const ClockBounds& now);

// Staff should look at this guest: the order, the product or the variation says so.
[[nodiscard]] bool needs_attention(const Case& scan);
// What the display shows: texts of order, variation and product, those that there are.
[[nodiscard]] std::vector<std::string_view> checkin_texts(const Case& scan);
// Questions that have to be answered first; there is a claimant.
[[nodiscard]] std::vector<const Question*> open_questions(const Case& scan);

}  // namespace stile
