// SPDX-License-Identifier: Apache-2.0
// Printed tickets: their code can be read from the rendered page, whatever script stands beside it.
#include <cmath>

#include <gtest/gtest.h>

#include "crypto/issue/card_text.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/zone/zone.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/pages.hpp"

namespace stile::crypto {
namespace {

constexpr const char* kMade = "2026-07-31T16:00:00Z";

Gt1Fields fields(std::uint64_t serial = 17) {
    Gt1Fields made = tests::test_fields();
    made.serial = serial;
    made.seat = InlineText<kGt1MaxSeat>{"Block C 4"};
    return made;
}

std::string text_of(const Gt1Fields& of) {
    return gt1_text(tests::test_ticket(of, tests::test_key(1)));
}

PrintText english() {
    PrintText print;
    print.title = "Summer Night Festival";
    print.venue = "Old Harbour, Hall 3";
    print.entrance = "North";
    print.name = "Ada Lovelace";
    print.zone = "Europe/Berlin";
    print.starts = tests::at(1'760'000'000);
    return print;
}

Card card(const Gt1Fields& of, const PrintText& print) {
    return make_card(of, print, *make_qr(text_of(of))).value();
}

class Paper_ : public testing::Test {
protected:
    tests::TemporaryFolder folder;

    void SetUp() override {
        if (!std::filesystem::exists(tests::kPdfToPpm)) GTEST_SKIP() << "poppler-utils is missing";
    }
    [[nodiscard]] std::vector<tests::Page> print(const std::vector<Card>& cards, Paper paper,
                                                 int dots = 150) const {
        const auto file = to_pdf(cards, paper, kMade);
        EXPECT_TRUE(file) << file.error().context;
        if (!file) return {};
        tests::write_text(folder / "t.pdf", std::string{as_text(*file)});
        return tests::pages_of(folder / "t.pdf", dots);
    }
    void expect_readable(const PrintText& text) const {
        const auto pages = print({card(fields(), text)}, Paper::Ticket);
        ASSERT_EQ(pages.size(), 1U);
        EXPECT_EQ(tests::read_code(pages[0]), text_of(fields()));
    }
};
using PaperTicket = Paper_;
using PaperSheet = Paper_;

TEST_F(PaperTicket, CanBeReadFromThePage) {
    expect_readable(english());
}

TEST_F(PaperTicket, CanBeReadBesideChinese) {
    PrintText text = english();
    text.title = "夏夜音樂節：星空下的城市交響樂團特別演出";
    text.venue = "國家體育場　北京朝陽區";
    text.name = "王小明";
    text.zone = "Asia/Shanghai";
    expect_readable(text);
}

TEST_F(PaperTicket, CanBeReadBesideArabic) {
    PrintText text = english();
    text.title = "مهرجان ليلة الصيف للموسيقى والفنون";
    text.name = "محمد عبد الله";
    expect_readable(text);
}

TEST_F(PaperTicket, KeepsItsShapeWithVeryLongTexts) {
    PrintText text = english();
    for (std::string* one : {&text.title, &text.venue, &text.entrance, &text.name, &text.note})
        for (int i = 0; i < 60; ++i)
            *one += "endless words ";
    text.note += std::string(500, 'W');
    expect_readable(text);
}

// The left part of a line between text and code stays white: nothing runs into the code.
TEST_F(PaperTicket, KeepsTextAwayFromTheCode) {
    PrintText text = english();
    text.title = text.name = std::string(300, 'W');
    const auto pages = print({card(fields(), text)}, Paper::Ticket, 100);
    ASSERT_EQ(pages.size(), 1U);
    const auto column = [](double millimetres) { return std::lround(millimetres / 25.4 * 100); };
    for (long y = column(16); y < column(70); ++y)
        for (long x = column(10 + 123); x < column(10 + 126); ++x)
            ASSERT_GT(pages[0].pixels[static_cast<std::size_t>(y * pages[0].width + x)], 250)
                << x << "," << y;
}

TEST_F(PaperTicket, HasModulesOfEightTenthsOfAMillimetreAtLeast) {
    Gt1Fields largest = fields();
    largest.seat = InlineText<kGt1MaxSeat>{std::string(kGt1MaxSeat, 'W')};
    largest.holder = tests::ed25519_holder(tests::test_key(2));
    const auto code = make_qr(text_of(largest));
    ASSERT_TRUE(code);
    EXPECT_GE(56.0 / static_cast<double>(code->size + 2 * kQuietZone), 0.8) << code->version;
    const auto pages = print({card(largest, english())}, Paper::Ticket);
    EXPECT_EQ(tests::read_code(pages.at(0)), text_of(largest));
}

TEST_F(PaperTicket, IsTheSameFileEachTime) {
    const std::vector<Card> cards{card(fields(), english())};
    EXPECT_EQ(to_pdf(cards, Paper::Ticket, kMade).value(),
              to_pdf(cards, Paper::Ticket, kMade).value());
}

TEST_F(PaperTicket, SaysWhichPackageAMissingFontIsIn) {
    PrintText text = english();
    text.name = "\U0010FFFD";  // for private use: no font has it
    const auto file = to_pdf(std::vector{card(fields(), text)}, Paper::Ticket, kMade);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::Unsupported);
    EXPECT_NE(file.error().context.find("fonts-noto"), std::string::npos);
}

TEST_F(PaperSheet, HasFourTicketsAPage) {
    std::vector<Card> cards;
    for (std::uint64_t serial = 0; serial < 9; ++serial)
        cards.push_back(card(fields(serial), english()));
    const auto pages = print(cards, Paper::Sheet);
    ASSERT_EQ(pages.size(), 3U);
    const int height = pages[0].height;
    EXPECT_NEAR(pages[0].width, 210 / 25.4 * 150, 1);
    EXPECT_NEAR(height, 297 / 25.4 * 150, 1);
    const auto row = [height](double millimetres) {
        return static_cast<int>(millimetres * height / 297);
    };
    for (std::uint64_t serial = 0; serial < 9; ++serial) {
        const double top = 12.5 + 68 * static_cast<double>(serial % 4);
        const auto part = pages[serial / 4].crop(row(top), row(68) - 1);
        EXPECT_EQ(tests::read_code(part), text_of(fields(serial))) << serial;
    }
}

TEST(CardText, ShowsTimesOfTheVenue) {
    const auto text = make_card(fields(), english(), {});
    ASSERT_TRUE(text);
    EXPECT_EQ(text->fields[0].value, "Thu 9 Oct 2025, 10:53 CEST");
    EXPECT_EQ(text->footer, "Valid Thu 9 Oct 2025, 10:53 to Fri 10 Oct 2025, 10:53 CEST");
    EXPECT_EQ(text->code_caption, "7 \u00B7 17");
}

TEST(CardText, LeavesOutWhatIsNotSaid) {
    const auto text = make_card(tests::test_fields(), PrintText{}, {});
    ASSERT_TRUE(text);
    EXPECT_EQ(text->title, "Event 7");
    EXPECT_TRUE(text->fields.empty());
    EXPECT_EQ(text->badge, "");
}

TEST(CardText, NamesClassesAndGroups) {
    PrintText print;
    print.ticket_class = TicketClass::Vip;
    Gt1Fields group = tests::test_fields();
    group.admissions = 10;
    group.reissue = 2;
    const auto text = make_card(group, print, {});
    EXPECT_EQ(text->badge, "VIP");
    EXPECT_EQ(text->fields[0].value, "10 people");
    EXPECT_EQ(text->code_caption, "7 \u00B7 1234 \u00B7 re-issue 2");
    group.admissions = 255;
    EXPECT_EQ(make_card(group, print, {})->fields[0].value, "any number");
}

TEST(Zone, KnowsSummerTimeAndOffsetsWithoutAName) {
    EXPECT_EQ(local_time(tests::at(1'767'268'800), "Europe/Berlin")->zone, "CET");
    EXPECT_EQ(local_time(tests::at(1'783'000'000), "Europe/Berlin")->zone, "CEST");
    EXPECT_EQ(local_time(tests::at(1'783'000'000), "Asia/Dubai")->zone, "UTC+04");
    EXPECT_EQ(local_time(tests::at(0), "UTC")->day, "Thu 1 Jan 1970");
}

TEST(Zone, RefusesWhatIsNoZone) {
    for (const char* name : {"", "Berlin", "../../etc/passwd", "Europe/Berlin "})
        EXPECT_EQ(local_time(tests::at(0), name).error().code, Errc::Invalid) << name;
}

}  // namespace
}  // namespace stile::crypto
