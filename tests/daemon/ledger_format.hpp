// SPDX-License-Identifier: Apache-2.0
// A ledger of an older format: what a test has written, under the number of that format.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>

#include "daemon/ledger/layout.hpp"

namespace stile::test {

inline lmdb::Environment open_raw(const std::filesystem::path& folder) {
    auto environment =
        lmdb::Environment::open({.folder = folder,
                                 .map_bytes = 64U << 20U,
                                 .tables = {layout::kTables.begin(), layout::kTables.end()},
                                 .check = lmdb::PageCheck::Skip});
    EXPECT_TRUE(environment) << environment.error().context;
    return std::move(*environment);
}

// Format 2 has the rows of format 3; only an act above 8 is not in it. Nobody has it open.
inline void set_format(const std::filesystem::path& folder, std::uint32_t format) {
    lmdb::Environment environment = open_raw(folder);
    auto writer = environment.write();
    const auto bytes = big_endian(format);
    ASSERT_TRUE(layout::put_row(environment, *writer, layout::kMeta, as_bytes(layout::kFormatKey),
                                {bytes.begin(), bytes.end()}));
    ASSERT_TRUE(std::move(*writer).commit());
}

}  // namespace stile::test
