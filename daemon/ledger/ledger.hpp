// SPDX-License-Identifier: Apache-2.0
// The ledger: what happened at this gate, in order, durable before anything moves
// (daemon/LEDGER.md).
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"
#include "daemon/clock/clock.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/ledger/grant.hpp"
#include "daemon/ledger/ticket_state.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// Since the epoch began. Monotonic.
struct Totals {
    std::uint64_t entered = 0;
    std::uint64_t left = 0;
    std::uint64_t released = 0;  // admissions taken back because nobody passed
    std::uint64_t admitted = 0;
    std::array<std::uint64_t, kReasonSlots> refused{};  // by reason number
    friend bool operator==(const Totals&, const Totals&) = default;
};

// The last entry that a consumer has acknowledged; seq 0: none.
struct Watermark {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    friend bool operator==(const Watermark&, const Watermark&) = default;
};

// What follows from the log's end. A batch works on a copy and hands it back when it is durable.
struct LedgerHead {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    crypto::Digest chain{};
    WallTime time;     // of the newest entry
    WallTime certain;  // of the newest entry that was written with a known time
    Totals totals{};
};

class Ledger;

// Some entries that become durable together or not at all. Ends undone unless committed; then the
// ledger is as it was. After any error but Corrupt from state(), only destroy it. Gate thread.
class Batch {
public:
    // A ticket's state, with what this batch has changed. Errors: Corrupt (this ticket only), Io.
    [[nodiscard]] Result<TicketState> state(const crypto::Identity& identity) const;
    [[nodiscard]] Result<void> set_state(const crypto::Identity& identity,
                                         const TicketState& state);
    // Appends a refusal, or an entry that no ticket belongs to. Returns its sequence number.
    [[nodiscard]] Result<std::uint64_t> append(EntryBody body, const ClockReading& now);
    // Appends an admission and marks it pending in the ticket's state; its Grant comes from
    // commit().
    [[nodiscard]] Result<void> admit(Decided decided, const crypto::Identity& identity,
                                     TicketState state, const ClockReading& now);
    // Appends what became of an admission, and counts it in the ticket's state; a damaged state is
    // left as it is.
    [[nodiscard]] Result<void> resolve(const OpenAdmission& admission, Passage passage,
                                       const ClockReading& now);
    [[nodiscard]] Result<void> set_cursor(std::string_view consumer, const Watermark& watermark);

    // Waits for the disk. The grants come in the order of admit(). Errors: Full, Io, Corrupt:
    // nothing is stored.
    [[nodiscard]] Result<std::vector<Grant>> commit() &&;

private:
    friend class Ledger;
    Batch(Ledger& ledger, lmdb::Writer writer);
    [[nodiscard]] Result<void> begin_epoch();
    [[nodiscard]] Result<void> write_meta();
    Ledger& ledger_;
    lmdb::Writer writer_;
    LedgerHead head_;
    std::vector<Grant> grants_;
};

// Owned and used by the gate thread alone.
class Ledger {
public:
    struct Options {
        std::filesystem::path folder;
        std::size_t map_bytes = 0;
        std::size_t reserve_bytes = 0;
        std::uint64_t boot = 0;
        std::string software;
    };

    // Opens or begins the ledger, ends admissions that a crash left open (they count as entered)
    // and appends DaemonStarted. Errors: as lmdb::Environment::open; Corrupt when the log's end
    // does not fit its chain; Unsupported for a later format.
    [[nodiscard]] static Result<Ledger> open(const Options& options, Clock& clock);

    [[nodiscard]] Result<Batch> begin();
    // Up to `most` stored entries from `first` on, as bytes. Errors: Corrupt (does not fit the
    // chain), Io.
    [[nodiscard]] Result<std::vector<Buffer>> entries(std::uint64_t first, std::size_t most) const;
    // A consumer that is not known starts before the first entry of this epoch.
    [[nodiscard]] Result<Watermark> cursor(std::string_view consumer) const;
    // Checks the chain from the first entry to the last. Errors: Corrupt naming the first bad
    // entry.
    [[nodiscard]] Result<void> verify() const;

    [[nodiscard]] const LedgerHead& head() const { return head_; }
    // Open admissions that this start found.
    [[nodiscard]] std::uint32_t unresolved() const { return unresolved_; }
    [[nodiscard]] std::uint64_t used_bytes() const { return environment_.used_bytes(); }

private:
    friend class Batch;
    explicit Ledger(lmdb::Environment environment) : environment_{std::move(environment)} {}
    [[nodiscard]] Result<bool> read_head();
    [[nodiscard]] Result<void> begin_epoch(Clock& clock);
    [[nodiscard]] Result<void> start(const Options& options, Clock& clock);
    [[nodiscard]] Result<std::vector<OpenAdmission>> open_admissions() const;
    [[nodiscard]] Result<Passage> presumed_passage(const OpenAdmission& admission) const;
    [[nodiscard]] lmdb::Table table(std::size_t index) const { return environment_.table(index); }

    lmdb::Environment environment_;
    LedgerHead head_;
    std::uint32_t unresolved_ = 0;
};

}  // namespace stile
