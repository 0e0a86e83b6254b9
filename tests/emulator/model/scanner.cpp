// SPDX-License-Identifier: Apache-2.0
// Report descriptors, three keyboards, and how a text becomes key presses.
#include "tests/emulator/model/scanner.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace stile::emulator {
namespace {

constexpr std::uint8_t kControl = 0x01;
constexpr std::uint8_t kShift = 0x02;
constexpr std::uint8_t kAlt = 0x04;
constexpr std::uint8_t kAltGr = 0x40;

// Keys side by side from usage `first` on; a space: not to be had there.
struct Row {
    std::uint8_t first;
    std::string_view plain;
    std::string_view shifted;
    std::string_view alt_gr;
};
constexpr Row kUs[] = {
    {0x04, "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", ""},
    {0x1E, "1234567890", "!@#$%^&*()", ""},
    {0x2D, "-=[]\\", "_+{}|", ""},
    {0x33, ";'`,./", ":\"~<>?", ""},
};
constexpr Row kDe[] = {
    {0x04, "abcdefghijklmnopqrstuvwxzy", "ABCDEFGHIJKLMNOPQRSTUVWXZY", "                @"},
    {0x1E, "1234567890", "!\" $%&/()=", "      {[]}"},
    {0x2D, "   +#", "?` *'", "\\  ~"},
    {0x36, ",.-", ";:_", ""},
    {0x35, "^", "", ""},
    {0x64, "<", ">", "|"},
};
constexpr Row kFr[] = {
    {0x04, "qbcdefghijkl,noparstuvzxyw", "QBCDEFGHIJKL?NOPARSTUVZXYW", ""},
    {0x1E, "& \"'(- _  ", "1234567890", " ~#{[|`\\^@"},
    {0x2D, ")= $*", " +   ", "]}"},
    {0x33, "m  ;:!", "M% ./ ", ""},
    {0x64, "<", ">", ""},
};

constexpr std::uint8_t kKeyboardReports[] = {
    0x05, 0x01, 0x09, 0x06, 0xA1, 0x01,              // a keyboard
    0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00,  // its eight modifiers, a bit each
    0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02,  //
    0x95, 0x01, 0x75, 0x08, 0x81, 0x01,              // a byte of nothing
    0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01,  // its lights
    0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03,  //
    0x91, 0x01,                                      //
    0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65,  // six keys
    0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0};

constexpr std::size_t kPieceBytes = 56;
constexpr std::uint8_t kPosReport = 2;
constexpr std::uint8_t kPosReports[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01,                     // a bar code scanner
    0x09, 0x12, 0xA1, 0x02, 0x85, kPosReport,               // what it scanned:
    0x15, 0x00, 0x26, 0xFF, 0x00, 0x75,       0x08,         //
    0x95, 0x01, 0x05, 0x01, 0x09, 0x3B,       0x81, 0x02,   // how many bytes
    0x95, 0x03, 0x05, 0x8C, 0x09, 0xFB,       0x09, 0xFC,   // three letters for the symbology
    0x09, 0xFD, 0x81, 0x02,                                 //
    0x95, 0x38, 0x09, 0xFE, 0x82, 0x02,       0x01,         // 56 bytes
    0x95, 0x01, 0x09, 0xFF, 0x81, 0x02,       0xC0, 0xC0};  // whether more follow

std::span<const Row> rows_of(KeyLayout layout) {
    switch (layout) {
        case KeyLayout::De:
            return kDe;
        case KeyLayout::Fr:
            return kFr;
        case KeyLayout::Us:
        case KeyLayout::Alt:
            break;
    }
    return kUs;
}

Buffer hid_configuration(const Buffer& reports, std::uint8_t boot_keyboard, std::uint8_t packet) {
    ConfigurationWriter writer{1, 250};
    const std::uint8_t codes[] = {3, boot_keyboard, boot_keyboard};
    writer.interface(0, 1, codes);
    writer.raw(Buffer{9, 0x21, 0x11, 1, 0, 1, 0x22, low(reports.size()), high(reports.size())});
    writer.endpoint(0x81, kInterrupt, packet, 1);
    return writer.finish();
}

}  // namespace

std::optional<Ending> find_ending(std::string_view name) {
    if (name == "enter") return Ending::Enter;
    if (name == "tab") return Ending::Tab;
    return name == "none" ? std::optional{Ending::None} : std::nullopt;
}

std::optional<KeyLayout> find_layout(std::string_view name) {
    if (name == "us") return KeyLayout::Us;
    if (name == "de") return KeyLayout::De;
    if (name == "fr") return KeyLayout::Fr;
    return name == "alt" ? std::optional{KeyLayout::Alt} : std::nullopt;
}

