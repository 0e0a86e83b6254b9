// SPDX-License-Identifier: Apache-2.0
// Reads the ledger again, little by little, so that damage is known before its ticket comes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/ledger/log_walk.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// One thread at a time; beside a writer, since each step reads a snapshot of its own.
class Scrubber {
public:
    // The environment outlives it.
    explicit Scrubber(const lmdb::Environment& environment) : environment_{environment} {}

    enum class Progress : std::uint8_t { More, Complete };
    // Looks at `most` more rows; after Complete the next step begins again. Rows that do not fit
    // their checksum are named in bad(). Errors: Io, Corrupt (a table cannot be walked on).
    [[nodiscard]] Result<Progress> step(std::size_t most);

    // Of the round that is under way, or was just completed.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] const std::vector<std::string>& bad() const { return bad_; }
    [[nodiscard]] const Watermark& log_end() const { return log_.end(); }

private:
    static constexpr std::size_t kMostNamed = 16;
    [[nodiscard]] Result<std::size_t> walk_table(const lmdb::Reader& reader, std::size_t most);
    void look_at(Bytes key, Bytes stored);
    void note(std::string what);

    const lmdb::Environment& environment_;
    std::size_t table_ = 0;
    Buffer last_key_;  // empty: the table's beginning
    LogWalk log_;
    std::uint64_t rows_ = 0;
    std::vector<std::string> bad_;
    Progress progress_ = Progress::More;
};

}  // namespace stile
