// SPDX-License-Identifier: Apache-2.0
// What an issuer has issued so far: which serials are taken, which copy is the newest, what a batch
// has made.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "crypto/base/result.hpp"
#include "crypto/issue/log/log_file.hpp"
#include "crypto/key_ring.hpp"

namespace stile::crypto {

struct LogTotals {
    std::uint64_t tickets = 0;  // serials
    std::uint64_t copies = 0;   // re-issued and exchanged
    std::uint64_t revoked = 0;
    std::uint64_t mended = 0;
};

// The sense of the lines, whoever reads them.
class IssueIndex {
public:
    // Only the serials of `counted` (all, if there is none) are counted on from.
    explicit IssueIndex(std::optional<SerialRange> counted) : counted_{counted} {}

    // Errors: Invalid for a copy that is not newer than the one before, a second first copy, a copy
    // of what was never issued or is revoked.
    [[nodiscard]] Result<void> add(const IssueEntry& entry);

    // The newest copy of a serial, or null.
    [[nodiscard]] const IssueEntry* newest(std::uint32_t event, std::uint64_t serial) const;
    // What a batch made of a row, or null.
    [[nodiscard]] const IssueEntry* made_of(const RowTag& row) const;
    [[nodiscard]] bool is_revoked(std::uint32_t event, std::uint64_t serial) const;
    // The serial after the highest one. Errors: Full if the range has none left.
    [[nodiscard]] Result<std::uint64_t> next_serial(std::uint32_t event) const;
    [[nodiscard]] const LogTotals& totals() const { return totals_; }

private:
    struct Key {
        std::uint32_t event;
        std::uint64_t serial;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
        std::size_t operator()(const RowTag& tag) const;
    };
    struct Serial {
        const IssueEntry* newest = nullptr;
        bool revoked = false;
    };
    [[nodiscard]] Result<void> add_copy(const IssueEntry& entry, Serial& serial);

    std::optional<SerialRange> counted_;
    std::deque<IssueEntry> entries_;  // does not move what it holds
    std::unordered_map<Key, Serial, Hash> serials_;
    std::unordered_map<RowTag, const IssueEntry*, Hash> rows_;
    std::map<std::uint32_t, std::uint64_t> highest_;  // of an event, within `counted_`
    LogTotals totals_;
};

// The log while a command works on it. Other processes wait for it.
class IssueLog {
public:
    // Opens the log of an issuer, or begins one. A line that a crash tore is cut off, and a Mend
    // entry says so. Errors: Corrupt (names the first bad line), Invalid (another issuer's), those
    // of LogFile.
    [[nodiscard]] static Result<IssueLog> open(const std::filesystem::path& path,
                                               std::string_view issuer,
                                               std::optional<SerialRange> counted,
                                               std::chrono::sys_seconds now);

    [[nodiscard]] const IssueIndex& index() const { return index_; }
    [[nodiscard]] std::uint64_t mended_bytes() const { return mended_bytes_; }

    // Takes an entry into the index at once; it counts only when commit() says so. Errors: those of
    // the index, and then nothing has changed.
    [[nodiscard]] Result<void> stage(const IssueEntry& entry);
    // Writes all staged entries and waits for the disk. After an error the log must not be used
    // again.
    [[nodiscard]] Result<void> commit();

private:
    IssueLog(LogFile file, std::optional<SerialRange> counted)
        : file_{std::move(file)}, index_{counted} {}
    void write(std::string_view text);

    LogFile file_;
    IssueIndex index_;
    LogEnd end_;
    std::string staged_;
    std::uint64_t mended_bytes_ = 0;
};

struct LogReport {
    LogEnd end;
    LogTotals totals;
    bool has_head = false;  // the head that was asked for is one of the log's
};

// Reads a whole log and checks form, chain and sense. Errors: Corrupt (names the first bad line),
// NotFound, Io.
[[nodiscard]] Result<LogReport> verify_log(const std::filesystem::path& path,
                                           const std::optional<Digest>& head);

}  // namespace stile::crypto
