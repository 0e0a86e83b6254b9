// SPDX-License-Identifier: Apache-2.0
// Where each kind of revocation is looked for, and which stored values are damage.
#include "daemon/catalog/revocations.hpp"

#include <optional>
#include <utility>

#include "daemon/catalog/catalog.hpp"

namespace stile {

Result<std::unique_ptr<Revocations::Session>> Revocations::start() const {
    auto reader = catalog_.read();
    if (!reader) return std::unexpected{std::move(reader.error())};
    auto cursor = lmdb::Cursor::open(*reader, table_of(catalog_, CatalogTable::Hashed));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    return std::make_unique<Session>(Session{std::move(*reader), std::move(*cursor)});
}

Result<void> Revocations::begin() {
    if (session_) {
        if (auto resumed = session_->reader.resume(); !resumed) return resumed;
    } else {
        auto started = start();
        if (!started) return std::unexpected{std::move(started.error())};
        session_ = std::move(*started);
    }
    if (session_->reader.snapshot() == snapshot_) return {};
    auto list = read_revocation_list(catalog_, session_->reader);
    if (!list) return std::unexpected{std::move(list.error())};
    list_ = std::move(*list);
    snapshot_ = session_->reader.snapshot();
    return {};
}

Result<RevocationStatus> Revocations::look_up(const crypto::Ticket& ticket) {
    auto begun = begin();
    auto status = begun ? find(ticket) : std::unexpected{std::move(begun.error())};
    if (status) {
        session_->reader.pause();
    } else {  // begin anew next time
        session_.reset();
        snapshot_ = 0;
    }
    return status;
}

Result<RevocationList> Revocations::list() {
    // A ticket that nobody can have: the look-up refreshes list_.
    if (auto status = look_up({}); !status) return std::unexpected{std::move(status.error())};
    return list_;
}

Result<RevocationStatus> Revocations::find(const crypto::Ticket& ticket) const {
    RevocationStatus status;
    if (list_.generation == 0) return status;
    const auto& serial = ticket.serial;
    const bool dense = serial && is_dense(list_.ranges, ticket.issuer, ticket.event, *serial);
    const auto revoked = dense ? has_bit(ticket, *serial) : has_hash(ticket.identity);
    if (!revoked) return std::unexpected{revoked.error()};
    status.revoked = *revoked;
    if (!serial || list_.reissues == 0) return status;
    const auto lowest = lowest_valid(ticket, *serial);
    if (!lowest) return std::unexpected{lowest.error()};
    status.lowest_valid_reissue = *lowest;
    return status;
}

Result<bool> Revocations::has_bit(const crypto::Ticket& ticket, std::uint64_t serial) const {
    if (list_.bits == 0) return false;
    const auto key = bits_key(list_.generation, ticket.issuer, ticket.event,
                              static_cast<std::uint32_t>(serial / kChunkSerials));
    const auto found = session_->reader.get(table_of(catalog_, CatalogTable::Bits), key);
    if (!found) return std::unexpected{found.error()};
    const std::optional<Bytes>& chunk = *found;
    if (!chunk) return false;
    if (chunk->size() != kChunkBytes)
        return fail(Errc::Corrupt, "a chunk of the revocation list has the wrong size");
    const std::uint64_t bit = serial % kChunkSerials;
    return ((*chunk)[bit / 8] >> (bit % 8) & 1U) != 0;
}

Result<bool> Revocations::has_hash(const crypto::Identity& identity) const {
    if (list_.hashed == 0) return false;
    if (auto renewed = session_->hashed.renew(session_->reader); !renewed)
        return std::unexpected{std::move(renewed.error())};
    const ShortIdentity wanted = shorten(identity);
    return session_->hashed.has(hashed_key(list_.generation, wanted.head), big_endian(wanted.rest));
}

Result<std::uint8_t> Revocations::lowest_valid(const crypto::Ticket& ticket,
                                               std::uint64_t serial) const {
    const auto key = reissue_key(list_.generation, ticket.issuer, ticket.event, serial);
    const auto found = session_->reader.get(table_of(catalog_, CatalogTable::Reissue), key);
    if (!found) return std::unexpected{found.error()};
    const std::optional<Bytes>& value = *found;
    if (!value) return std::uint8_t{0};
    if (value->size() != 1 || value->front() == 0)
        return fail(Errc::Corrupt, "a re-issue record of the revocation list is damaged");
    return value->front();
}

}  // namespace stile
