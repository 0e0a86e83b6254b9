// SPDX-License-Identifier: Apache-2.0
// Descriptors follow one another, each with its length and its type in front (USB 2.0, 9.6).
#include "devices/usb/descriptors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace stile::devices {
namespace {

// Types of descriptors.
constexpr std::uint8_t kDevice = 1;
constexpr std::uint8_t kConfiguration = 2;
constexpr std::uint8_t kInterface = 4;
constexpr std::uint8_t kEndpoint = 5;
constexpr std::uint8_t kAssociation = 11;  // stands before the interfaces that belong together

constexpr std::size_t kDeviceBytes = 18;
constexpr std::size_t kHeaderBytes = 9;  // of a configuration
constexpr std::size_t kInterfaceBytes = 9;
constexpr std::size_t kEndpointBytes = 7;
constexpr std::size_t kMostInterfaces = 32;
constexpr std::size_t kLongestText = 126;

std::unexpected<std::string> wrong(std::string what) {
    return std::unexpected{std::move(what)};
}

std::uint16_t little_endian(Bytes at) {
    return static_cast<std::uint16_t>(at[0] | at[1] << 8);
}

// Takes the first descriptor off `rest`; empty when it has no length, or more than there is.
Bytes take_descriptor(Bytes& rest) {
    if (rest.size() < 2 || rest[0] < 2 || rest[0] > rest.size()) return {};
    const Bytes descriptor = rest.first(rest[0]);
    rest = rest.subspan(rest[0]);
    return descriptor;
}

bool is_configuration(Bytes rest) {
    return rest.size() >= kHeaderBytes && rest[0] >= kHeaderBytes && rest[1] == kConfiguration;
}

class Reading {
public:
    // Empty, or what is wrong.
    std::string take(Bytes descriptor) {
        switch (descriptor[1]) {
            case kDevice:
            case kConfiguration:
                return "a device or a configuration inside a configuration";
            case kInterface:
                return take_interface(descriptor);
            case kEndpoint:
                return take_endpoint(descriptor);
            case kAssociation:
                return {};
            default:
                if (setting_ == Setting::First)
                    found_.back().extra.insert(found_.back().extra.end(), descriptor.begin(),
                                               descriptor.end());
                return {};
        }
    }
    std::vector<UsbInterfaceInfo> result() && { return std::move(found_); }

private:
    enum class Setting { None, First, Other };

    std::string take_interface(Bytes descriptor) {
        if (descriptor.size() < kInterfaceBytes) return "a short interface descriptor";
        const std::uint8_t number = descriptor[2];
        setting_ = descriptor[3] == 0 ? Setting::First : Setting::Other;
        if (setting_ == Setting::Other) return {};
        if (std::ranges::find(found_, number, &UsbInterfaceInfo::number) != found_.end())
            return fmt::format("interface {} twice", number);
        if (found_.size() == kMostInterfaces) return "too many interfaces";
        found_.push_back({.number = number,
                          .class_code = descriptor[5],
                          .subclass = descriptor[6],
                          .protocol = descriptor[7]});
        return {};
    }

    std::string take_endpoint(Bytes descriptor) {
        if (descriptor.size() < kEndpointBytes) return "a short endpoint descriptor";
        if (setting_ == Setting::None) return "an endpoint before any interface";
        const std::uint8_t address = descriptor[2];
        const auto packet =
            static_cast<std::uint16_t>(little_endian(descriptor.subspan(4)) & 0x7FF);
        constexpr std::uint8_t kDirectionAndNumber = 0x8F;
        if (setting_ == Setting::Other) return {};
        if ((address & 0x0FU) == 0 || (address & ~kDirectionAndNumber) != 0 || packet == 0)
            return {};
        if (seen_[address]) return fmt::format("endpoint {:02x} twice", address);
        seen_[address] = true;
        note(address, descriptor[3] & 3U, packet);
        return {};
    }

    void note(std::uint8_t address, unsigned transfer, std::uint16_t packet) {
        using Kind = UsbEndpoint::Kind;
        constexpr unsigned kBulk = 2;
        constexpr unsigned kInterrupt = 3;
        if (transfer != kBulk && transfer != kInterrupt) return;
        const bool in = (address & 0x80U) != 0;
        const Kind bulk = in ? Kind::BulkIn : Kind::BulkOut;
        const Kind interrupt = in ? Kind::InterruptIn : Kind::InterruptOut;
        found_.back().endpoints.push_back({address, transfer == kBulk ? bulk : interrupt, packet});
    }

    std::vector<UsbInterfaceInfo> found_;
    std::array<bool, 256> seen_{};  // endpoints, by address
    Setting setting_ = Setting::None;
};

}  // namespace

std::expected<Bytes, std::string> find_configuration(Bytes descriptors, std::uint8_t number) {
    Bytes rest = descriptors;
    const Bytes device = take_descriptor(rest);
    if (device.size() < kDeviceBytes || device[1] != kDevice) return wrong("no device descriptor");
    while (is_configuration(rest)) {
        const std::size_t length = little_endian(rest.subspan(2));
        if (length < kHeaderBytes || length > rest.size())
            return wrong("a configuration that is cut off");
        if (rest[5] == number) return rest.first(length);
        rest = rest.subspan(length);
    }
    return wrong(fmt::format("no configuration {}", number));
}

std::expected<std::vector<UsbInterfaceInfo>, std::string> parse_configuration(Bytes configuration) {
    Bytes rest = configuration;
    if (!is_configuration(rest) || take_descriptor(rest).empty())
        return wrong("no configuration descriptor");
    Reading reading;
    while (!rest.empty()) {
        const Bytes descriptor = take_descriptor(rest);
        if (descriptor.empty()) return wrong("a descriptor that is cut off");
        if (std::string what = reading.take(descriptor); !what.empty())
            return wrong(std::move(what));
    }
    return std::move(reading).result();
}

std::string clean_usb_text(std::string_view text) {
    std::string out;
    for (const char sign : text) {
        const auto byte = static_cast<std::uint8_t>(sign);
        const bool inside = (byte & 0xC0U) == 0x80U;  // of one sign in UTF-8
        if (out.size() == kLongestText || inside) continue;
        out += sign >= ' ' && sign <= '~' ? sign : '?';
    }
    const std::size_t begin = std::min(out.find_first_not_of(' '), out.size());
    out.erase(0, begin);
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace stile::devices
