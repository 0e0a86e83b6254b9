// SPDX-License-Identifier: Apache-2.0
// Where a scan ends, and what is trimmed from it.
#include <gtest/gtest.h>

#include "devices/scanner/assembler.hpp"
#include "devices/scanner/trim.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGt1 = "GT1:6BF$Z C-/.*+%9";

class Assembly : public ::testing::Test {
protected:
    std::vector<std::string> take(std::string_view bytes, std::chrono::nanoseconds now) {
        std::vector<std::string> texts;
        for (const Piece& piece : assembler_.take(as_bytes(bytes), now))
            texts.emplace_back(as_text(piece.text));
        return texts;
    }
    std::optional<std::string> expire(std::chrono::nanoseconds now) {
        const auto piece = assembler_.expire(now);
        return piece ? std::optional{std::string{as_text(piece->text)}} : std::nullopt;
    }
    using Texts = std::vector<std::string>;

    Assembler assembler_{{.gap = 100ms}};
};

TEST_F(Assembly, EndsAScanAtEachLineEnd) {
    EXPECT_EQ(take("A\rB\nC\t", 0ms), (Texts{"A", "B", "C"}));
}

TEST_F(Assembly, EndsAScanWithItsLastByte) {
    EXPECT_EQ(take("AB", 0ms), Texts{});
    EXPECT_EQ(take("CD\r", 50ms), Texts{"ABCD"});
}

TEST_F(Assembly, EndsAScanAfterAGap) {
    EXPECT_EQ(take("AB", 10ms), Texts{});
    EXPECT_EQ(assembler_.deadline(), 110ms);
    EXPECT_EQ(expire(109ms), std::nullopt);
    EXPECT_EQ(expire(110ms), "AB");
    EXPECT_EQ(assembler_.deadline(), std::nullopt);
}

TEST_F(Assembly, SaysWhenTheLastByteCame) {
    (void)take("A", 10ms);
    (void)take("B", 20ms);
    EXPECT_EQ(assembler_.expire(120ms).value_or(Piece{}).at, 20ms);
}

TEST_F(Assembly, KeepsAScanTogetherThatIsTakenLate) {
    EXPECT_EQ(take("AB", 0ms), Texts{});
    EXPECT_EQ(take("CD\r", 3s), Texts{"ABCD"});
}

TEST_F(Assembly, WaitsForOneMoreGapWhenItIsAskedTooLate) {
    (void)take("AB", 0ms);
    EXPECT_EQ(expire(121ms), std::nullopt);
    EXPECT_EQ(assembler_.deadline(), 221ms);
    EXPECT_EQ(take("CD", 130ms), Texts{});
    EXPECT_EQ(assembler_.deadline(), 230ms);
    EXPECT_EQ(expire(250ms), "ABCD");
}

TEST_F(Assembly, SaysWhenTheLastByteCameThoughItWasAskedTooLate) {
    (void)take("AB", 10ms);
    EXPECT_EQ(assembler_.expire(500ms), std::nullopt);
    EXPECT_EQ(assembler_.expire(600ms).value_or(Piece{}).at, 10ms);
}

TEST_F(Assembly, WaitsForNothingWhenNothingIsUnderWay) {
    EXPECT_EQ(expire(1h), std::nullopt);
    EXPECT_EQ(take("A\r", 1h), Texts{"A"});
    EXPECT_EQ(expire(2h), std::nullopt);
    EXPECT_EQ(assembler_.deadline(), std::nullopt);
}

TEST_F(Assembly, MakesNothingOfEmptyLines) {
    const auto pieces = assembler_.take(as_bytes("\r\n\r\n"), 0ms);
    for (const Piece& piece : pieces)
        EXPECT_TRUE(piece.text.empty());
    EXPECT_EQ(assembler_.deadline(), std::nullopt);
}

TEST_F(Assembly, TakesALongScanAndDropsALongerOneAsAWhole) {
    const std::string longest(kMaxScannedBytes, 'x');
    EXPECT_EQ(take(longest + "\r", 0ms), Texts{longest});
    EXPECT_EQ(take(longest + "y\r" + "AFTER\r", 1ms), Texts{"AFTER"});
    EXPECT_EQ(assembler_.too_long(), 1U);
}

TEST_F(Assembly, DropsAnEndlessScanUpToItsGap) {
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(take(std::string(1000, 'x'), 10ms * i), Texts{});
    EXPECT_EQ(expire(1090ms), std::nullopt);
    EXPECT_EQ(take("NEXT\r", 3s), Texts{"NEXT"});
    EXPECT_EQ(assembler_.too_long(), 1U);
}

TEST_F(Assembly, DropsASpoiledScanAsAWhole) {
    (void)take("AB", 0ms);
    assembler_.spoil();
    EXPECT_EQ(take("CD\rEF\r", 1ms), Texts{"EF"});
    EXPECT_EQ(assembler_.spoiled(), 1U);
}

TEST_F(Assembly, DropsAScanThatIsSpoiledFromItsBeginning) {
    assembler_.touch(0ms);
    assembler_.spoil();
    EXPECT_EQ(take("CD", 1ms), Texts{});
    EXPECT_EQ(expire(101ms), std::nullopt);
    EXPECT_EQ(take("EF\r", 102ms), Texts{"EF"});
}

