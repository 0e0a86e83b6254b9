// SPDX-License-Identifier: Apache-2.0
// Where tickets are made: a key, and the log that knows what it made. No ticket leaves before the
// log has it on the disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/issue/log/issue_log.hpp"
#include "crypto/issue/passphrase.hpp"
#include "crypto/issue/plan.hpp"
#include "crypto/issue/private_key.hpp"

namespace stile::crypto {

struct DeskOptions {
    std::filesystem::path key;
    PassphraseSource passphrase;
    std::filesystem::path log;  // empty: FILE.issued beside FILE.key
    std::chrono::sys_seconds now;
};

// A ticket whose log entry may still be on its way to the disk.
struct IssuedTicket {
    Gt1Fields fields;
    Buffer bytes;
    Digest digest{};
};

// The issuer's log. That a torn line was mended is said on standard error.
[[nodiscard]] Result<IssueLog> open_log(const DeskOptions& options, const KeyRecord& record);

// What a ticket says that this key signed, or that the log knows (its key may be an older one).
// Errors: Invalid.
[[nodiscard]] Result<Gt1Fields> read_own_ticket(std::string_view text, const KeyRecord& record,
                                                const IssueIndex& index);

class Desk {
public:
    // Errors: those of reading a private key and of opening the log.
    [[nodiscard]] static Result<Desk> open(const DeskOptions& options);

    // Signs a first copy, or a ticket that was made before from the same row (or with the same
    // bytes) once more. Errors: Invalid (what the key may not sign; a serial that is taken), Full
    // (no serial is left).
    [[nodiscard]] Result<IssuedTicket> issue(TicketPlan plan,
                                             const std::optional<RowTag>& row = std::nullopt);
    // Signs a newer copy of a serial; the counter becomes the highest one. Errors: as above, and
    // Invalid for a serial that is unknown, revoked, or has had all its copies.
    [[nodiscard]] Result<IssuedTicket> renew(Gt1Fields fields, IssueAct act);
    // Tickets may leave only after it. Errors: Full, Io.
    [[nodiscard]] Result<void> commit() { return log_.commit(); }

    [[nodiscard]] const KeyRecord& record() const { return key_.record; }
    [[nodiscard]] const IssueIndex& index() const { return log_.index(); }
    // A name for a row that only the holder of the key can compute.
    [[nodiscard]] RowTag tag_of(std::string_view batch, std::string_view row) const;

private:
    Desk(IssuerKey key, IssueLog log, std::chrono::sys_seconds now);
    [[nodiscard]] Result<IssuedTicket> sign(const Gt1Fields& fields) const;
    [[nodiscard]] Result<IssuedTicket> again(TicketPlan plan, const IssueEntry& made) const;
    [[nodiscard]] Result<void> check_as_gate(Bytes ticket) const;

    IssuerKey key_;
    IssueLog log_;
    std::chrono::sys_seconds now_;
    KeyRing ring_;  // of this key alone
    Digest row_secret_{};
};

}  // namespace stile::crypto
