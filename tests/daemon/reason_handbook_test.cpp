// SPDX-License-Identifier: Apache-2.0
// The staff's handbook of reasons says what the table says.
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"

namespace stile {
namespace {

// The rows of daemon/core/REASONS.md.
std::string handbook_rows() {
    std::string rows;
    for (unsigned number = 0; number < kReasonSlots; ++number) {
        const auto reason = reason_from(static_cast<std::uint8_t>(number));
        if (!reason) continue;
        const ReasonText& text = text_of(*reason);
        rows += "| `" + std::string{text.code} + "` | " + std::string{text.headline} + " | " +
                std::string{text.advice} + " | " + std::string{text.handbook} + " |\n";
    }
    return rows;
}

TEST(ReasonHandbook, SaysWhatTheTableSays) {
    std::ifstream file{std::string{STILE_SOURCE_DIR} + "/daemon/core/REASONS.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::string rows = handbook_rows();
    EXPECT_TRUE(text.ends_with(rows)) << "REASONS.md must end with these rows:\n" << rows;
}

TEST(ReasonHandbook, HasASentenceForEveryReason) {
    for (unsigned number = 0; number < kReasonSlots; ++number) {
        const auto reason = reason_from(static_cast<std::uint8_t>(number));
        if (!reason) continue;
        const std::string_view sentence = text_of(*reason).handbook;
        EXPECT_GE(sentence.size(), 40U) << text_of(*reason).code;
        EXPECT_TRUE(sentence.ends_with('.')) << text_of(*reason).code;
        EXPECT_EQ(sentence.find('|'), std::string_view::npos) << text_of(*reason).code;
    }
}

}  // namespace
}  // namespace stile
