// SPDX-License-Identifier: Apache-2.0
// Which folders a simulation takes for its own.
#include "tests/simulate/out_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace stile::simulate {
namespace {

namespace fs = std::filesystem;

TEST(SimulatedFolder, IsMadeWhereThereIsNone) {
    const test::TempDir top;
    EXPECT_TRUE(take_folder(top.path() / "one/two"));
    EXPECT_TRUE(fs::is_directory(top.path() / "one/two"));
}

TEST(SimulatedFolder, MayBeEmpty) {
    const test::TempDir top;
    EXPECT_TRUE(take_folder(top.path()));
}

TEST(SimulatedFolder, IsTakenAgainWithAllThatItLeft) {
    const test::TempDir top;
    ASSERT_TRUE(take_folder(top.path()));
    fs::create_directories(top.path() / "collector");
    EXPECT_TRUE(take_folder(top.path()));
}

TEST(SimulatedFolder, IsNeverOneThatSomebodyElseFilled) {
    const test::TempDir top;
    fs::create_directories(top.path() / "collector");
    std::ofstream{top.path() / "collector/entries.sqlite"} << "the season";
    for (int again = 0; again < 2; ++again) {
        const auto taken = take_folder(top.path());
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().code, Errc::Invalid);
    }
    EXPECT_TRUE(fs::exists(top.path() / "collector/entries.sqlite"));
    EXPECT_FALSE(fs::exists(top.path() / kOursFile));
}

TEST(SimulatedFolder, IsNoFile) {
    const test::TempDir top;
    std::ofstream{top.path() / "file"} << "text";
    EXPECT_FALSE(take_folder(top.path() / "file"));
    EXPECT_FALSE(take_folder(top.path() / "file/below"));
}

}  // namespace
}  // namespace stile::simulate
