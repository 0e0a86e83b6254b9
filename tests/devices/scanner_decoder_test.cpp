// SPDX-License-Identifier: Apache-2.0
// From the reports of a scanner to the texts of its scans.
#include <gtest/gtest.h>

#include "devices/scanner/pos.hpp"
#include "devices/scanner/scan_decoder.hpp"
#include "devices/scanner/xkb/xkb_layout.hpp"
#include "tests/devices/scanner_fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Texts = std::vector<std::string>;

constexpr std::string_view kGt1 = "GT1:0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:";
constexpr std::string_view kSecret = "E4BibyTSylQOgeKjuMPiTDxi5HXP+uTVsx1qCjli3I/0143gj0EZXOB9w==";

class Decoding : public ::testing::Test {
protected:
    void make(const ScannerForm& form, ScannerSettings settings = {}) {
        decoder_ = make_decoder(form, settings, load_layout).value();
    }
    void make_keyboard(const std::string& layout) { make(kBootKeyboard, {.layout = layout}); }
    // One report a millisecond, as a fast scanner sends them.
    Texts take(const std::vector<Buffer>& reports) {
        Texts texts;
        for (const Buffer& report : reports) {
            now_ += 1ms;
            add(decoder_->take(report, now_), texts);
        }
        return texts;
    }
    Texts wait(std::chrono::milliseconds time = 100ms) {
        now_ += time;
        Texts texts;
        add(decoder_->expire(now_), texts);
        return texts;
    }
    static void add(const std::vector<ScannedText>& scans, Texts& texts) {
        for (const ScannedText& scan : scans)
            texts.push_back(scan.text);
    }
    static std::vector<Buffer> enter() { return {boot_report(0, {kEnter}), boot_report(0, {})}; }

    std::unique_ptr<ScanDecoder> decoder_;
    std::chrono::nanoseconds now_ = 1s;
};

TEST_F(Decoding, ReadsTicketsOnAllLayouts) {
    for (const std::string layout : {"us", "gb", "de", "fr", "es", "it"}) {
        make_keyboard(layout);
        for (const std::string_view ticket : {kGt1, kSecret}) {
            EXPECT_EQ(take(typed(layout, ticket)), Texts{});
            EXPECT_EQ(take(enter()), Texts{std::string{ticket}}) << layout;
        }
        EXPECT_EQ(decoder_->note(), "") << layout;
        EXPECT_EQ(decoder_->losses(), ScanLosses{});
    }
}

TEST_F(Decoding, EndsAScanWithoutEnterByTime) {
    make_keyboard("us");
    EXPECT_EQ(take(typed("us", "ABC")), Texts{});
    ASSERT_TRUE(decoder_->deadline().has_value());
    EXPECT_LE(*decoder_->deadline(), now_ + 100ms);
    EXPECT_EQ(wait(), Texts{"ABC"});
    EXPECT_EQ(wait(), Texts{});
    EXPECT_FALSE(decoder_->deadline().has_value());
}

TEST_F(Decoding, MakesTwoScansOfTwoCodes) {
    make_keyboard("us");
    (void)take(typed("us", "FIRST"));
    EXPECT_EQ(wait(), Texts{"FIRST"});
    (void)take(typed("us", "SECOND"));
    EXPECT_EQ(wait(), Texts{"SECOND"});
}

TEST_F(Decoding, KeepsACodeTogetherThatThisProgramWasTooSlowFor) {
    make_keyboard("us");
    (void)take(typed("us", "GT1:"));
    EXPECT_EQ(wait(2s), Texts{});  // the timer, before the reports that have piled up
    EXPECT_EQ(take(typed("us", "AB")), Texts{});
    now_ += 2s;  // the reports before the timer
    EXPECT_EQ(take(typed("us", "CD")), Texts{});
    EXPECT_EQ(wait(), Texts{"GT1:ABCD"});
    EXPECT_EQ(decoder_->losses(), ScanLosses{});
}

TEST_F(Decoding, SpoilsNothingByATimerThatIsLate) {
    make_keyboard("de");
    (void)take({boot_report(0, {0x35}), boot_report(0, {})});  // a dead key
    EXPECT_EQ(wait(2s), Texts{});
    EXPECT_EQ(take(typed("de", " AB\r")), Texts{"^AB"});
}

TEST_F(Decoding, ReadsAKeyboardWithNumberedReports) {
    make(scanner_form(parse_report_descriptor(numbered_keyboard_descriptor()).value()).value());
    std::vector<Buffer> reports = typed("us", "AB\r");
    for (Buffer& report : reports)
        report.insert(report.begin(), 1);
    reports.insert(reports.begin() + 2, Buffer{2, 0xE9, 0x00});  // somebody turns the volume up
    EXPECT_EQ(take(reports), Texts{"AB"});
}

