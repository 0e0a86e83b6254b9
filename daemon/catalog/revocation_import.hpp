// SPDX-License-Identifier: Apache-2.0
// Replaces the revocation list by that of a text, while the gate goes on deciding.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "daemon/catalog/record_sorter.hpp"
#include "daemon/catalog/revocation_list.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// What bounds the memory and the transactions of an import; tests take smaller ones.
struct ImportLimits {
    std::size_t run_records = 2'000'000;  // sorted in memory at once, 24 bytes each
    std::size_t batch_bytes = 8U << 20U;  // appended in one transaction
    std::size_t removed_keys = 16'384;    // removed in one transaction
};

struct ImportRequest {
    int fd = -1;                    // a regular file or a memfd, read from its beginning; borrowed
    std::uint64_t size = 0;         // of the whole text: another length is an error
    std::chrono::sys_seconds at;    // stored as the time of the import
    std::vector<DenseRange> dense;  // as dense_ranges gives them
};

// Thread-bound: catalog thread.
class RevocationImport {
public:
    // Called from run(), after every 64 KiB of text and as the writing goes on; cheap, please.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

    // Borrows the environment; `folder` is its folder, where the file for sorting is made.
    RevocationImport(lmdb::Environment& catalog, std::filesystem::path folder,
                     const ImportLimits& limits = {});

    // Reads, sorts, writes and puts the new list in use; returns it. Blocks: about 1 s for a
    // million lines. After an error the list in use is the one from before. Errors: Invalid (the
    // text; the line is named), Closed (stopped), Full, Corrupt, Io.
    [[nodiscard]] Result<RevocationList> run(const ImportRequest& request, const Progress& progress,
                                             const std::stop_token& stop);

    // What a crash or a stop left behind. Errors: those of the function that it calls.
    [[nodiscard]] Result<void> remove_leftovers(const std::stop_token& stop);

private:
    [[nodiscard]] Result<RevocationList> import(const ImportRequest& request,
                                                const Progress& progress,
                                                const std::stop_token& stop);
    [[nodiscard]] Result<void> write(RecordSorter& sorter, RevocationList& list,
                                     const std::function<void(std::uint64_t)>& written,
                                     const std::stop_token& stop);

    lmdb::Environment& catalog_;
    std::filesystem::path folder_;
    ImportLimits limits_;
};

}  // namespace stile
