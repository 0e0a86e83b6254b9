// SPDX-License-Identifier: Apache-2.0
// No space: in the map, and on the disk. The failure is named and what was stored stays.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "tests/daemon/lmdb_fixture.hpp"
#include "tests/support/small_disk.hpp"

namespace stile::test {
namespace {

// Puts batches of records until that fails. Gives the number of records that were committed.
std::uint32_t fill(lmdb::Environment& environment, Error& ended) {
    for (std::uint32_t count = 0;; count += 20) {
        if (auto put = put_records(environment, count, count + 20); !put) {
            ended = put.error();
            return count;
        }
    }
}

TEST(LmdbFull, AFullMapLosesNothing) {
    const TempDir dir;
    const auto options = lmdb_options(dir.path() / "env", 1U << 20U);
    std::uint32_t count = 0;
    {
        auto environment = lmdb::Environment::open(options);
        ASSERT_TRUE(environment) << environment.error().context;
        Error ended;
        count = fill(*environment, ended);
        EXPECT_EQ(ended.code, Errc::Full) << ended.context;
        EXPECT_GT(count, 20U);
        EXPECT_TRUE(has_records(*environment, count).value());
    }
    auto environment = lmdb::Environment::open(options);
    ASSERT_TRUE(environment) << environment.error().context;
    EXPECT_TRUE(has_records(*environment, count).value());
}

TEST(LmdbFull, AFullMapTakesWritesAgainAfterARemoval) {
    const TempDir dir;
    auto environment = lmdb::Environment::open(lmdb_options(dir.path() / "env", 1U << 20U));
    ASSERT_TRUE(environment) << environment.error().context;
    Error ended;
    const std::uint32_t count = fill(*environment, ended);
    auto writer = environment->write();
    ASSERT_TRUE(writer);
    for (std::uint32_t i = 0; i < count; ++i)
        ASSERT_TRUE(writer->remove(environment->table(0), big_endian(i)));
    ASSERT_TRUE(std::move(*writer).commit());
    EXPECT_TRUE(put_records(*environment, 0, 20));
}

enum class Mounted : int { Good = 0, Wrong = 1, Impossible = 2 };

// The disk, not the map, ends the filling. Runs in a child that has its own mounts.
Mounted fill_small_disk(const std::filesystem::path& folder) {
    if (!mount_small_disk(folder, 2)) return Mounted::Impossible;
    std::uint32_t count = 0;
    {
        auto environment = lmdb::Environment::open(lmdb_options(folder / "env"));
        if (!environment) return Mounted::Wrong;
        Error ended;
        count = fill(*environment, ended);
        if (ended.code != Errc::Full || count < 20) return Mounted::Wrong;
        if (!has_records(*environment, count).value_or(false)) return Mounted::Wrong;
    }
    auto again = lmdb::Environment::open(lmdb_options(folder / "env"));
    const bool whole = again && has_records(*again, count).value_or(false);
    return whole ? Mounted::Good : Mounted::Wrong;
}

TEST(LmdbFull, AFullDiskLosesNothing) {
    const TempDir dir;
    const int ended = in_child([&] { return static_cast<int>(fill_small_disk(dir.path())); });
    if (ended == static_cast<int>(Mounted::Impossible))
        GTEST_SKIP() << "a file system can be mounted by root only";
    EXPECT_EQ(ended, static_cast<int>(Mounted::Good));
}

// The page check is another process, and writes the lock file that a restored folder does not have.
Mounted open_on_full_disk(const std::filesystem::path& folder) {
    if (!mount_small_disk(folder, 2)) return Mounted::Impossible;
    auto options = lmdb_options(folder / "env");
    {
        auto environment = lmdb::Environment::open(options);
        if (!environment || !put_records(*environment, 0, 20)) return Mounted::Wrong;
    }
    std::filesystem::remove(folder / "env" / "lock.mdb");
    fill_up(folder / "filler");
    for (const auto access : {lmdb::Access::Write, lmdb::Access::ReadOnly}) {
        options.access = access;
        const auto opened = lmdb::Environment::open(options);
        if (opened || opened.error().code != Errc::Full) return Mounted::Wrong;
    }
    std::filesystem::remove(folder / "filler");
    const auto again = lmdb::Environment::open(options);
    return again && has_records(*again, 20).value_or(false) ? Mounted::Good : Mounted::Wrong;
}

TEST(LmdbFull, AFullDiskIsNotTakenForDamage) {
    const TempDir dir;
    const int ended = in_child([&] { return static_cast<int>(open_on_full_disk(dir.path())); });
    if (ended == static_cast<int>(Mounted::Impossible))
        GTEST_SKIP() << "a file system can be mounted by root only";
    EXPECT_EQ(ended, static_cast<int>(Mounted::Good));
}

// A disk that is too small for what is to be reserved says so at the first start.
Mounted reserve_on_small_disk(const std::filesystem::path& folder) {
    if (!mount_small_disk(folder, 2)) return Mounted::Impossible;
    auto options = lmdb_options(folder / "env");
    options.reserve_bytes = 8U << 20U;
    const auto opened = lmdb::Environment::open(options);
    return !opened && opened.error().code == Errc::Full ? Mounted::Good : Mounted::Wrong;
}

TEST(LmdbFull, ADiskThatIsTooSmallToReserveIsFull) {
    const TempDir dir;
    const int ended = in_child([&] { return static_cast<int>(reserve_on_small_disk(dir.path())); });
    if (ended == static_cast<int>(Mounted::Impossible))
        GTEST_SKIP() << "a file system can be mounted by root only";
    EXPECT_EQ(ended, static_cast<int>(Mounted::Good));
}

}  // namespace
}  // namespace stile::test