TEST_F(Decoding, ReadsCharactersByTheirNumbers) {
    make_keyboard("fr");
    std::vector<Buffer> reports;
    for (const std::uint8_t digit : Buffer{0x62, 0x5F, 0x59})  // 0 7 1
        reports.insert(reports.end(), {boot_report(4, {digit}), boot_report(4, {})});
    reports.push_back(boot_report(0, {}));
    EXPECT_EQ(take(reports), Texts{});
    EXPECT_EQ(take(enter()), Texts{"G"});
}

TEST_F(Decoding, DropsAScanWithAKeyThatCannotBeRead) {
    make_keyboard("us");
    (void)take(typed("us", "AB"));
    EXPECT_EQ(take({boot_report(0, {0x3A}), boot_report(0, {})}), Texts{});  // F1
    EXPECT_EQ(take(typed("us", "CD\rEF\r")), Texts{"EF"});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.spoiled = 1}));
}

TEST_F(Decoding, DropsAScanThatEndsInTheMiddleOfACharacter) {
    make_keyboard("de");
    (void)take(typed("de", "AB"));
    (void)take({boot_report(0, {0x35}), boot_report(0, {})});  // a dead key
    EXPECT_EQ(wait(), Texts{});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.spoiled = 1}));
    EXPECT_EQ(take(typed("de", "E\r")), Texts{"E"});  // and not with a circumflex
}

TEST_F(Decoding, DropsAScanWhenReportsWereLost) {
    make_keyboard("us");
    (void)take(typed("us", "AB"));
    decoder_->spoil(now_);
    EXPECT_EQ(take(typed("us", "CD\rEF\r")), Texts{"EF"});
}

TEST_F(Decoding, DropsALongScanAsAWhole) {
    make_keyboard("us");
    std::vector<Buffer> reports;
    for (int i = 0; i < 4097; ++i)
        reports.insert(reports.end(), {boot_report(0, {4}), boot_report(0, {})});
    EXPECT_EQ(take(reports), Texts{});
    EXPECT_EQ(take(enter()), Texts{});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.too_long = 1}));
}

TEST_F(Decoding, TrimsWhatAKeyboardTypes) {
    make(kBootKeyboard, {.wrapping = {.prefix = "QR", .suffix = ""}});
    EXPECT_EQ(take(typed("us", "QR]Q1GT1:AB\r")), Texts{"GT1:AB"});
}

TEST_F(Decoding, MakesNoScanOfNothing) {
    make_keyboard("us");
    EXPECT_EQ(take(enter()), Texts{});
    EXPECT_EQ(take(typed("us", "]Q1\r")), Texts{});
    EXPECT_EQ(take({boot_report(2, {}), boot_report(0, {})}), Texts{});
    EXPECT_EQ(wait(), Texts{});
    EXPECT_EQ(decoder_->losses(), ScanLosses{});
}

struct Misfit {
    std::string scanner;
    std::string site;
    std::string note;
};

TEST_F(Decoding, NoticesALayoutThatDoesNotFit) {
    const std::string begin = "the scanner's keyboard layout does not fit: it types as ";
    const Misfit misfits[] = {
        {"us", "de", begin + "us, gb"},     {"de", "us", begin + "de, es, it"},
        {"fr", "us", begin + "fr"},         {"us", "fr", begin + "us, gb"},
        {"de", "fr", begin + "de, es, it"}, {"it", "gb", begin + "de, es, it"}};
    for (const Misfit& row : misfits) {
        make_keyboard(row.site);
        (void)take(typed(row.scanner, "]Q1GT1:AB"));
        (void)wait();
        EXPECT_EQ(decoder_->note(), row.note) << row.scanner << " read as " << row.site;
        (void)take(typed(row.site, "GT1:AB"));
        (void)wait();
        EXPECT_EQ(decoder_->note(), "");
    }
}

TEST_F(Decoding, NoticesLettersOfTheWrongCase) {
    make_keyboard("us");
    (void)take(typed("us", "gt1:ab\r"));
    EXPECT_EQ(decoder_->note(), "the scanner changes upper and lower case");
}

TEST_F(Decoding, SaysNothingOfLayoutsWhenTicketsAreNotOurs) {
    make_keyboard("us");
    (void)take(typed("us", std::string{kSecret} + "\r"));
    (void)take(typed("us", "G\r"));
    EXPECT_EQ(decoder_->note(), "");
}

TEST_F(Decoding, FailsWithoutItsLayout) {
    const auto decoder = make_decoder(kBootKeyboard, {.layout = "xx"}, load_layout);
    ASSERT_FALSE(decoder.has_value());
    EXPECT_EQ(decoder.error().code, Errc::Config);
}

TEST_F(Decoding, ReadsASerialLine) {
    decoder_ = make_serial_decoder({});
    EXPECT_EQ(take({Buffer{'A', 'B'}, Buffer{'C', '\r', '\n', 'D'}}), Texts{"ABC"});
    EXPECT_EQ(wait(), Texts{"D"});
}

