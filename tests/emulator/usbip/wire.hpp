// SPDX-License-Identifier: Apache-2.0
// USB/IP 1.1.1: the headers in which a kernel asks for transfers and gets their answers. Each has
// 48 bytes, numbers are big-endian; bytes from or for the device follow.
#pragma once

#include <cstdint>
#include <variant>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator::usbip {

inline constexpr std::size_t kHeaderBytes = 48;
inline constexpr std::uint32_t kMostBytes = 1U << 20U;  // of one transfer

enum class Direction : std::uint8_t { ToDevice, ToHost };
// What a transfer that brings fewer bytes than there is room for is to the host.
enum class Short : std::uint8_t { Fine, Wrong };

struct Submit {
    std::uint32_t sequence = 0;
    Direction direction = Direction::ToDevice;
    std::uint8_t endpoint = 0;  // without the direction
    Short if_short = Short::Fine;
    std::uint32_t length = 0;  // so many bytes follow, or may come back
    Setup setup;               // of endpoint 0

    // As descriptors write it.
    [[nodiscard]] std::uint8_t address() const {
        return static_cast<std::uint8_t>(endpoint | (direction == Direction::ToHost ? 0x80U : 0U));
    }
    [[nodiscard]] std::uint32_t bytes_that_follow() const {
        return direction == Direction::ToDevice ? length : 0;
    }
};

struct Unlink {
    std::uint32_t sequence = 0;
    std::uint32_t victim = 0;
};

using Request = std::variant<Submit, Unlink>;

// Invalid: the host makes no sense, and what follows cannot be found. Unsupported: isochronous.
[[nodiscard]] Result<Request> parse_request(Bytes header);

// `status` is 0 or a negative error number of Linux; `data` is what goes to the host.
[[nodiscard]] Buffer answer_to(const Submit& submit, int status, std::size_t actual, Bytes data);
[[nodiscard]] Buffer answer_to(const Unlink& unlink, int status);

}  // namespace stile::emulator::usbip
