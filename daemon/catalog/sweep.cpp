// SPDX-License-Identifier: Apache-2.0
// One cursor that jumps over what is kept.
#include "daemon/catalog/sweep.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace stile {
namespace {

// Takes away at most `keys` keys. True when there may be more.
Result<bool> sweep_step(lmdb::Environment& catalog, CatalogTable table,
                        const GenerationsInUse& in_use, std::size_t keys) {
    auto writer = catalog.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    const auto kept = in_use(*writer);
    if (!kept) return std::unexpected{kept.error()};
    std::size_t left = keys;
    {
        auto cursor = lmdb::Cursor::open(*writer, table_of(catalog, table));
        if (!cursor) return std::unexpected{std::move(cursor.error())};
        auto pair = cursor->first();
        while (left > 0) {
            if (!pair) return std::unexpected{std::move(pair.error())};
            const std::optional<lmdb::Pair>& found = *pair;
            if (!found) break;
            const std::uint32_t generation = generation_of(found->first);
            if (std::ranges::binary_search(*kept, generation)) {
                if (generation == std::numeric_limits<std::uint32_t>::max()) break;
                pair = cursor->seek(big_endian(generation + 1));
                continue;
            }
            if (auto removed = cursor->remove_here(); !removed)
                return std::unexpected{std::move(removed.error())};
            --left;
            pair = cursor->next();
        }
    }
    if (left == keys) return false;
    if (auto done = std::move(*writer).commit(); !done)
        return std::unexpected{std::move(done.error())};
    return left == 0;
}

}  // namespace

std::uint32_t generation_of(Bytes key) {
    return ByteReader{key}.number<std::uint32_t>();
}

// A full map leaves little room for the copies of the pages that a removal changes: smaller steps
// need less, and free what the next ones use.
Result<void> sweep(lmdb::Environment& catalog, CatalogTable table, const GenerationsInUse& in_use,
                   std::size_t step_keys, const std::stop_token& stop) {
    for (std::size_t keys = step_keys;;) {
        if (stop.stop_requested()) return fail(Errc::Closed, "stopped");
        const auto more = sweep_step(catalog, table, in_use, keys);
        if (more && !*more) return {};
        if (more) continue;
        if (more.error().code != Errc::Full || keys == 1) return std::unexpected{more.error()};
        keys = std::max(keys / 16, std::size_t{1});
    }
}

}  // namespace stile
