// SPDX-License-Identifier: Apache-2.0
// Every message that the journal can name has words for people, and a name of its own.
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tree.hpp"

namespace stile::test {
namespace {

std::multiset<std::string> ids_in(const std::string& path) {
    static const std::regex id{"(^-- |= \")([0-9a-f]{32})"};
    std::multiset<std::string> found;
    std::ifstream in{top() / path};
    for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (std::regex_search(line, match, id)) found.insert(match[2]);
    }
    return found;
}

TEST(HouseMessages, AllStandInTheCatalogOnce) {
    const auto code = ids_in("daemon/runtime/message_id.hpp");
    EXPECT_GT(code.size(), 10U);
    EXPECT_EQ(code, ids_in("systemd/stile.catalog"));
    EXPECT_EQ(std::set(code.begin(), code.end()).size(), code.size());
}

}  // namespace
}  // namespace stile::test
