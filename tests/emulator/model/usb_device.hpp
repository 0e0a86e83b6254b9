// SPDX-License-Identifier: Apache-2.0
// What every emulated USB device is: descriptors, control requests, endpoints, and a diary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile::emulator {

struct Setup {
    std::uint8_t type = 0;
    std::uint8_t request = 0;
    std::uint16_t value = 0;
    std::uint16_t index = 0;
    std::uint16_t length = 0;
};

// What comes of one transfer. NotYet: it stays on its way.
enum class Reply : std::uint8_t { Done, NotYet, Stall, Babble };
// As Linux tells it in the status of an URB: 0 or -errno.
[[nodiscard]] int errno_of(Reply reply);

// Ways in which the description of a device is wrong before anything was said to it.
enum class DescriptorFlaw : std::uint8_t {
    None,
    Huge,            // 60,000 bytes of descriptors that nobody knows
    ZeroLength,      // one that claims to have no bytes at all
    TotalTooLong,    // more is promised than there is
    CutClass,        // the class descriptor ends in its middle, and so does everything
    NoClass,         // there is none
    NoEndpoints,     // an interface without them
    ManyInterfaces,  // 32 of the same
    StrangeTexts,    // names of 126 characters, with control characters and quotes
    UnevenTexts,     // names of which a byte is missing
};
// Nothing for a name that no flaw has.
[[nodiscard]] const DescriptorFlaw* find_flaw(std::string_view name);

// Not thread-safe: a front end calls it under one lock. Knows nothing of how it is connected.
class UsbDevice {
public:
    struct Identity {
        std::uint16_t vendor = 0;
        std::uint16_t product = 0;
        std::uint16_t release = 0;
        std::uint8_t packet = 64;  // of endpoint 0
        std::string maker;
        std::string name;
        std::string serial;  // empty: none
    };

    UsbDevice(Identity identity, Buffer configuration, DescriptorFlaw flaw);
    virtual ~UsbDevice() = default;
    UsbDevice(const UsbDevice&) = delete;
    UsbDevice& operator=(const UsbDevice&) = delete;

    [[nodiscard]] const Identity& identity() const { return identity_; }
    [[nodiscard]] Buffer descriptor() const;
    [[nodiscard]] const Buffer& configuration() const { return configuration_; }

    [[nodiscard]] Reply control(const Setup& setup, Bytes out, Buffer& in);
    // From the host.
    [[nodiscard]] virtual Reply take(std::uint8_t endpoint, Bytes data) = 0;
    // To the host, at most `most` bytes.
    [[nodiscard]] virtual Reply give(std::uint8_t endpoint, std::size_t most, Buffer& out) = 0;
    // Plugged in, or reset by the host.
    virtual void reset() = 0;

    // All that happened to it, oldest first; each line begins with a word of TRANSCRIPT.md.
    void note(std::string line) { diary_.push_back(std::move(line)); }
    [[nodiscard]] const std::vector<std::string>& diary() const { return diary_; }

protected:
    // A request that is not of the standard, or for an interface.
    [[nodiscard]] virtual Reply special(const Setup& setup, Bytes out, Buffer& in) = 0;

private:
    [[nodiscard]] Reply describe(const Setup& setup, Buffer& in) const;
    [[nodiscard]] Buffer text(std::uint8_t index) const;

    Identity identity_;
    Buffer configuration_;
    DescriptorFlaw flaw_;
    std::vector<std::string> diary_;
};

// Builds a configuration out of its parts.
class ConfigurationWriter {
public:
    ConfigurationWriter(std::uint8_t interfaces, std::uint8_t milliamperes);
    void interface(std::uint8_t number, std::uint8_t endpoints, Bytes class_codes);
    void raw(Bytes descriptor);
    void endpoint(std::uint8_t address, std::uint8_t attributes, std::uint16_t packet,
                  std::uint8_t interval);
    [[nodiscard]] Buffer finish();

private:
    Buffer bytes_;
};

inline constexpr std::uint8_t kBulk = 2;
inline constexpr std::uint8_t kInterrupt = 3;

// Little-endian numbers, as USB and smart cards write them.
[[nodiscard]] inline std::uint8_t low(std::size_t value) {
    return static_cast<std::uint8_t>(value & 0xFFU);
}
[[nodiscard]] inline std::uint8_t high(std::size_t value) {
    return static_cast<std::uint8_t>((value >> 8) & 0xFFU);
}

}  // namespace stile::emulator
