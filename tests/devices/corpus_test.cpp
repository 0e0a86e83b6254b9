// SPDX-License-Identifier: Apache-2.0
// Photographs of other projects: how many are read, and that none is read wrongly.
#include <filesystem>
#include <iostream>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/picture_files.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

std::filesystem::path corpus() {
    return std::filesystem::path{STILE_SHARED_DIR} / "corpus";
}

struct Score {
    int pictures = 0;
    int read = 0;
    int wrong = 0;
    int texts = 0;
};

// Right is the expected text, in UTF-8 or byte by byte. An empty expectation means that the source
// gives no text: then any text counts as read.
bool is_right(const Code& code, const std::string& expected) {
    return expected.empty() || code.text == expected || as_text(code.bytes) == expected;
}

Score score(const std::string& set) {
    const ZxingDecoder decoder;
    Score score;
    const auto files = picture_files(corpus() / set).value();
    for (const auto& file : files) {
        const auto frame = read_picture(file);
        EXPECT_TRUE(frame.has_value()) << file;
        if (!frame) continue;
        const auto codes = decoder.decode(*frame).value();
        const std::string expected = testing::read_text(file.native() + ".expect");
        ++score.pictures;
        score.texts += static_cast<int>(codes.size());
        int right = 0;
        for (const Code& code : codes)
            right += is_right(code, expected) ? 1 : 0;
        if (right > 0) ++score.read;
        if (right < static_cast<int>(codes.size())) ++score.wrong;
    }
    std::cout << fmt::format("{}: {} of {} read, {} wrong\n", set, score.read, score.pictures,
                             score.wrong);
    return score;
}

class Corpus : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(corpus())) GTEST_SKIP() << "no image corpus at " << corpus();
    }
};

// What ZXing-cpp 1.4 reads of each set; less is a step back.
TEST_F(Corpus, ReadsAsManyPicturesAsItDidAndNoneWrongly) {
    const std::map<std::string, int> least{
        {"dgc", 70},       {"jsqr", 21},       {"zxcpp-qr1", 8},
        {"zxcpp-qr3", 16}, {"zxcpp-qr4", 11},  {"zxcpp-qr5", 9},
        {"zxjava-qr1", 3}, {"zxjava-qr3", 10}, {"zxjava-qr4", 2}};
    for (const auto& [set, reads] : least) {
        const Score result = score(set);
        EXPECT_GE(result.read, reads) << set;
        EXPECT_EQ(result.wrong, 0) << set;
    }
}

TEST_F(Corpus, FindsNoTextWhereThereIsNone) {
    EXPECT_EQ(score("neg-falsepos1").texts, 0);
}

TEST_F(Corpus, LeavesOtherSymbologiesAlone) {
    EXPECT_EQ(score("zxjava-aztec-1").texts, 0);
    EXPECT_EQ(score("zxjava-pdf417-2").texts, 0);
}

}  // namespace
}  // namespace stile::devices
