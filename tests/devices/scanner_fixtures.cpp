// SPDX-License-Identifier: Apache-2.0
// Descriptors byte by byte, and the search for a key.
#include "tests/devices/scanner_fixtures.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "devices/scanner/xkb/xkb_layout.hpp"

namespace stile::devices::testing {
namespace {

const Buffer kBoot{0x05, 0x07,                          // page 07, keys
                   0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00,  // E0 to E7, 0
                   0x25, 0x01, 0x75, 0x01, 0x95, 0x08,  // to 1, 8 times 1 bit
                   0x81, 0x02,                          // modifiers
                   0x95, 0x01, 0x75, 0x08, 0x81, 0x01,  // a byte of nothing
                   0x95, 0x05, 0x75, 0x01, 0x05, 0x08,  // page 08, lamps
                   0x19, 0x01, 0x29, 0x05, 0x91, 0x02,  // output
                   0x95, 0x01, 0x75, 0x03, 0x91, 0x01,  // output
                   0x95, 0x06, 0x75, 0x08, 0x15, 0x00,  // 6 times 8 bits
                   0x25, 0x65, 0x05, 0x07,              // page 07
                   0x19, 0x00, 0x29, 0x65, 0x81, 0x00,  // an array of keys 00 to 65
                   0xC0};

Buffer operator+(Buffer left, const Buffer& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// Shift, AltGr, both, none: whichever gives the character.
std::optional<KeyStroke> stroke_for(KeyboardLayout& layout, const std::string& character) {
    for (const unsigned modifiers : {0x00U, 0x02U, 0x40U, 0x42U}) {
        for (unsigned usage = 4; usage < 0x65; ++usage) {
            if (usage == key::kCapsLock) continue;
            const KeyStroke stroke{static_cast<std::uint8_t>(usage),
                                   static_cast<std::uint8_t>(modifiers)};
            const auto text = layout.text(stroke);
            layout.reset();
            if (text == character) return stroke;
        }
    }
    return std::nullopt;
}

}  // namespace

Buffer keyboard_descriptor() {
    return Buffer{0x05, 0x01, 0x09, 0x06, 0xA1, 0x01} + kBoot;
}

Buffer numbered_keyboard_descriptor() {
    return Buffer{0x05, 0x0C, 0x09, 0x01, 0xA1, 0x01, 0x85, 0x02, 0x19, 0x00, 0x2A,
                  0x3C, 0x02, 0x15, 0x00, 0x26, 0x3C, 0x02, 0x95, 0x01, 0x75, 0x10,
                  0x81, 0x00, 0xC0, 0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x85, 0x01} +
           kBoot;
}

Buffer pos_descriptor() {
    return {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01,              // a bar code scanner
            0x09, 0x12, 0xA1, 0x02, 0x85, 0x02,              // scanned data, report 2
            0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,        // bytes
            0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02,  // length
            0x95, 0x03, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC,  // AIM identifier
            0x09, 0xFD, 0x81, 0x02,                          //
            0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01,        // 56 bytes of data
            0x06, 0x66, 0xFF, 0x95, 0x02, 0x09, 0x04,        // two bytes of the maker's own
            0x09, 0x00, 0x81, 0x02,                          //
            0x05, 0x8C, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08,  // more follows
            0x09, 0xFF, 0x81, 0x02, 0xC0, 0xC0};
}

Buffer plain_pos_descriptor() {
    return {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0xFE, 0x15, 0x00,
            0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x20, 0x81, 0x02, 0xC0};
}

Buffer boot_report(std::uint8_t modifiers, const Buffer& keys) {
    Buffer report(8);
    report[0] = modifiers;
    std::ranges::copy(keys, report.begin() + 2);
    return report;
}

std::vector<Buffer> typed(std::string_view layout, std::string_view text) {
    auto keys = load_layout(layout);
    std::vector<Buffer> reports;
    for (const char character : text) {
        const auto stroke = keys ? stroke_for(**keys, std::string(1, character)) : std::nullopt;
        if (!stroke) {
            std::fprintf(stderr, "layout %s has no '%c'\n", layout.data(), character);
            std::abort();
        }
        reports.push_back(boot_report(stroke->modifiers, {stroke->usage}));
        reports.push_back(boot_report(0, {}));
    }
    return reports;
}

Buffer pos_report(std::string_view aim, std::string_view data, More more) {
    Buffer report(64);
    report[0] = 2;
    report[1] = static_cast<std::uint8_t>(data.size());
    std::ranges::copy(as_bytes(aim), report.begin() + 2);
    std::ranges::copy(as_bytes(data), report.begin() + 5);
    report[63] = more == More::Yes ? 1 : 0;
    return report;
}

}  // namespace stile::devices::testing
