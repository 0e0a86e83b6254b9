// SPDX-License-Identifier: Apache-2.0
// A signed statement about one ticket at one moment, and about what the collector does not know
// (sync/collector/RECEIPT.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/signing_key.hpp"
#include "sync/collector/coverage.hpp"
#include "sync/collector/doubts.hpp"
#include "sync/collector/ticket_story.hpp"

namespace stile::sync {

// Unknown: nothing of it was seen, but something may be missing.
enum class TicketState : std::uint8_t { Used, NotUsed, Unknown };
[[nodiscard]] std::string_view name_of(TicketState state);

struct Receipt {
    struct Seen {
        WallTime time;
        EntryName entry;
        std::uint64_t people = 1;
        friend bool operator==(const Seen&, const Seen&) = default;
    };
    struct Stored {
        EntryName upto;  // everything of its ledger up to it
        friend bool operator==(const Stored&, const Stored&) = default;
    };
    struct Missing {
        LedgerName ledger;
        SeqRange range;
        friend bool operator==(const Missing&, const Missing&) = default;
    };
    using Silent = SilentGate;
    // Stopped: nobody works on the store, or hears the gates.
    enum class Collecting : std::uint8_t { Runs, Stopped };
    enum class Told : std::uint8_t { Yes, No };

    std::string venue;
    std::string collector;
    crypto::PublicKey key{};
    WallTime made;
    crypto::TicketId ticket{};
    TicketState state = TicketState::Unknown;
    Told sold = Told::No;       // it is in the imported list of sold tickets
    Told revoked = Told::No;    // it is in the imported list of revoked ones
    std::vector<Seen> entered;  // at most kMostSeen, as the following
    std::vector<Seen> open;     // admitted; what became of it is not known yet
    Collecting collecting = Collecting::Runs;
    std::vector<Stored> stored;
    std::vector<Missing> missing;
    std::vector<Silent> silent;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

inline constexpr std::size_t kMostSeen = 100;
inline constexpr std::size_t kMostReceiptBytes = 1 << 20;

// What the facts say, state included; not yet signed.
struct ReceiptFacts {
    std::string venue;
    std::string collector;
    WallTime now;
    const TicketStory& story;
    const Coverage& coverage;
    Receipt::Collecting collecting = Receipt::Collecting::Runs;
    std::vector<Receipt::Silent> silent;
    std::vector<EntryName> ends;  // the last entries of ledgers, as far as gates counted them
};
[[nodiscard]] Receipt receipt_of(const ReceiptFacts& facts);

// The text with its signature; the key of the receipt becomes that of `key`.
[[nodiscard]] std::string sign_receipt(Receipt receipt, const crypto::SigningKey& key);

// What a genuine receipt of this key says. Errors: Invalid (not a receipt, with the line), Denied
// (another key's, or a wrong signature).
[[nodiscard]] Result<Receipt> verify_receipt(std::string_view text, const crypto::PublicKey& key);

}  // namespace stile::sync
