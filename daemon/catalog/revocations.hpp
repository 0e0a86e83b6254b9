// SPDX-License-Identifier: Apache-2.0
// Asks the catalog whether a ticket is revoked.
#pragma once

#include <cstdint>
#include <memory>

#include "crypto/ticket.hpp"
#include "daemon/catalog/revocation_list.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

struct RevocationStatus {
    bool revoked = false;                   // the ticket as a whole
    std::uint8_t lowest_valid_reissue = 0;  // copies with a lower counter are not valid
    friend bool operator==(const RevocationStatus&, const RevocationStatus&) = default;
};

// Each look-up is one short read transaction, so that it sees a complete list and never holds back
// an import. Notices a new list by itself. Thread-bound.
class Revocations {
public:
    // Borrows the environment, which open_catalog made.
    explicit Revocations(const lmdb::Environment& catalog) : catalog_{catalog} {}

    // Does not wait for writers; allocates only when the list is new. Before a first import nothing
    // is revoked. Errors: Corrupt, Io; the caller refuses.
    [[nodiscard]] Result<RevocationStatus> look_up(const crypto::Ticket& ticket);

    // The list in use, without another import in between. Errors: Corrupt, Io.
    [[nodiscard]] Result<RevocationList> list();

private:
    // Both are paused between look-ups. The cursor goes before its reader.
    struct Session {
        lmdb::Reader reader;
        lmdb::Cursor hashed;
    };
    [[nodiscard]] Result<std::unique_ptr<Session>> start() const;
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<RevocationStatus> find(const crypto::Ticket& ticket) const;
    [[nodiscard]] Result<bool> has_bit(const crypto::Ticket& ticket, std::uint64_t serial) const;
    [[nodiscard]] Result<bool> has_hash(const crypto::Identity& identity) const;
    [[nodiscard]] Result<std::uint8_t> lowest_valid(const crypto::Ticket& ticket,
                                                    std::uint64_t serial) const;

    const lmdb::Environment& catalog_;
    RevocationList list_;
    std::uint64_t snapshot_ = 0;  // of the environment, when list_ was read
    std::unique_ptr<Session> session_;
};

}  // namespace stile
