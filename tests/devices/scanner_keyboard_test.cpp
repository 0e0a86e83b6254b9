// SPDX-License-Identifier: Apache-2.0
// Key strokes of reports, and the characters of key strokes on the layouts of several countries.
#include <gtest/gtest.h>

#include "devices/scanner/typist.hpp"
#include "devices/scanner/xkb/xkb_layout.hpp"
#include "tests/devices/scanner_fixtures.hpp"

namespace stile::devices {
namespace {

using namespace testing;
using Strokes = std::vector<KeyStroke>;

constexpr std::uint8_t kA = 0x04;
constexpr std::uint8_t kB = 0x05;
constexpr std::uint8_t kShift = modifier::kLeftShift;

TEST(KeyboardReports, GiveAStrokeWhenAKeyGoesDown) {
    Keyboard keyboard{kBootKeyboard};
    EXPECT_EQ(keyboard.take(boot_report(0, {kA})), (Strokes{{kA, 0}}));
    EXPECT_EQ(keyboard.take(boot_report(0, {kA})), Strokes{});
    EXPECT_EQ(keyboard.take(boot_report(0, {})), Strokes{});
    EXPECT_EQ(keyboard.take(boot_report(0, {kA})), (Strokes{{kA, 0}}));
}

TEST(KeyboardReports, RollFromKeyToKey) {
    Keyboard keyboard{kBootKeyboard};
    (void)keyboard.take(boot_report(0, {kA}));
    EXPECT_EQ(keyboard.take(boot_report(0, {kA, kB})), (Strokes{{kB, 0}}));
    EXPECT_EQ(keyboard.take(boot_report(0, {kB})), Strokes{});
    EXPECT_EQ(keyboard.take(boot_report(0, {kA})), (Strokes{{kA, 0}}));  // without a pause
}

TEST(KeyboardReports, TakeSeveralKeysInTheirOrder) {
    Keyboard keyboard{kBootKeyboard};
    EXPECT_EQ(keyboard.take(boot_report(0, {kB, kA})), (Strokes{{kB, 0}, {kA, 0}}));
}

TEST(KeyboardReports, ChangeModifiersBeforeKeys) {
    Keyboard keyboard{kBootKeyboard};
    EXPECT_EQ(keyboard.take(boot_report(kShift, {kA})), (Strokes{{0, kShift}, {kA, kShift}}));
    EXPECT_EQ(keyboard.take(boot_report(0, {})), (Strokes{{0, 0}}));
}

TEST(KeyboardReports, SayNothingOfKeysWhenTooManyAreDown) {
    Keyboard keyboard{kBootKeyboard};
    (void)keyboard.take(boot_report(0, {kA}));
    EXPECT_EQ(keyboard.take(boot_report(0, {1, 1, 1, 1, 1, 1})), Strokes{});
    EXPECT_EQ(keyboard.take(boot_report(0, {kA})), Strokes{});  // it was down all the time
    EXPECT_EQ(keyboard.take(boot_report(0, {2})), Strokes{});
    EXPECT_EQ(keyboard.take(boot_report(0, {3})), Strokes{});
}

TEST(KeyboardReports, TakeAModifierAmongTheKeys) {
    Keyboard keyboard{kBootKeyboard};
    EXPECT_EQ(keyboard.take(boot_report(0, {0xE1, kA})), (Strokes{{0, kShift}, {kA, kShift}}));
}

TEST(KeyboardReports, SayNothingWhenTheyAreTooShortOrOfAnotherNumber) {
    Keyboard keyboard{KeyboardForm{.report = 1, .modifiers = 8, .keys = {3, 6}}};
    EXPECT_EQ(keyboard.take(Buffer{}), Strokes{});
    EXPECT_EQ(keyboard.take(Buffer{1, 0, 0, kA}), Strokes{});
    EXPECT_EQ(keyboard.take(Buffer{2, 0, 0, kA, 0, 0, 0, 0, 0}), Strokes{});
    EXPECT_EQ(keyboard.take(Buffer{1, 0, 0, kA, 0, 0, 0, 0, 0}), (Strokes{{kA, 0}}));
}

// What a row of strokes types; "?" is a key that cannot be read.
std::string type(std::string_view layout, const Strokes& strokes) {
    auto loaded = load_layout(layout);
    if (!loaded) return loaded.error().context;
    Typist typist{std::move(*loaded)};
    std::string text;
    for (const KeyStroke& stroke : strokes)
        text += typist.type(stroke).value_or("?");
    return text;
}

struct KeyCase {
    std::string_view layout;
    std::uint8_t usage;
    std::uint8_t modifiers;
    std::string_view text;
};

constexpr std::uint8_t kAltGr = modifier::kRightAlt;

// By the number of the key's place, so what is printed on a keyboard of that country.
constexpr KeyCase kCases[] = {
    {"us", 0x04, 0, "a"},
    {"us", 0x04, kShift, "A"},
    {"us", 0x1E, kShift, "!"},
    {"us", 0x33, kShift, ":"},
    {"us", 0x38, 0, "/"},
    {"us", 0x31, 0, "\\"},
    {"us", 0x2D, 0, "-"},
    {"us", 0x2E, kShift, "+"},
    {"us", 0x2C, 0, " "},
    {"gb", 0x33, kShift, ":"},
    {"uk", 0x1F, kShift, "\""},
    {"gb", 0x32, 0, "#"},
    {"gb", 0x20, kShift, "\xC2\xA3"},
    {"de", 0x1C, 0, "z"},
    {"de", 0x1D, kShift, "Y"},
    {"de", 0x37, kShift, ":"},
    {"de", 0x24, kShift, "/"},
    {"de", 0x30, 0, "+"},
    {"de", 0x27, kShift, "="},
    {"de", 0x14, kAltGr, "@"},
    {"de", 0x2D, kAltGr, "\\"},
    {"de", 0x33, 0, "\xC3\xB6"},
    {"de", 0x64, 0, "<"},
    {"de", 0x38, 0, "-"},
    {"fr", 0x14, 0, "a"},
    {"fr", 0x04, 0, "q"},
    {"fr", 0x33, 0, "m"},
    {"fr", 0x1E, 0, "&"},
    {"fr", 0x1E, kShift, "1"},
    {"fr", 0x37, 0, ":"},
    {"fr", 0x37, kShift, "/"},
    {"fr", 0x36, kShift, "."},
    {"fr", 0x25, kAltGr, "\\"},
    {"es", 0x37, kShift, ":"},
    {"es", 0x24, kShift, "/"},
    {"es", 0x35, kAltGr, "\\"},
    {"it", 0x37, kShift, ":"},
    {"it", 0x24, kShift, "/"},
    {"it", 0x30, 0, "+"},
    {"us", kEnter, 0, "\r"},
    {"us", kTab, 0, "\t"},
    {"fr", 0x58, 0, "\r"},
    {"us", 0x59, 0, "1"},
    {"fr", 0x62, 0, "0"},
    {"de", 0x63, 0, ","},
    {"us", 0x3A, 0, "?"},
    {"us", 0x4F, 0, "?"},
    {"us", 0x2A, 0, "?"},
    {"us", 0x00, 0, ""},
    {"us", 0xFF, 0, "?"},
    {"us", 0x30, 0x01, "\x1D"},
    {"us", 0x04, modifier::kLeftAlt, "?"},
    {"us", 0x04, 0x08, "?"},
    {"de", 0x14, modifier::kLeftAlt | modifier::kLeftControl, "@"},
};

TEST(KeyboardLayouts, TypeWhatIsPrintedOnTheKeys) {
    for (const KeyCase& row : kCases)
        EXPECT_EQ(type(row.layout, {{row.usage, row.modifiers}}), row.text)
            << row.layout << " " << int{row.usage} << " " << int{row.modifiers};
}

TEST(KeyboardLayouts, TurnCapsLock) {
    EXPECT_EQ(type("us", {{kA, 0},
                          {key::kCapsLock, 0},
                          {kA, 0},
                          {kA, kShift},
                          {0x1E, 0},
                          {key::kCapsLock, 0},
                          {kA, 0}}),
              "aAa1a");
}

TEST(KeyboardLayouts, PutDeadKeysAndLettersTogether) {
    constexpr std::uint8_t kDeadCircumflex = 0x35;  // of de
    EXPECT_EQ(type("de", {{kDeadCircumflex, 0}, {0x2C, 0}}), "^");
    EXPECT_EQ(type("de", {{kDeadCircumflex, 0}, {0x08, 0}}), "\xC3\xAA");
    EXPECT_EQ(type("de", {{0x2E, 0}, {0x08, kShift}}), "\xC3\x89");
    EXPECT_EQ(type("de", {{kDeadCircumflex, 0}, {0x14, 0}}), "?");  // there is no such letter
}

TEST(KeyboardLayouts, AreNotAllThere) {
    for (const std::string_view name : {"", "xx", "de(none)", "../etc", "us us", "US"}) {
        const auto layout = load_layout(name);
        ASSERT_FALSE(layout.has_value()) << name;
        EXPECT_EQ(layout.error().code, Errc::Config) << name;
    }
    EXPECT_TRUE(load_layout("ch(fr)").has_value());
}

// Left Alt and digits of the number pad.
Strokes by_number(std::string_view digits) {
    Strokes strokes{{0, modifier::kLeftAlt}};
    for (const char digit : digits) {
        const int usage = digit == '0' ? key::kPad0 : key::kPad1 + (digit - '1');
        strokes.push_back({static_cast<std::uint8_t>(usage), modifier::kLeftAlt});
    }
    strokes.push_back({0, 0});
    return strokes;
}

TEST(KeyboardNumbers, GiveTheCharacterOfTheNumber) {
    EXPECT_EQ(type("fr", by_number("71")), "G");
    EXPECT_EQ(type("fr", by_number("071")), "G");
    EXPECT_EQ(type("de", by_number("0058")), ":");
    EXPECT_EQ(type("us", by_number("013")), "\r");
    EXPECT_EQ(type("us", by_number("0252")), "\xC3\xBC");
    EXPECT_EQ(type("us", by_number("")), "");
}

TEST(KeyboardNumbers, RefuseWhatHasNoCertainCharacter) {
    for (const std::string_view digits : {"0", "129", "252", "0128", "256", "99999", "0000065"})
        EXPECT_EQ(type("us", by_number(digits)), "?") << digits;
}

TEST(KeyboardNumbers, WaitUntilAltIsLetGo) {
    Typist typist{load_layout("us").value()};
    const Strokes strokes = by_number("65");
    for (std::size_t i = 0; i + 1 < strokes.size(); ++i)
        EXPECT_EQ(typist.type(strokes[i]), "");
    EXPECT_TRUE(typist.waits());
    typist.reset();
    EXPECT_EQ(typist.type(strokes.back()), "");
    EXPECT_FALSE(typist.waits());
}

TEST(KeyboardNumbers, EndWithTheNextKeyToo) {
    EXPECT_EQ(type("us", {{0, 4}, {0x5E, 4}, {0x5D, 4}, {kB, 0}}), "Ab");
}

}  // namespace
}  // namespace stile::devices
