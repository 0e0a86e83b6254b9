// SPDX-License-Identifier: Apache-2.0
// The ledger: what happened at this gate, in order, durable before anything moves
// (daemon/LEDGER.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sealed_box.hpp"
#include "daemon/ledger/batch.hpp"
#include "daemon/ledger/migration.hpp"

namespace stile {

// Entries of one epoch with consecutive sequence numbers, as bytes.
struct EntryRun {
    Watermark first;
    std::vector<Buffer> entries;
};

// A record that a platform has not acknowledged.
struct Queued {
    std::uint64_t number = 0;  // never used twice
    Buffer plain;
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
        std::string gate;                            // begins the nonces that are derived
        std::optional<crypto::BoxPublicKey> device;  // to which platforms' records are sealed
        OnMigration on_migration;                    // told when its format is an older one
    };

    // Opens or begins the ledger, brings it to this program's format, begins an epoch if it is a
    // restored copy, ends admissions that a crash left open (they count as entered) and appends
    // DaemonStarted. Errors: as lmdb::Environment::open; Corrupt when the log's end does not fit
    // its chain; Unsupported for a format that migrate() does not take.
    [[nodiscard]] static Result<Ledger> open(const Options& options, Clock& clock);
    // For looking only, also while a daemon writes or when the folder is a backup. Writing fails
    // with Denied. Errors: as open(), and NotFound.
    [[nodiscard]] static Result<Ledger> open_read_only(
        const std::filesystem::path& folder, lmdb::PageCheck check = lmdb::PageCheck::First);

    // `refusals` CountOnly: after a batch that failed with Full, to store the admissions at least.
    // While the disk is full and half of the reserve is used, every batch is so.
    [[nodiscard]] Result<Batch> begin(Refusals refusals = Refusals::Store);
    // A refusal could not be stored, nor counted by a batch.
    void refusal_lost(WallTime when);

    // The first `most` entries after that one, as far as they belong to one epoch; none at the end.
    // Errors: Corrupt, Io.
    [[nodiscard]] Result<EntryRun> entries_after(const Watermark& mark, std::size_t most) const;
    // Up to `most` entries of this epoch from `first` on.
    [[nodiscard]] Result<std::vector<Buffer>> entries(std::uint64_t first, std::size_t most) const;
    // How many entries come after it.
    [[nodiscard]] Result<std::uint64_t> count_after(const Watermark& mark) const;
    // All epochs in this log, oldest first. Errors: Corrupt, Io.
    [[nodiscard]] Result<std::vector<EpochEnd>> epochs() const;
    // A consumer that is not known starts before the first entry of all.
    [[nodiscard]] Result<Watermark> cursor(std::string_view consumer) const;
    // Up to `most` records that wait for that platform, the oldest first, from `first` on. A record
    // that cannot be opened is Corrupt; its number is in the text. Errors: Corrupt, Denied, Io.
    [[nodiscard]] Result<std::vector<Queued>> queued(std::string_view platform, std::uint64_t first,
                                                     std::size_t most,
                                                     const crypto::BoxKey& key) const;
    // Checks every chain from its first entry to its last, and the checksum of every row. Blocks
    // for all of it. Errors: Corrupt naming the first bad entry or row.
    [[nodiscard]] Result<void> verify() const;

    // Somebody has seen entries that this ledger does not have: it is an older image of itself.
    [[nodiscard]] bool is_ahead(const Watermark& mark) const;
    // Goes on in a new epoch, so that no number names two entries. No batch may be open.
    [[nodiscard]] Result<void> begin_epoch(EpochCause cause, const ClockReading& now);

    // As the batch's, of what is durable; for explanations.
    [[nodiscard]] Result<TicketState> state(const crypto::Identity& identity) const;
    [[nodiscard]] Result<void> visits(const crypto::Identity& identity, const ListKey& list,
                                      std::vector<Visit>& into) const;
    [[nodiscard]] Result<AreaCount> area(std::uint32_t area) const;
    [[nodiscard]] Result<std::optional<FoundAdmission>> find(std::string_view nonce) const;
    // Under which an admission without a nonce of its own can be named: "north-EPOCHHEX-SEQ".
    [[nodiscard]] std::string derived_nonce(const Watermark& entry) const;

    [[nodiscard]] const LedgerHead& head() const { return head_; }
    // Open admissions that this start found.
    [[nodiscard]] std::uint32_t unresolved() const { return unresolved_; }
    [[nodiscard]] std::uint64_t used_bytes() const { return environment_.used_bytes(); }
    // For copies and scrubbing.
    [[nodiscard]] const lmdb::Environment& environment() const { return environment_; }

private:
    friend class Batch;
    Ledger(lmdb::Environment environment, const Options& options)
        : environment_{std::move(environment)},
          gate_{options.gate},
          map_bytes_{options.map_bytes},
          reserve_bytes_{options.reserve_bytes},
          device_{options.device} {}
    enum class Found : std::uint8_t { Nothing, Ledger, Copy };
    [[nodiscard]] Result<Found> read_head();
    [[nodiscard]] Result<void> read_meta(const lmdb::Reader& reader);
    [[nodiscard]] Result<void> read_log_end(const lmdb::Reader& reader);
    [[nodiscard]] Result<void> start(const Options& options, Clock& clock);
    [[nodiscard]] Result<void> resolve_open(Batch& batch, const ClockReading& now);
    [[nodiscard]] Passage presumed_passage(const lmdb::Reader& reader,
                                           const OpenAdmission& admission) const;
    [[nodiscard]] bool is_short_of_space() const;
    [[nodiscard]] std::optional<Watermark> parse_derived(std::string_view nonce) const;
    [[nodiscard]] Result<std::optional<FoundAdmission>> find_in(const lmdb::Reader& reader,
                                                                std::string_view nonce) const;
    [[nodiscard]] lmdb::Table table(std::size_t index) const { return environment_.table(index); }

    lmdb::Environment environment_;
    std::string gate_;
    std::size_t map_bytes_;
    std::size_t reserve_bytes_;
    std::optional<crypto::BoxPublicKey> device_;
    LedgerHead head_;
    NotStored lost_;  // refusals since the disk became full
    std::uint32_t unresolved_ = 0;
    bool rolled_back_ = false;  // noticed in this run
};

}  // namespace stile
