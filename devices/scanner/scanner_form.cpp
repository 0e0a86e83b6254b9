// SPDX-License-Identifier: Apache-2.0
// Looks for the fields of scanners among all fields.
#include "devices/scanner/scanner_form.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

constexpr std::uint32_t kMostKeys = 64;  // down at once; each is looked for among those before
constexpr HidUsage kByteCount = 0x0001'003B;
constexpr HidUsage kKeyA = 0x0007'0004;
constexpr HidUsage kLeftControl = 0x0007'00E0;
constexpr std::array<HidUsage, 3> kAim{0x008C'00FB, 0x008C'00FC, 0x008C'00FD};
constexpr HidUsage kDecodedData = 0x008C'00FE;
constexpr HidUsage kContinued = 0x008C'00FF;

using Fields = std::vector<HidField>;

// Where an element lies.
struct Place {
    const HidField* field = nullptr;
    std::uint32_t bit = 0;  // from the report's first byte
    [[nodiscard]] bool is_byte() const { return field->bits == 8 && bit % 8 == 0; }
};

std::uint32_t bits_before(const HidField& field) {
    return field.report == 0 ? 0 : 8;
}

std::optional<Place> find(const Fields& fields, std::uint8_t report, HidUsage usage) {
    for (const HidField& field : fields) {
        if (field.report != report || field.form != HidField::Form::Variable) continue;
        for (std::uint32_t i = 0; i < field.count && i <= field.usages.size(); ++i) {
            if (field.usage(i) == usage)
                return Place{&field, bits_before(field) + field.offset + i * field.bits};
        }
    }
    return std::nullopt;
}

std::optional<std::array<std::size_t, 3>> find_aim(const Fields& fields, std::uint8_t report) {
    std::array<std::size_t, 3> bytes{};
    for (std::size_t i = 0; i < kAim.size(); ++i) {
        const auto place = find(fields, report, kAim[i]);
        if (!place || !place->is_byte()) return std::nullopt;
        bytes[i] = place->bit / 8;
    }
    return bytes;
}

std::optional<ByteRange> find_length(const Fields& fields, std::uint8_t report) {
    const auto place = find(fields, report, kByteCount);
    if (!place || place->bit % 8 != 0 || (place->field->bits != 8 && place->field->bits != 16))
        return std::nullopt;
    return ByteRange{place->bit / 8, place->field->bits / 8};
}

std::optional<PosForm> pos_form(const Fields& fields) {
    for (const HidField& field : fields) {
        const std::uint32_t bit = bits_before(field) + field.offset;
        if (field.usage(0) != kDecodedData || field.bits != 8 || bit % 8 != 0) continue;
        PosForm form{.report = field.report,
                     .data = {bit / 8, field.count},
                     .length = find_length(fields, field.report),
                     .aim = find_aim(fields, field.report)};
        if (const auto more = find(fields, field.report, kContinued)) form.more = more->bit;
        return form;
    }
    return std::nullopt;
}

std::optional<KeyboardForm> keyboard_form(const Fields& fields) {
    for (const HidField& field : fields) {
        const std::uint32_t bit = bits_before(field) + field.offset;
        const bool keys = field.form == HidField::Form::Array && field.least == 0 &&
                          field.count <= kMostKeys && field.usage(kKeyA & 0xFF) == kKeyA;
        if (!keys || field.bits != 8 || bit % 8 != 0) continue;
        KeyboardForm form{.report = field.report, .keys = {bit / 8, field.count}};
        const auto modifiers = find(fields, field.report, kLeftControl);
        if (modifiers && modifiers->field->bits == 1 && modifiers->field->count >= 8)
            form.modifiers = modifiers->bit;
        return form;
    }
    return std::nullopt;
}

}  // namespace

std::optional<ScannerForm> scanner_form(const std::vector<HidField>& fields) {
    if (const auto form = pos_form(fields)) return *form;
    if (const auto form = keyboard_form(fields)) return *form;
    return std::nullopt;
}

std::size_t report_bytes(const std::vector<HidField>& fields) {
    std::size_t most = 0;
    for (const HidField& field : fields)
        most = std::max<std::size_t>(most, (bits_before(field) + field.end() + 7) / 8);
    return most;
}

}  // namespace stile::devices
