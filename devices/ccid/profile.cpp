// SPDX-License-Identifier: Apache-2.0
// The table of known readers, and the words that their makers have published for lamp and buzzer.
#include "devices/ccid/profile.hpp"

#include <algorithm>
#include <array>

namespace stile::devices {
namespace {

constexpr std::uint16_t kAcs = 0x072F;
constexpr std::uint16_t kHid = 0x076B;
constexpr std::uint16_t kIdentiv = 0x04E6;

constexpr std::array kProfiles = {
    CcidProfile{.name = "ACR122U",
                .vendor = kAcs,
                .product = 0x2200,
                .lamp = Lamp::Acr122,
                .oldest_release = 0x0206},
    CcidProfile{.name = "ACR1252U", .vendor = kAcs, .product = 0x223B, .lamp = Lamp::Acr1252},
    CcidProfile{.name = "OMNIKEY 5022", .vendor = kHid, .product = 0x5022},
    CcidProfile{.name = "OMNIKEY 5122", .vendor = kHid, .product = 0x5412},
    CcidProfile{.name = "OMNIKEY 5422", .vendor = kHid, .product = 0x5422},
    CcidProfile{.name = "uTrust 3700 F", .vendor = kIdentiv, .product = 0x5790},
};
constexpr CcidProfile kUnknown{};

// ACR122U: bits of P2, then T1, T2 (100 ms each), how often, and when the buzzer sounds.
constexpr std::uint8_t kFinalRed = 0x01;
constexpr std::uint8_t kFinalGreen = 0x02;
constexpr std::uint8_t kSetBoth = 0x0C;
constexpr std::uint8_t kBeepInT1 = 0x01;
// All of ISO 14443, found and activated by itself, every 250 ms; FeliCa and Topaz are not asked.
constexpr std::uint8_t kAcr122Polling = 0xE3;

struct Beeps {
    std::uint8_t tenths = 0;  // of a second, each
    std::uint8_t count = 0;
};

Buffer acr122_lamp(std::uint8_t lamps, Beeps beeps) {
    const auto state = static_cast<std::uint8_t>(kSetBoth | lamps);
    const std::uint8_t pause = beeps.count > 1 ? beeps.tenths : std::uint8_t{0};
    const std::uint8_t link = beeps.count > 0 ? kBeepInT1 : std::uint8_t{0};
    return {0xFF, 0x00, 0x40, state, 0x04, beeps.tenths, pause, beeps.count, link};
}

Escapes acr122_signal(Signal signal) {
    switch (signal) {
        case Signal::Idle:
            return {acr122_lamp(0, {})};
        case Signal::Admit:
            return {acr122_lamp(kFinalGreen, {.tenths = 1, .count = 1})};
        case Signal::Refuse:
            return {acr122_lamp(kFinalRed, {.tenths = 1, .count = 2})};
        case Signal::Wait:
            return {acr122_lamp(kFinalRed | kFinalGreen, {})};
        case Signal::Closed:
            return {acr122_lamp(kFinalRed, {})};
    }
    return {};
}

// ACR1252U: one byte of lamps, one of 10 ms of the buzzer.
constexpr std::uint8_t kRed = 0x01;
constexpr std::uint8_t kGreen = 0x02;

Buffer acr1252_lamp(std::uint8_t lamps) {
    return {0xE0, 0x00, 0x00, 0x29, 0x01, lamps};
}

Buffer acr1252_beep(std::uint8_t hundredths) {
    return {0xE0, 0x00, 0x00, 0x28, 0x01, hundredths};
}

Escapes acr1252_signal(Signal signal) {
    switch (signal) {
        case Signal::Idle:
            return {acr1252_lamp(0)};
        case Signal::Admit:
            return {acr1252_lamp(kGreen), acr1252_beep(10)};
        case Signal::Refuse:
            return {acr1252_lamp(kRed), acr1252_beep(50)};
        case Signal::Wait:
            return {acr1252_lamp(kRed | kGreen)};
        case Signal::Closed:
            return {acr1252_lamp(kRed)};
    }
    return {};
}

}  // namespace

const CcidProfile& profile_of(std::uint16_t vendor, std::uint16_t product) {
    const auto* const found = std::ranges::find_if(kProfiles, [&](const CcidProfile& one) {
        return one.vendor == vendor && one.product == product;
    });
    return found == kProfiles.end() ? kUnknown : *found;
}

Escapes setup_escapes(const CcidProfile& profile) {
    switch (profile.lamp) {
        case Lamp::None:
            return {};
        case Lamp::Acr122:
            return {{0xFF, 0x00, 0x52, 0x00, 0x00}, {0xFF, 0x00, 0x51, kAcr122Polling, 0x00}};
        case Lamp::Acr1252:
            return {{0xE0, 0x00, 0x00, 0x21, 0x01, 0x00}};
    }
    return {};
}

Escapes signal_escapes(const CcidProfile& profile, Signal signal) {
    switch (profile.lamp) {
        case Lamp::None:
            return {};
        case Lamp::Acr122:
            return acr122_signal(signal);
        case Lamp::Acr1252:
            return acr1252_signal(signal);
    }
    return {};
}

}  // namespace stile::devices
