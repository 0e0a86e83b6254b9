// SPDX-License-Identifier: Apache-2.0
// Walks through an ATR (ISO 7816-3) and compares its historical bytes.
#include "crypto/cards/atr.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace stile::crypto {
namespace {

constexpr std::size_t kMostBytes = 33;
constexpr std::uint8_t kDirect = 0x3B;
constexpr std::uint8_t kAnnouncesNext = 0x8;  // TD; the bits below it: TA, TB, TC

struct Atr {
    std::array<std::uint8_t, 2> td{};  // the first two; 0: absent
    Bytes historical;
};

bool checks(Bytes from_t0) {
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : from_t0)
        sum ^= byte;
    return sum == 0;
}

// Nothing unless the announced bytes are there, and no others.
std::optional<Atr> parse(Bytes bytes) {
    if (bytes.size() > kMostBytes) return std::nullopt;
    ByteReader in{bytes};
    if (in.number<std::uint8_t>() != kDirect) return std::nullopt;
    Atr atr;
    const auto t0 = in.number<std::uint8_t>();
    bool check = false;  // a check byte ends it, unless T=0 is all that it offers
    std::size_t level = 0;
    for (unsigned announced = t0 >> 4U;;) {
        (void)in.take(static_cast<std::size_t>(std::popcount(announced & 0x7U)));
        if ((announced & kAnnouncesNext) == 0) break;
        const auto td = in.number<std::uint8_t>();  // 0 when the bytes run out
        if (level < atr.td.size()) atr.td[level++] = td;
        check = check || (td & 0x0FU) != 0;
        announced = td >> 4U;
    }
    atr.historical = in.take(t0 & 0x0FU);
    if (check) (void)in.take(1);
    if (!in.complete() || (check && !checks(bytes.subspan(1)))) return std::nullopt;
    return atr;
}

// A storage card by PC/SC part 3: an application id of the workgroup, the standard, a name.
constexpr std::array<std::uint8_t, 8> kStorage{0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06};
constexpr std::uint8_t kIso14443a3 = 0x03;
constexpr std::array<std::uint16_t, 3> kType2Names{0x0003, 0x003A, 0x003D};

bool is_storage(Bytes historical) {
    return historical.size() >= kStorage.size() &&
           std::ranges::equal(historical.first(kStorage.size()), kStorage);
}

CardClass storage_class(Bytes historical) {
    ByteReader in{historical.subspan(kStorage.size())};
    const auto standard = in.number<std::uint8_t>();
    const auto name = in.number<std::uint16_t>();
    const auto reserved = in.number<std::uint32_t>();
    const bool type2 = in.complete() && reserved == 0 && standard == kIso14443a3 &&
                       std::ranges::find(kType2Names, name) != kType2Names.end();
    return type2 ? CardClass::Type2 : CardClass::Other;
}

}  // namespace

std::expected<CardClass, CardFault> classify_atr(Bytes bytes) {
    const std::optional<Atr> atr = parse(bytes);
    if (!atr) return std::unexpected{CardFault::Malformed};
    const bool contactless = (bytes[1] & 0xF0U) == 0x80 && atr->td[0] == 0x80 && atr->td[1] == 0x01;
    if (!contactless) return CardClass::Other;
    return is_storage(atr->historical) ? storage_class(atr->historical) : CardClass::Type4;
}

}  // namespace stile::crypto
