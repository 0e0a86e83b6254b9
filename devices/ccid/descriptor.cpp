// SPDX-License-Identifier: Apache-2.0
// Reads the class descriptor strictly: exact length, known level, believable sizes.
#include "devices/ccid/descriptor.hpp"

#include <optional>

#include <fmt/format.h>

namespace stile::devices {
namespace {

constexpr std::size_t kBytes = 54;
constexpr std::uint8_t kType = 0x21;
constexpr std::uint8_t kMostSlots = 16;
constexpr std::uint32_t kShortestFrame = 271;    // a short APDU with its header
constexpr std::uint32_t kLongestFrame = 65'554;  // an extended one

std::uint32_t little_endian(Bytes at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i > 0; --i)
        value = (value << 8) | at[i - 1];
    return value;
}

// The only descriptor of the class, or why there is no such thing.
Result<Bytes> find(Bytes extra) {
    std::optional<Bytes> found;
    while (!extra.empty()) {
        if (extra.size() < 2 || extra[0] < 2 || extra[0] > extra.size())
            return fail(Errc::Invalid, "a descriptor of the card reader is cut off");
        const Bytes one = extra.first(extra[0]);
        extra = extra.subspan(one.size());
        if (one[1] != kType) continue;
        if (found) return fail(Errc::Invalid, "the card reader has two class descriptors");
        found = one;
    }
    if (!found) return fail(Errc::Invalid, "the card reader has no class descriptor");
    if (found->size() != kBytes) {
        return fail(Errc::Invalid, fmt::format("the card reader's class descriptor has {} bytes, "
                                               "not {}",
                                               found->size(), kBytes));
    }
    return *found;
}

Result<CcidLevel> level_of(std::uint32_t features) {
    switch (features & 0x00070000U) {
        case 0x00020000U:
            return CcidLevel::ShortApdu;
        case 0x00040000U:
            return CcidLevel::ExtendedApdu;
        case 0x00010000U:
            return fail(Errc::Unsupported,
                        "the card reader works at TPDU level; only readers at APDU level are "
                        "supported");
        case 0:
            return fail(Errc::Unsupported,
                        "the card reader works at character level; only readers at APDU level are "
                        "supported");
        default:
            return fail(Errc::Invalid, "the card reader names two levels of exchange");
    }
}

}  // namespace

Result<CcidDescriptor> parse_ccid_descriptor(Bytes extra) {
    const auto raw = find(extra);
    if (!raw) return std::unexpected{raw.error()};
    const std::uint32_t features = little_endian(raw->subspan(40, 4));
    const auto level = level_of(features);
    if (!level) return std::unexpected{level.error()};
    const CcidDescriptor read{.last_slot = (*raw)[4],
                              .level = *level,
                              .features = features,
                              .longest_frame = little_endian(raw->subspan(44, 4))};
    if (read.last_slot >= kMostSlots) {
        return fail(Errc::Invalid,
                    fmt::format("the card reader says that it has {} slots", read.last_slot + 1));
    }
    if (read.longest_frame < kShortestFrame || read.longest_frame > kLongestFrame) {
        return fail(Errc::Invalid, fmt::format("the card reader's longest message is {} bytes",
                                               read.longest_frame));
    }
    return read;
}

}  // namespace stile::devices
