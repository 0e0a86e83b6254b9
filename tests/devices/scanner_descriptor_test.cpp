// SPDX-License-Identifier: Apache-2.0
// Report descriptors, good and bad, and the scanners that are found in them.
#include <gtest/gtest.h>

#include "devices/scanner/scanner_form.hpp"
#include "tests/devices/scanner_fixtures.hpp"

namespace stile::devices {
namespace {

using namespace testing;

std::optional<ScannerForm> form_of(const Buffer& descriptor) {
    const auto fields = parse_report_descriptor(descriptor);
    return fields ? scanner_form(*fields) : std::nullopt;
}

std::string mistake_in(const Buffer& descriptor) {
    const auto fields = parse_report_descriptor(descriptor);
    return fields ? "none" : fields.error().context;
}

// Inside of a collection.
Buffer collection(Buffer items) {
    items.insert(items.begin(), {0xA1, 0x01});
    items.push_back(0xC0);
    return items;
}

TEST(ReportDescriptor, HasTheFieldsOfAKeyboard) {
    const auto fields = parse_report_descriptor(keyboard_descriptor());
    ASSERT_TRUE(fields.has_value());
    ASSERT_EQ(fields->size(), 2U);
    EXPECT_EQ(fields->at(0).usage(0), 0x0007'00E0U);
    EXPECT_EQ(fields->at(0).usage(7), 0x0007'00E7U);
    EXPECT_EQ(fields->at(1).offset, 16U);
    EXPECT_EQ(fields->at(1).count, 6U);
    EXPECT_EQ(fields->at(1).form, HidField::Form::Array);
    EXPECT_EQ(fields->at(1).usage(4), 0x0007'0004U);
    EXPECT_EQ(fields->at(1).usage(0x66), 0U);
    EXPECT_EQ(report_bytes(*fields), 8U);
}

TEST(ReportDescriptor, TellsAKeyboard) {
    EXPECT_EQ(form_of(keyboard_descriptor()), ScannerForm{kBootKeyboard});
}

TEST(ReportDescriptor, TakesNoKeyboardOfMoreThan64Keys) {
    const auto keyboard = [](std::uint8_t low, std::uint8_t high) {
        return form_of(collection({0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x15, 0x00, 0x25, 0x65, 0x75,
                                   0x08, 0x96, low, high, 0x81, 0x00}));
    };
    EXPECT_EQ(keyboard(64, 0), (ScannerForm{KeyboardForm{.report = 0, .keys = {0, 64}}}));
    EXPECT_EQ(keyboard(65, 0), std::nullopt);
    EXPECT_EQ(keyboard(0x80, 0x0F), std::nullopt);
}

TEST(ReportDescriptor, TellsAKeyboardAmongOtherReports) {
    EXPECT_EQ(form_of(numbered_keyboard_descriptor()),
              (ScannerForm{KeyboardForm{.report = 1, .modifiers = 8, .keys = {3, 6}}}));
}

TEST(ReportDescriptor, TellsAPosScanner) {
    EXPECT_EQ(form_of(pos_descriptor()), (ScannerForm{PosForm{.report = 2,
                                                              .data = {5, 56},
                                                              .length = ByteRange{1, 1},
                                                              .aim = {{2, 3, 4}},
                                                              .more = 63 * 8}}));
}

TEST(ReportDescriptor, TellsAPosScannerThatSaysDataOnly) {
    EXPECT_EQ(form_of(plain_pos_descriptor()),
              (ScannerForm{PosForm{.report = 0, .data = {0, 32}}}));
}

TEST(ReportDescriptor, TakesAScannerThatIsBothForAPosScanner) {
    Buffer both = numbered_keyboard_descriptor();
    const Buffer pos = pos_descriptor();
    both.insert(both.end(), pos.begin(), pos.end());
    both[6] = 0x85;
    both[7] = 0x03;  // the consumer control, so that report 2 is the scanner's alone
    const auto form = form_of(both);
    ASSERT_TRUE(form.has_value());
    EXPECT_TRUE(std::holds_alternative<PosForm>(*form));
}

TEST(ReportDescriptor, TakesNoMouseForAScanner) {
    const Buffer mouse{0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x30, 0x09, 0x31, 0x15,
                       0x81, 0x25, 0x7F, 0x75, 0x08, 0x95, 0x02, 0x81, 0x06, 0xC0};
    ASSERT_TRUE(parse_report_descriptor(mouse).has_value());
    EXPECT_FALSE(form_of(mouse).has_value());
    EXPECT_FALSE(form_of({}).has_value());
}

TEST(ReportDescriptor, TakesNoDataThatDoNotBeginAtAByte) {
    const Buffer shifted = collection({0x05, 0x8C, 0x75, 0x01, 0x95, 0x01, 0x81, 0x01, 0x09, 0xFE,
                                       0x75, 0x08, 0x95, 0x20, 0x81, 0x02});
    EXPECT_FALSE(form_of(shifted).has_value());
}

TEST(ReportDescriptor, BringsBackWhatWasPushed) {
    const auto fields =
        parse_report_descriptor(collection({0x05, 0x8C, 0x75, 0x08, 0x95, 0x04, 0xA4, 0x05, 0x01,
                                            0x95, 0x01, 0xB4, 0x09, 0xFE, 0x81, 0x02}));
    ASSERT_TRUE(fields.has_value());
    EXPECT_EQ(fields->at(0).usage(0), 0x008C'00FEU);
    EXPECT_EQ(fields->at(0).count, 4U);
}

TEST(ReportDescriptor, TakesAUsageWithItsOwnPage) {
    const auto fields = parse_report_descriptor(
        collection({0x05, 0x01, 0x75, 0x08, 0x95, 0x01, 0x0B, 0xFE, 0x00, 0x8C, 0x00, 0x81, 0x02}));
    ASSERT_TRUE(fields.has_value());
    EXPECT_EQ(fields->at(0).usage(0), 0x008C'00FEU);
}

TEST(ReportDescriptor, PassesOverLongItems) {
    EXPECT_EQ(mistake_in({0xFE, 0x02, 0x10, 0xAA, 0xBB}), "none");
    EXPECT_NE(mistake_in({0xFE, 0x03, 0x10, 0xAA, 0xBB}), "none");
    EXPECT_NE(mistake_in({0xFE}), "none");
}

TEST(ReportDescriptor, RefusesWhatIsCutOff) {
    const Buffer whole = pos_descriptor();
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const Buffer part{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
        // Before the first collection begins a part is a descriptor without fields.
        if (size == 2 || size == 4) continue;
        EXPECT_NE(mistake_in(part), "none") << size;
    }
}

TEST(ReportDescriptor, RefusesWhatMakesNoSense) {
    const Buffer wrong[] = {
        {0xC0},                                            // an end without a collection
        {0xA1, 0x01},                                      // a collection without an end
        {0x75, 0x08, 0x95, 0x01, 0x81, 0x02},              // a field outside
        {0x0C},                                            // a reserved type
        collection({0x85, 0x00}),                          // report number 0
        collection({0x86, 0x00, 0x01}),                    // report number 256
        collection({0x75, 0x00}),                          // elements of no bits
        collection({0x76, 0x01, 0x01}),                    // elements of 257 bits
        collection({0x97, 0xFF, 0xFF, 0xFF, 0xFF}),        // four thousand million of them
        collection({0xB4}),                                // a pop without a push
        collection({0x29, 0x10}),                          // a range without its beginning
        collection({0x19, 0x10, 0x29, 0x0F}),              // a range that goes back
        collection({0x1B, 1, 0, 7, 0, 0x2B, 1, 0, 8, 0}),  // a range over two pages
        // A report with a number after one without.
        collection({0x75, 0x08, 0x95, 0x01, 0x81, 0x02, 0x85, 0x01, 0x81, 0x02}),
    };
    for (const Buffer& descriptor : wrong)
        EXPECT_NE(mistake_in(descriptor), "none") << to_hex(descriptor);
}

TEST(ReportDescriptor, RefusesWhatIsTooMuch) {
    const auto times = [](std::size_t count, const Buffer& items, Buffer all) {
        for (std::size_t i = 0; i < count; ++i)
            all.insert(all.end(), items.begin(), items.end());
        return all;
    };
    EXPECT_NE(mistake_in(times(17, {0xA1, 0x01}, {})), "none");
    EXPECT_NE(mistake_in(collection(times(9, {0xA4}, {}))), "none");
    EXPECT_NE(mistake_in(collection(times(65, {0x09, 0x01}, {}))), "none");
    EXPECT_NE(mistake_in(collection(times(257, {0x81, 0x02}, {0x75, 0x01, 0x95, 0x01}))), "none");
    EXPECT_EQ(mistake_in(collection(times(256, {0x81, 0x02}, {0x75, 0x01, 0x95, 0x01}))), "none");
    EXPECT_NE(mistake_in(Buffer(4097, 0x04)), "none");
    EXPECT_EQ(mistake_in(Buffer(4096, 0x04)), "none");  // 04: a page of no bytes, again and again
    // 4,096 bytes of a report, and one bit more.
    EXPECT_EQ(mistake_in(collection({0x75, 0x08, 0x96, 0x00, 0x10, 0x81, 0x02})), "none");
    EXPECT_NE(mistake_in(collection(
                  {0x75, 0x08, 0x96, 0x00, 0x10, 0x81, 0x02, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02})),
              "none");
}

}  // namespace
}  // namespace stile::devices