class PosDecoding : public Decoding {
protected:
    void SetUp() override {
        make(scanner_form(parse_report_descriptor(pos_descriptor()).value()).value());
    }
};

TEST_F(PosDecoding, ReadsACodeOfOneReport) {
    EXPECT_EQ(take({pos_report("]Q1", kGt1)}), Texts{std::string{kGt1}});
}

TEST_F(PosDecoding, PutsPiecesTogether) {
    EXPECT_EQ(take({pos_report("]Q1", std::string(56, 'a'), More::Yes),
                    pos_report("]Q1", std::string(56, 'b'), More::Yes), pos_report("]Q1", "c")}),
              Texts{std::string(56, 'a') + std::string(56, 'b') + "c"});
}

TEST_F(PosDecoding, BelievesTheFirstAimIdentifier) {
    EXPECT_EQ(take({pos_report("]Q2", R"(\000026A)", More::Yes), pos_report("]Q1", R"(\\B)")}),
              Texts{R"(A\B)"});
}

TEST_F(PosDecoding, TakesAnIdentifierThatIsNoneForNone) {
    EXPECT_EQ(take({pos_report(std::string_view{"\0\0\0", 3}, "A"), pos_report("abc", "B")}),
              (Texts{"A", "B"}));
}

TEST_F(PosDecoding, KeepsZerosThatAreCounted) {
    EXPECT_EQ(take({pos_report("]Q1", std::string_view{"A\0", 2})}),
              Texts{(std::string{'A', '\0'})});
}

TEST_F(PosDecoding, DropsACodeWithAnImpossibleLength) {
    Buffer report = pos_report("]Q1", "A");
    report[1] = 57;
    EXPECT_EQ(take({report, pos_report("]Q1", "B")}), Texts{"B"});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.spoiled = 1}));
}

TEST_F(PosDecoding, DropsACodeWithAPieceOfAnImpossibleLength) {
    Buffer report = pos_report("]Q1", "B", More::Yes);
    report[1] = 255;
    EXPECT_EQ(take({pos_report("]Q1", "A", More::Yes), report, pos_report("]Q1", "C"),
                    pos_report("]Q1", "D")}),
              Texts{"D"});
}

TEST_F(PosDecoding, DropsACodeWithAShortReportAndWhatFollowsAtOnce) {
    Buffer report = pos_report("]Q1", "A", More::Yes);
    report.resize(40);
    EXPECT_EQ(take({report, pos_report("]Q1", "B")}), Texts{});
    EXPECT_EQ(take({pos_report("]Q1", "C")}), Texts{"C"});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.spoiled = 1}));
}

TEST_F(PosDecoding, DropsACodeWhoseNextPieceDoesNotCome) {
    EXPECT_EQ(take({pos_report("]Q1", "A", More::Yes)}), Texts{});
    now_ += PosReports::kPatience;
    EXPECT_EQ(take({pos_report("]Q1", "B")}), Texts{"B"});
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.spoiled = 1}));
}

TEST_F(PosDecoding, DropsALongCodeAsAWhole) {
    const std::vector<Buffer> pieces(73, pos_report("]Q1", std::string(56, 'x'), More::Yes));
    EXPECT_EQ(take(pieces), Texts{});
    EXPECT_EQ(take({pos_report("]Q1", std::string(9, 'x'))}), Texts{});  // 4,097
    EXPECT_EQ(decoder_->losses(), (ScanLosses{.too_long = 1}));
    EXPECT_EQ(take(pieces), Texts{});
    EXPECT_EQ(take({pos_report("]Q1", std::string(8, 'x'))}), Texts{std::string(4096, 'x')});
}

TEST_F(PosDecoding, DropsACodeWhenReportsWereLost) {
    (void)take({pos_report("]Q1", "A", More::Yes)});
    decoder_->spoil(now_);
    EXPECT_EQ(take({pos_report("]Q1", "B"), pos_report("]Q1", "C")}), Texts{"C"});
}

TEST_F(PosDecoding, PassesOverOtherReportsAndEmptyCodes) {
    EXPECT_EQ(take({Buffer{}, Buffer{3, 1, 2}, pos_report("]Q1", "")}), Texts{});
    EXPECT_EQ(decoder_->losses(), ScanLosses{});
}

TEST_F(PosDecoding, ReadsDataWithoutALength) {
    make(scanner_form(parse_report_descriptor(plain_pos_descriptor()).value()).value());
    Buffer report(32);
    std::ranges::copy(as_bytes("]Q1GT1:AB\r"), report.begin());
    EXPECT_EQ(take({report}), Texts{"GT1:AB"});
    EXPECT_EQ(take({Buffer(32)}), Texts{});
}

}  // namespace
}  // namespace stile::devices
