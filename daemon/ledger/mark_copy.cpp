// SPDX-License-Identifier: Apache-2.0
// One row more.
#include "daemon/ledger/mark_copy.hpp"

#include <utility>

#include "daemon/ledger/layout.hpp"

namespace stile {

Result<void> mark_as_copy(const std::filesystem::path& folder, std::size_t map_bytes) {
    auto environment =
        lmdb::Environment::open({.folder = folder,
                                 .map_bytes = map_bytes,
                                 .tables = {layout::kTables.begin(), layout::kTables.end()},
                                 .check = lmdb::PageCheck::Skip});
    if (!environment) return std::unexpected{std::move(environment.error())};
    auto writer = environment->write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    const Bytes key = as_bytes(layout::kCopyKey);
    if (auto put =
            layout::put_row(*environment, *writer, layout::kMeta, key, layout::encode_number(1));
        !put)
        return put;
    return std::move(*writer).commit();
}

}  // namespace stile
