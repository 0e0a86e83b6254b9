// SPDX-License-Identifier: Apache-2.0
// Sorts any number of revocation records in bounded memory: full runs go to an unlinked file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

// In the order in which the tables are written.
enum class RecordKind : std::uint8_t { Bit, Reissue, Hashed };

// 24 bytes, also in the file. Ordered by kind, issuer, event, serial, then `order`.
struct RevocationRecord {
    RecordKind kind{};
    std::uint8_t order = 0;    // Reissue: 255 - counter, so that the highest counter comes first
    std::uint16_t head = 0;    // Hashed: the first bytes of the identity
    std::uint32_t event = 0;   // Bit, Reissue
    std::uint64_t issuer = 0;  // Bit, Reissue
    std::uint64_t serial = 0;  // Bit, Reissue; Hashed: the rest of the identity
};

// Whether both are about the same ticket in the same table.
[[nodiscard]] bool same_place(const RevocationRecord& a, const RevocationRecord& b);

class RecordSorter {
public:
    // Keeps at most `run_records` in memory; the file is made in `folder` when more come.
    RecordSorter(std::filesystem::path folder, std::size_t run_records);

    // Errors: Full (the disk), Io.
    [[nodiscard]] Result<void> add(const RevocationRecord& record);

    // Visits all records in ascending order, of those with the same place only the first; ends at
    // the visitor's first error. Call once, after the last add(). Errors: the visitor's, Full, Io.
    using Visitor = std::function<Result<void>(const RevocationRecord&)>;
    [[nodiscard]] Result<void> visit(const Visitor& visitor);

    [[nodiscard]] std::uint64_t size() const { return spilled_ + run_.size(); }

private:
    class Run;
    [[nodiscard]] Result<void> spill();
    [[nodiscard]] Result<void> open_file();
    [[nodiscard]] Result<void> merge(const Visitor& visitor);

    std::filesystem::path folder_;
    std::size_t run_records_;
    std::vector<RevocationRecord> run_;
    std::vector<std::uint64_t> run_ends_;  // in records, of the file
    std::uint64_t spilled_ = 0;
    UniqueFd file_;
};

}  // namespace stile
