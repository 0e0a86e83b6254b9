// SPDX-License-Identifier: Apache-2.0
// What scanners say beside the code.
#include <gtest/gtest.h>

#include "daemon/core/scan_text.hpp"

namespace stile {
namespace {

std::string cleaned(std::string_view text, std::string_view source = kBarcodeSource) {
    std::string out;
    clean_scan(text, source, out);
    return out;
}

TEST(ScanText, KeepsAnOrdinaryCode) {
    EXPECT_EQ(cleaned("kfndgffgyw4tdgcacx6bb3bgemq69cxj"), "kfndgffgyw4tdgcacx6bb3bgemq69cxj");
}

TEST(ScanText, TakesACharacterSetMarkOff) {
    for (const std::string_view mark : {R"(\000001)", R"(\000003)", R"(\000026)", R"(\000027)"})
        EXPECT_EQ(cleaned(std::string{mark} + "abc"), "abc") << mark;
}

TEST(ScanText, TakesOneMarkAndNoMore) {
    EXPECT_EQ(cleaned(R"(\000026\000026abc)"), R"(\000026abc)");
}

TEST(ScanText, KeepsOtherMarks) {
    EXPECT_EQ(cleaned(R"(\000002abc)"), R"(\000002abc)");
    EXPECT_EQ(cleaned(R"(\00002)"), R"(\00002)");
}

TEST(ScanText, KeepsAMarkThatIsNotAtTheFront) {
    EXPECT_EQ(cleaned(R"(abc\000026)"), R"(abc\000026)");
}

TEST(ScanText, KeepsTheMarkOfAMediumThatIsNoBarcode) {
    EXPECT_EQ(cleaned(R"(\000026abc)", "nfc_uid"), R"(\000026abc)");
}

TEST(ScanText, ReplacesControlCharacters) {
    EXPECT_EQ(cleaned("a\nb"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(cleaned(std::string_view{"\0", 1}), "\xEF\xBF\xBD");
    EXPECT_EQ(cleaned("\x7F", "nfc_uid"), "\xEF\xBF\xBD");
    EXPECT_EQ(cleaned("\xC2\x85"), "\xEF\xBF\xBD");
}

TEST(ScanText, KeepsSpacesAndLettersOfOtherScripts) {
    EXPECT_EQ(cleaned(" \xC3\x84 \xC2\xA0"), " \xC3\x84 \xC2\xA0");
}

TEST(ScanText, KeepsBytesThatAreNoText) {
    EXPECT_EQ(cleaned("\xC2"), "\xC2");
    EXPECT_EQ(cleaned("\xFF\x80"), "\xFF\x80");
}

TEST(ScanText, MakesNothingOfNothing) {
    EXPECT_EQ(cleaned(""), "");
    EXPECT_EQ(cleaned(R"(\000026)"), "");
}

}  // namespace
}  // namespace stile
