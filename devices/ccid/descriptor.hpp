// SPDX-License-Identifier: Apache-2.0
// What a card reader says of itself: the class descriptor of its CCID interface.
#pragma once

#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::devices {

// How much of a command the host has to know of.
enum class CcidLevel : std::uint8_t {
    ShortApdu,     // commands of at most 261 bytes, in one block
    ExtendedApdu,  // longer ones too, in a chain of blocks where needed
};

struct CcidDescriptor {
    std::uint8_t last_slot = 0;
    CcidLevel level = CcidLevel::ShortApdu;
    std::uint32_t features = 0;       // dwFeatures
    std::uint32_t longest_frame = 0;  // dwMaxCCIDMessageLength, header included

    // The reader finds the voltage by itself.
    [[nodiscard]] bool chooses_voltage() const { return (features & 0x08U) != 0; }
    // It agrees on parameters with the card by itself; the host must not set any.
    [[nodiscard]] bool chooses_parameters() const { return (features & 0x40U) != 0; }

    friend bool operator==(const CcidDescriptor&, const CcidDescriptor&) = default;
};

// Finds and reads the descriptor among those that belong to the interface
// (UsbInterfaceInfo::extra); it may stand behind the endpoints. Errors: Invalid (none, two, or one
// that breaks the rules), Unsupported (a reader at TPDU or character level, which leaves the card's
// protocol to the host).
[[nodiscard]] Result<CcidDescriptor> parse_ccid_descriptor(Bytes extra);

}  // namespace stile::devices
