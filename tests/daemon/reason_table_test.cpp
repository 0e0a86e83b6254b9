// SPDX-License-Identifier: Apache-2.0
// The table of reasons: a row for each, words for each, and all of it fits a Feedback message.
#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"

namespace stile {
namespace {

// The numbers that ledgers out there hold. -Wswitch makes sure that none is forgotten here.
constexpr bool is_known(Reason reason) {
    switch (reason) {
        case Reason::Valid:
        case Reason::Invalid:
        case Reason::Unpaid:
        case Reason::Canceled:
        case Reason::Used:
        case Reason::Revoked:
        case Reason::Blocked:
        case Reason::InvalidTime:
        case Reason::Product:
        case Reason::Rules:
        case Reason::Ambiguous:
        case Reason::Unapproved:
        case Reason::AnswersRequired:
        case Reason::Error:
        case Reason::AlreadyExchanged:
        case Reason::ExchangeRequired:
        case Reason::Replayed:
        case Reason::Superseded:
        case Reason::Assurance:
        case Reason::Passback:
        case Reason::Capacity:
        case Reason::StaleLists:
        case Reason::Clock:
        case Reason::ListsUnreadable:
        case Reason::NotRecorded:
        case Reason::LaneClosed:
        case Reason::FreePassage:
        case Reason::CardTorn:
        case Reason::CardEmpty:
        case Reason::CardUnreadable:
        case Reason::CardRandomId:
        case Reason::CardKey:
        case Reason::CardDelay:
        case Reason::CardLocked:
            return true;
    }
    return false;
}

Reason numbered(int number) {
    // Any number, on purpose. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
    return static_cast<Reason>(number);
}

std::vector<Reason> all_reasons() {
    std::vector<Reason> all;
    for (int number = 0; number < 256; ++number) {
        if (is_known(numbered(number))) all.push_back(numbered(number));
    }
    return all;
}

TEST(ReasonTable, HasARowForEveryReason) {
    for (const Reason reason : all_reasons())
        EXPECT_EQ(text_of(reason).reason, reason);
}

TEST(ReasonTable, KnowsExactlyTheNumbersOfItsReasons) {
    for (int number = 0; number < 256; ++number) {
        EXPECT_EQ(reason_from(static_cast<std::uint8_t>(number)).has_value(),
                  is_known(numbered(number)))
            << number;
    }
}

TEST(ReasonTable, AnswersAnUnknownNumberWithError) {
    EXPECT_EQ(text_of(numbered(0)).code, "ERROR");
    EXPECT_EQ(text_of(numbered(255)).code, "ERROR");
}

TEST(ReasonTable, FitsTheSlotsThatAreCountedPerReason) {
    for (const Reason reason : all_reasons())
        EXPECT_LT(std::to_underlying(reason), kReasonSlots);
}

TEST(ReasonTable, HasUniqueCodesOfCapitalsAndUnderscores) {
    std::set<std::string_view> codes;
    for (const Reason reason : all_reasons()) {
        const std::string_view code = text_of(reason).code;
        EXPECT_TRUE(codes.insert(code).second) << code;
        EXPECT_FALSE(code.empty());
        EXPECT_TRUE(std::ranges::all_of(code, [](char c) {
            return (c >= 'A' && c <= 'Z') || c == '_';
        })) << code;
    }
}

TEST(ReasonTable, SaysWhatIsTheMatterAndWhatToDoInWordsThatFitAFeedback) {
    for (const Reason reason : all_reasons()) {
        const ReasonText& text = text_of(reason);
        EXPECT_FALSE(text.headline.empty()) << text.code;
        EXPECT_FALSE(text.advice.empty()) << text.code;
        EXPECT_LE(text.headline.size(), 200U) << text.code;
        EXPECT_LE(text.advice.size(), 400U) << text.code;
    }
}

TEST(ReasonTable, KeepsTheNumbersThatAreInLedgers) {
    const std::map<int, std::string_view> numbers{
        {1, "VALID"},
        {2, "INVALID"},
        {3, "UNPAID"},
        {4, "CANCELED"},
        {5, "USED"},
        {6, "REVOKED"},
        {7, "BLOCKED"},
        {8, "INVALID_TIME"},
        {9, "PRODUCT"},
        {10, "RULES"},
        {11, "AMBIGUOUS"},
        {12, "UNAPPROVED"},
        {13, "ANSWERS_REQUIRED"},
        {14, "ERROR"},
        {15, "ALREADY_EXCHANGED"},
        {16, "EXCHANGE_REQUIRED_OFFLINE"},
        {32, "REPLAYED"},
        {33, "SUPERSEDED"},
        {34, "ASSURANCE"},
        {35, "PASSBACK"},
        {36, "CAPACITY"},
        {37, "STALE_LISTS"},
        {38, "CLOCK"},
        {39, "LISTS_UNREADABLE"},
        {40, "NOT_RECORDED"},
        {41, "LANE_CLOSED"},
        {42, "FREE_PASSAGE"},
        {43, "CARD_TORN"},
        {44, "CARD_EMPTY"},
        {45, "CARD_UNREADABLE"},
        {46, "CARD_RANDOM_ID"},
        {47, "CARD_KEY"},
        {48, "CARD_DELAY"},
        {49, "CARD_LOCKED"},
    };
    for (const Reason reason : all_reasons()) {
        const auto row = numbers.find(std::to_underlying(reason));
        ASSERT_NE(row, numbers.end()) << text_of(reason).code;
        EXPECT_EQ(text_of(reason).code, row->second);
    }
}

}  // namespace
}  // namespace stile