std::optional<KeyPress> key_for(KeyLayout layout, char letter) {
    if (letter == ' ') return KeyPress{0, 0x2C};
    if (letter == '\n') return KeyPress{0, 0x28};
    if (letter == '\t') return KeyPress{0, 0x2B};
    if (letter > 0 && letter < ' ') {  // a control character is a letter with control
        const auto key = key_for(layout, static_cast<char>(letter + (letter <= 26 ? 96 : 64)));
        if (!key) return key;
        return KeyPress{static_cast<std::uint8_t>(key->modifiers | kControl), key->usage};
    }
    for (const Row& row : rows_of(layout)) {
        const std::pair<std::string_view, std::uint8_t> ways[] = {
            {row.plain, 0}, {row.shifted, kShift}, {row.alt_gr, kAltGr}};
        for (const auto& [letters, modifiers] : ways) {
            const auto at = letters.find(letter);
            if (at == std::string_view::npos) continue;
            return KeyPress{modifiers, static_cast<std::uint8_t>(row.first + at)};
        }
    }
    return std::nullopt;
}

HidScanner::HidScanner(Identity identity, Buffer report_descriptor, std::uint8_t boot_keyboard,
                       DescriptorFlaw flaw)
    : UsbDevice{std::move(identity),
                hid_configuration(report_descriptor, boot_keyboard, boot_keyboard == 1 ? 8 : 64),
                flaw},
      report_descriptor_{std::move(report_descriptor)} {}

Reply HidScanner::take(std::uint8_t /*endpoint*/, Bytes /*data*/) {
    return Reply::Stall;
}

Reply HidScanner::give(std::uint8_t /*endpoint*/, std::size_t most, Buffer& out) {
    if (reports_.empty()) return Reply::NotYet;
    out = std::move(reports_.front());
    reports_.pop_front();
    if (out.size() > most) return Reply::Babble;
    if (reports_.empty()) note("scan sent");
    return Reply::Done;
}

Reply HidScanner::special(const Setup& setup, Bytes /*out*/, Buffer& in) {
    constexpr std::uint8_t kReportType = 0x22;
    if (setup.type == 0x81 && setup.request == 6 && high(setup.value) == kReportType) {
        in = report_descriptor_;
        return Reply::Done;
    }
    // SET_REPORT, SET_IDLE and SET_PROTOCOL change nothing that anybody could see.
    const bool setting = setup.request >= 9 && setup.request <= 11;
    return setup.type == 0x21 && setting ? Reply::Done : Reply::Stall;
}

KeyboardScanner::KeyboardScanner(KeyLayout layout, Ending ending, DescriptorFlaw flaw)
    : HidScanner{{0x0C2E, 0x0B61, 0x0115, 64, "Honeywell", "Keyboard scanner", "S20001"},
                 {std::begin(kKeyboardReports), std::end(kKeyboardReports)},
                 1,
                 flaw},
      layout_{layout},
      ending_{ending} {}

void KeyboardScanner::press(KeyPress key) {
    put({key.modifiers, 0, key.usage, 0, 0, 0, 0, 0});
    put(Buffer(8, 0));
}

// Alt held, a zero and the number on the keypad.
void KeyboardScanner::press_number(char letter) {
    const unsigned number = static_cast<unsigned char>(letter);
    for (const unsigned digit : {0U, number / 100, number / 10 % 10, number % 10}) {
        const auto usage = static_cast<std::uint8_t>(digit == 0 ? 0x62 : 0x58 + digit);
        put({kAlt, 0, usage, 0, 0, 0, 0, 0});
        put({kAlt, 0, 0, 0, 0, 0, 0, 0});
    }
    put(Buffer(8, 0));
}

void KeyboardScanner::scan(std::string_view text) {
    for (const char letter : text) {
        if (layout_ == KeyLayout::Alt) {
            press_number(letter);
        } else if (const auto key = key_for(layout_, letter)) {
            press(*key);
        }
    }
    if (ending_ == Ending::Enter) press(*key_for(layout_, '\n'));
    if (ending_ == Ending::Tab) press(*key_for(layout_, '\t'));
}

PosScanner::PosScanner(DescriptorFlaw flaw)
    : HidScanner{{0x0C2E, 0x0B67, 0x0115, 64, "Honeywell", "HID POS scanner", "S20002"},
                 {std::begin(kPosReports), std::end(kPosReports)},
                 0,
                 flaw} {}

void PosScanner::scan(std::string_view text) {
    do {
        const std::string_view piece = text.substr(0, kPieceBytes);
        text.remove_prefix(piece.size());
        Buffer report{kPosReport, low(piece.size()), ']', 'Q', '1'};
        report.insert(report.end(), piece.begin(), piece.end());
        report.resize(5 + kPieceBytes, 0);
        report.push_back(text.empty() ? 0 : 1);
        put(std::move(report));
    } while (!text.empty());
}

}  // namespace stile::emulator