TEST_F(Assembly, WaitsWhileSomethingComesThatIsNoText) {
    (void)take("A", 0ms);
    assembler_.touch(90ms);
    EXPECT_EQ(take("B\r", 180ms), Texts{"AB"});
}

TEST_F(Assembly, EndsAScanAtTheSuffix) {
    assembler_ = Assembler{{.gap = 100ms, .suffix = "##"}};
    EXPECT_EQ(take("A#B##C#", 0ms), Texts{"A#B##"});
    EXPECT_EQ(take("#", 1ms), Texts{"C##"});
}

TEST_F(Assembly, FindsTheSuffixBehindAScanThatIsTooLong) {
    assembler_ = Assembler{{.gap = 100ms, .suffix = "##"}};
    EXPECT_EQ(take(std::string(5000, 'x') + "##NEXT##", 0ms), Texts{"NEXT##"});
    EXPECT_EQ(assembler_.too_long(), 1U);
}

struct Case {
    std::string_view text;
    std::string_view trimmed;
};

TEST(Trim, LeavesTicketsAsTheyAre) {
    for (const std::string_view text :
         {kGt1, std::string_view{"GT1:AB "}, std::string_view{" GT1:AB"},
          std::string_view{"kfndgffgyw4tdgcacx6bb3bgemq69cxj"},
          std::string_view{"E4BibyTSylQOgeKjuMPiTDxi5HXPuTVsx1qCjli3IL0143gj0EZXOB9"},
          std::string_view{R"(a\b)"}, std::string_view{R"(\000026x)"}, std::string_view{"]"},
          std::string_view{"]Q"}, std::string_view{"]1Q"}, std::string_view{"]Q-"},
          std::string_view{"\x1DGS"}, std::string_view{"\xC3\xBC"}}) {
        EXPECT_EQ(trim(text, {}), text);
    }
}

TEST(Trim, TakesLineEndsOff) {
    EXPECT_EQ(trim("A\r\n", {}), "A");
    EXPECT_EQ(trim("A\t\r\n\r", {}), "A");
    EXPECT_EQ(trim("A \r", {}), "A ");
    EXPECT_EQ(trim("\rA", {}), "\rA");
    EXPECT_EQ(trim("\r\n", {}), "");
}

TEST(Trim, TakesOneAimIdentifierOff) {
    EXPECT_EQ(trim("]Q1GT1:AB", {}), "GT1:AB");
    EXPECT_EQ(trim("]C0123", {}), "123");
    EXPECT_EQ(trim("]Q1]Q1AB", {}), "]Q1AB");
    EXPECT_EQ(trim("]Q1", {}), "");
}

TEST(Trim, TakesEciEscapesOffWhereTheAimIdentifierAnnouncesThem) {
    constexpr Case kCases[] = {
        {R"(]Q2\000026GT1:AB)", "GT1:AB"}, {R"(]Q4\000003A\000026B)", "AB"},
        {R"(]d6\000026A\\B)", R"(A\B)"},   {R"(]z3A\\000026)", R"(A\000026)"},
        {R"(]L1\000026AB)", "AB"},         {R"(]Q2AB)", "AB"},
    };
    for (const Case& row : kCases)
        EXPECT_EQ(trim(row.text, {}), row.trimmed);
}

TEST(Trim, LeavesBackslashesThatAreNoEscapes) {
    constexpr Case kCases[] = {
        {R"(]Q1\000026AB)", R"(\000026AB)"},    // this scanner says: no escapes
        {R"(]Q2\00002XAB)", R"(\00002XAB)"},    // five digits
        {R"(]Q2\000026A\B)", R"(\000026A\B)"},  // one that is none: none is
        {R"(]Q2AB\)", R"(AB\)"},                //
        {R"(]Q2AB\00002)", R"(AB\00002)"},      // cut off
    };
    for (const Case& row : kCases)
        EXPECT_EQ(trim(row.text, {}), row.trimmed);
}

TEST(Trim, BelievesTheAimIdentifierBesideTheText) {
    EXPECT_EQ(trim(R"(\000026AB)", {}, "]Q2"), "AB");
    EXPECT_EQ(trim(R"(\000026AB)", {}, "]Q1"), R"(\000026AB)");
    EXPECT_EQ(trim(R"(]Q1\000026AB)", {}, "]Q2"), "AB");
}

TEST(Trim, TakesThePrefixAndTheSuffixOffOnce) {
    const Wrapping wrapping{.prefix = "<", .suffix = ">"};
    EXPECT_EQ(trim("<AB>", wrapping), "AB");
    EXPECT_EQ(trim("<<AB>>", wrapping), "<AB>");
    EXPECT_EQ(trim("AB", wrapping), "AB");
    EXPECT_EQ(trim("<]Q1AB>\r", wrapping), "AB");
    EXPECT_EQ(trim("]Q1<AB", wrapping), "<AB");  // the prefix stands in front of everything
    EXPECT_EQ(trim(">", wrapping), "");
    EXPECT_EQ(trim(R"(\000026AB)", {.prefix = R"(\000026)"}), "AB");
}

}  // namespace
}  // namespace stile::devices
