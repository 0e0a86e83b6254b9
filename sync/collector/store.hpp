// SPDX-License-Identifier: Apache-2.0
// The port to the collector's store: entries, what was sold and revoked, and a few notes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/collector/coverage.hpp"
#include "sync/collector/entry.hpp"

namespace stile::sync {

// What became of an entry that was put.
enum class Fate : std::uint8_t {
    Stored,   // it is new
    Known,    // a second copy: nothing changed
    Differs,  // its key is stored with another payload: the first stays
};

struct StoredEntry {
    std::uint64_t position = 0;  // grows in the order of arrival; has holes
    GateEntry entry;
};

// The first digits of a ticket's id: 8 to 32 hexadecimal ones.
class TicketPrefix {
public:
    static constexpr std::size_t kLeastDigits = 8;
    [[nodiscard]] static std::optional<TicketPrefix> parse(std::string_view digits);
    [[nodiscard]] static TicketPrefix of(const crypto::TicketId& ticket);
    // The ids that begin so, both inclusive.
    [[nodiscard]] const crypto::TicketId& first() const { return first_; }
    [[nodiscard]] const crypto::TicketId& last() const { return last_; }
    [[nodiscard]] bool is_whole() const { return first_ == last_; }

private:
    crypto::TicketId first_{};
    crypto::TicketId last_{};
};

// Which entries a report is about; what is empty does not matter. An entry without a time is in no
// span of time.
struct EntryFilter {
    std::string gate;
    std::optional<WallTime> since;  // inclusive
    std::optional<WallTime> until;  // exclusive
};

struct SoldTicket {
    crypto::TicketId ticket{};
    std::uint32_t event = 0;
    std::uint64_t product = 0;
    std::string channel;  // empty: not known
    std::uint32_t people = 1;
    friend bool operator==(const SoldTicket&, const SoldTicket&) = default;
};

// A short text under a name, changed at any time: which alarms are acknowledged, and the like.
struct Note {
    std::string name;
    std::string text;
    friend bool operator==(const Note&, const Note&) = default;
};

// Every function blocks on the disk or the server. What it returns without an error is durable.
// Thread-bound. Errors of all: Io (again later), Full, Closed and Timeout (the server is away: the
// next call connects again), Corrupt (the store cannot be trusted), Denied.
class EntryStore {
public:
    EntryStore() = default;
    EntryStore(const EntryStore&) = delete;
    EntryStore& operator=(const EntryStore&) = delete;
    virtual ~EntryStore() = default;

    // Stores a batch, all or nothing; one fate an entry, in their order. Idempotent.
    [[nodiscard]] virtual Result<std::vector<Fate>> put(std::span<const GateEntry> batch) = 0;
    // Of what put() has returned for; never ahead of the store. Valid until the next call.
    [[nodiscard]] virtual const Coverage& coverage() const = 0;

    // Up to `limit` entries behind a position, in the order of arrival. Nothing: that was all.
    [[nodiscard]] virtual Result<std::vector<StoredEntry>> scan(std::uint64_t after,
                                                                std::size_t limit) = 0;
    // The same in the order of (gate, epoch, seq), behind an entry; EntryName{} is before the
    // first.
    [[nodiscard]] virtual Result<std::vector<GateEntry>> in_order(const EntryFilter& filter,
                                                                  const EntryName& after,
                                                                  std::size_t limit) = 0;
    // Everything that names a ticket, and the annulments of its admissions, by arrival.
    [[nodiscard]] virtual Result<std::vector<StoredEntry>> by_ticket(const TicketPrefix& prefix,
                                                                     std::size_t limit) = 0;
    // What came from a gate last, the newest first.
    [[nodiscard]] virtual Result<std::vector<StoredEntry>> recent(std::string_view gate,
                                                                  std::size_t limit) = 0;

    // Adds or corrects tickets that were sold.
    [[nodiscard]] virtual Result<void> put_sold(std::span<const SoldTicket> tickets) = 0;
    // Up to `limit` of them behind an id, by id; a null id is before the first.
    [[nodiscard]] virtual Result<std::vector<SoldTicket>> sold(
        const std::optional<crypto::TicketId>& after, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<SoldTicket>> find_sold(
        const crypto::TicketId& ticket) = 0;

    // A new list of revoked tickets grows beside the one in use, and takes its place at the end;
    // what an import left unfinished is forgotten by the next.
    [[nodiscard]] virtual Result<void> begin_revoked() = 0;
    [[nodiscard]] virtual Result<void> put_revoked(std::span<const crypto::TicketId> tickets) = 0;
    [[nodiscard]] virtual Result<void> use_revoked() = 0;
    [[nodiscard]] virtual Result<bool> is_revoked(const crypto::TicketId& ticket) = 0;
    // Changes with every import, of either kind: look again at what depends on it.
    [[nodiscard]] virtual Result<std::uint64_t> import_count() = 0;

    // An empty text takes the note away.
    [[nodiscard]] virtual Result<void> keep(const Note& note) = 0;
    // All whose names begin so, by name.
    [[nodiscard]] virtual Result<std::vector<Note>> notes(std::string_view prefix) = 0;

    // Whether a collector has this store open for StoreUse::Collect, this one included.
    [[nodiscard]] virtual Result<bool> is_collecting() = 0;
};

// Collect: puts entries; one at a time may, another is refused (Denied). Look: everything else.
enum class StoreUse : std::uint8_t { Collect, Look };

}  // namespace stile::sync
