// SPDX-License-Identifier: Apache-2.0
// One line of the issue log (crypto/issue/ISSUE.md): what was done with a ticket, chained to all
// before.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/hash.hpp"

namespace stile::crypto {

enum class IssueAct : std::uint8_t {
    Issue,     // the first copy of a serial
    Reissue,   // a newer copy of the same kind
    Exchange,  // a newer copy, bound to a holder where the old one was not, or the reverse
    Revoke,    // no copy is valid any more
    Mend,      // a crash left a torn line, which was cut off; nothing of it had left the program
};

// Whether the act made a ticket.
[[nodiscard]] constexpr bool makes_ticket(IssueAct act) {
    return act <= IssueAct::Exchange;
}

enum class Carrier : std::uint8_t { Copy, Holder };  // anyone with a copy, or the owner of a key

// The row of a batch, so that a second run finds what the first one made. A keyed hash: it tells
// nothing about the row.
using RowTag = std::array<std::uint8_t, 16>;

struct IssueEntry {
    std::chrono::sys_seconds time;
    IssueAct act = IssueAct::Issue;
    Gt1Fields fields;  // all but the holder key; of a revocation only event and serial
    Carrier carrier = Carrier::Copy;
    std::optional<RowTag> row;
    Digest digest{};               // SHA-256 of the ticket's core
    std::uint64_t torn_bytes = 0;  // of a Mend
};

// The line with this number, without the chain and without the space before it.
[[nodiscard]] std::string entry_text(const IssueEntry& entry, std::uint64_t number);
// Takes exactly what entry_text makes. Errors: Invalid.
[[nodiscard]] Result<IssueEntry> parse_entry(std::string_view text, std::uint64_t number);

// The text of line 0.
[[nodiscard]] std::string header_text(std::string_view issuer);

// The chain value of a line, from that of the line before it (zeros before line 0).
[[nodiscard]] Digest chain_of(const Digest& before, std::string_view text);

}  // namespace stile::crypto
