// SPDX-License-Identifier: Apache-2.0
// Writing to the ledger: entries, states, visits and cursors that become durable together.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/clock/clock.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/ledger/grant.hpp"
#include "daemon/ledger/head.hpp"
#include "daemon/ledger/ticket_state.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

class Ledger;

inline constexpr std::size_t kMaxQueued = 16'384;  // the longest secret, spelled as JSON, fits

// Whether a batch writes refusals, or only counts them since the disk has no room for all.
enum class Refusals : std::uint8_t { Store, CountOnly };

// Somebody may pass. `decided` names list, people, flags, area and lane.
struct Admission {
    Decided decided;
    crypto::Identity identity{};
    TicketState state;  // as the caller has changed it; the ledger marks it pending
    // From where to where, if the policy has areas. The ledger counts people and moves the ticket
    // when the outcome is known.
    AreaMove move;
    std::string nonce;  // by which a platform names it; empty: it gets derived_nonce()
};

// An admission as somebody outside named it.
struct FoundAdmission {
    Watermark entry;
    crypto::Identity identity{};
    ListKey list;
    enum class Standing : std::uint8_t { Passed = 1, Open, Released, Annulled } standing{};
};

// People in an area as this gate counted them; others may have come through other gates.
struct AreaCount {
    std::int64_t inside = 0;
    std::int64_t coming = 0;  // admitted towards it, and not known yet whether they pass
    WallTime since;           // who was admitted before is not counted: the area was reset then
    friend bool operator==(const AreaCount&, const AreaCount&) = default;
};

struct Annulment {
    std::string nonce;   // of the admission, or
    Watermark entry;     // its Decided
    std::string person;  // empty: a machine, `reason` tells why
    std::string reason;
    std::chrono::milliseconds within = std::chrono::minutes{15};  // of its outcome
};
enum class AnnulAnswer : std::uint8_t { Done = 1, Unknown, TooLate, Already, StillOpen, Released };
// "taken back", "no such admission", ...
[[nodiscard]] std::string_view text_of(AnnulAnswer answer);

// Some entries that become durable together or not at all. Ends undone unless committed; then the
// ledger is as it was. After any error but Corrupt from a look-up, only destroy it. Gate thread.
class Batch {
public:
    Batch(Batch&&) noexcept = default;
    Batch& operator=(Batch&&) = delete;
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch() = default;

    // These look-ups see what this batch has changed. Errors: Corrupt (that ticket or area only;
    // the batch may go on), Io.
    [[nodiscard]] Result<TicketState> state(const crypto::Identity& identity) const;
    // Appends the visits in order of time. Allocates nothing but room in `into`.
    [[nodiscard]] Result<void> visits(const crypto::Identity& identity, const ListKey& list,
                                      std::vector<Visit>& into) const;
    [[nodiscard]] Result<AreaCount> area(std::uint32_t area) const;
    // Nothing when no admission has that nonce.
    [[nodiscard]] Result<std::optional<FoundAdmission>> find(std::string_view nonce) const;

    // Of the entry that is appended next, if it is an admission.
    [[nodiscard]] std::string next_nonce() const;
    [[nodiscard]] Refusals refusals() const { return refusals_; }

    // Begins the count of an area at nobody, unless it began then or later.
    [[nodiscard]] Result<void> begin_count(std::uint32_t area, WallTime since);
    [[nodiscard]] Result<void> set_state(const crypto::Identity& identity,
                                         const TicketState& state);
    // Appends a refusal, or an entry that no ticket belongs to. Returns its sequence number; 0 for
    // a refusal that is only counted.
    [[nodiscard]] Result<std::uint64_t> append(EntryBody body, const ClockReading& now);
    // Appends an admission, marks it pending in the ticket's state and writes an open visit (a test
    // ticket's does not count: neither). Its Grant comes from commit(). Returns its sequence
    // number.
    [[nodiscard]] Result<std::uint64_t> admit(Admission admission, const ClockReading& now);
    // Appends what became of an admission and settles visit, state and area; of people who passed
    // at most as many count as were admitted. A damaged state is left as it is. Call once for each.
    [[nodiscard]] Result<void> resolve(const OpenAdmission& admission, Passage passage,
                                       const ClockReading& now);
    // Takes a passage back: the visit is removed, the area is left again; the log keeps everything.
    // Any answer but Done has changed nothing.
    [[nodiscard]] Result<AnnulAnswer> annul(const Annulment& annulment, const ClockReading& now);
    [[nodiscard]] Result<void> set_cursor(std::string_view consumer, const Watermark& watermark);

    // Puts a record for a platform in line, sealed to the device key; at most kMaxQueued bytes.
    // Returns its number. Errors: Invalid (too long, or a bad name), Config (no device key).
    [[nodiscard]] Result<std::uint64_t> enqueue(std::string_view platform, Bytes plain);
    // The platform has it. No error when it was gone already.
    [[nodiscard]] Result<void> dequeue(std::string_view platform, std::uint64_t number);

    // Waits for the disk. The grants come in the order of admit(). Errors: Full, Io, Corrupt:
    // nothing is stored.
    [[nodiscard]] Result<std::vector<Grant>> commit() &&;

private:
    friend class Ledger;
    Batch(Ledger& ledger, lmdb::Writer writer, Refusals refusals);
    [[nodiscard]] Result<void> begin_epoch();
    [[nodiscard]] Result<void> write_meta();
    [[nodiscard]] Result<void> put(std::size_t table, Bytes key, Buffer value);
    [[nodiscard]] Result<void> put_visit(const OpenAdmission& admission, Visit::Standing standing,
                                         std::uint8_t people);
    [[nodiscard]] Result<void> remove_visit(const OpenAdmission& admission);
    [[nodiscard]] Result<void> settle_state(const OpenAdmission& admission, const Passage& passage,
                                            const ClockReading& now);
    [[nodiscard]] Result<void> move_back(const OpenAdmission& admission);
    [[nodiscard]] Result<void> count_area(std::uint32_t area, AreaCount change, WallTime admitted);
    [[nodiscard]] Result<std::uint64_t> append_annulled(const OpenAdmission& admission,
                                                        const Annulment& annulment,
                                                        const ClockReading& now);

    Ledger& ledger_;
    lmdb::Writer writer_;
    mutable std::optional<lmdb::Cursor> visits_;  // ends before the writer
    LedgerHead head_;
    Refusals refusals_;
    NotStored lost_;                   // refusals that this batch only counted
    std::optional<ClockReading> now_;  // of its newest entry
    std::vector<Grant> grants_;
};

}  // namespace stile
