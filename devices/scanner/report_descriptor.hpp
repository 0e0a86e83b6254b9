// SPDX-License-Identifier: Apache-2.0
// Reads a HID report descriptor: which bits of a device's input reports mean what.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::devices {

// A usage with its page: 0x0007'0004 is the key A.
using HidUsage = std::uint32_t;

struct HidUsageRange {
    HidUsage first = 0;
    HidUsage last = 0;
    friend bool operator==(const HidUsageRange&, const HidUsageRange&) = default;
};

// `count` elements of `bits` bits each, one behind the other.
struct HidField {
    enum class Form : std::uint8_t {
        Variable,  // each element is the value of one usage
        Array,     // each element is the number of a usage, counted from `least`
    };
    std::uint8_t report = 0;   // its number; 0: the device's reports have none
    std::uint32_t offset = 0;  // in bits, behind the number
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    Form form = Form::Variable;
    std::int32_t least = 0;
    std::vector<HidUsageRange> usages;

    // Of the element at `index`, or of the number `index` of an array; 0: none. The last usage of a
    // variable field serves all further elements.
    [[nodiscard]] HidUsage usage(std::uint32_t index) const;
    // Bits up to its end.
    [[nodiscard]] std::uint32_t end() const { return offset + bits * count; }
};

// The input fields, without padding, in order. Errors: Invalid (SCANNER.md has the limits).
[[nodiscard]] Result<std::vector<HidField>> parse_report_descriptor(Bytes descriptor);

}  // namespace stile::devices
