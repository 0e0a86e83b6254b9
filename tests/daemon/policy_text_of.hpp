// SPDX-License-Identifier: Apache-2.0
// Policy documents of a few lines, and what is told about them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/policy/policy_document.hpp"

namespace stile::test {

inline constexpr std::string_view kHead =
    "[policy]\nversion = 1\nname = \"x\"\nzone = \"Europe/Berlin\"\n";

inline std::vector<std::string> told(const std::vector<config::Mistake>& mistakes) {
    std::vector<std::string> texts;
    for (const auto& mistake : mistakes)
        texts.push_back(config::text_of(mistake, "p"));
    return texts;
}

// Of a document that begins with kHead, so its own first line is 5.
inline PolicyReading read(std::string_view text, const PolicyPlace& place = {}) {
    return read_policy(std::string{kHead}.append(text), place);
}

inline AccessPolicy policy(std::string_view text, const PolicyPlace& place = {}) {
    PolicyReading reading = read(text, place);
    EXPECT_EQ(told(reading.mistakes), std::vector<std::string>{});
    return std::move(reading.policy);
}

}  // namespace stile::test
