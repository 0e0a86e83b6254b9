// SPDX-License-Identifier: Apache-2.0
// The collector is killed at any moment: what it has promised is in the file.
#include <gtest/gtest.h>

#include "sync/sqlite/sqlite_store.hpp"
#include "tests/daemon/killed_child.hpp"
#include "tests/sync/collector_store_bench.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync {
namespace {

using namespace testbed;  // NOLINT(google-build-using-namespace): everything here is of it

constexpr std::uint64_t kBatch = 20;

// Puts batches for ever, and tells each promise.
void put_for_ever(const std::filesystem::path& file, int promises) {
    auto store = open_sqlite_store(file, StoreUse::Collect);
    if (!store) return;
    for (std::uint64_t first = 1;; first += kBatch) {
        if (!(*store)->put(entries(first, first + kBatch - 1))) return;
        if ((*store)->coverage().watermarks().at(0).seq != first + kBatch - 1) return;
        if (::write(promises, "x", 1) != 1) return;
    }
}

TEST(CollectorCrash, LosesNothingThatWasPromised) {
    for (const int after : {0, 1, 2, 5, 11}) {
        const TempFolder folder{quick_parent()};
        const auto file = folder.path() / "entries.sqlite";
        ASSERT_TRUE(
            test::kill_child_after(after, [&file](int promises) { put_for_ever(file, promises); }));
        auto store = open_sqlite_store(file, StoreUse::Collect);
        ASSERT_TRUE(store) << store.error().context;
        const Watermark mark = (*store)->coverage().watermarks().at(0);
        EXPECT_GE(mark.seq, kBatch * static_cast<std::uint64_t>(after + 1));
        EXPECT_EQ(mark.missing, 0U);
        EXPECT_EQ(mark.seq % kBatch, 0U) << "half a batch was stored";
    }
}

TEST(CollectorCrash, RefusesAFileThatIsNoStore) {
    const TempFolder folder;
    const auto noise = folder.write("noise", std::string(8192, 'x'));
    const auto store = open_sqlite_store(noise, StoreUse::Collect);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::Corrupt);
    EXPECT_NE(store.error().context.find("file is not a database"), std::string::npos)
        << store.error().context;
}

TEST(CollectorCrash, SaysWhenTheFolderIsNotThere) {
    const auto store = open_sqlite_store("/nonexistent/entries.sqlite", StoreUse::Collect);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile::sync
