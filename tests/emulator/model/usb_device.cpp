// SPDX-License-Identifier: Apache-2.0
// Chapter 9 of USB as far as a host asks for it, and descriptors with something wrong in them.
#include "tests/emulator/model/usb_device.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace stile::emulator {
namespace {

struct FlawName {
    std::string_view name;
    DescriptorFlaw flaw;
};
constexpr FlawName kFlaws[] = {
    {"huge-descriptors", DescriptorFlaw::Huge},
    {"zero-length-descriptor", DescriptorFlaw::ZeroLength},
    {"total-too-long", DescriptorFlaw::TotalTooLong},
    {"cut-class-descriptor", DescriptorFlaw::CutClass},
    {"no-class-descriptor", DescriptorFlaw::NoClass},
    {"no-endpoints", DescriptorFlaw::NoEndpoints},
    {"many-interfaces", DescriptorFlaw::ManyInterfaces},
    {"strange-texts", DescriptorFlaw::StrangeTexts},
    {"uneven-texts", DescriptorFlaw::UnevenTexts},
};

constexpr std::uint8_t kInterfaceType = 4;
constexpr std::uint8_t kEndpointType = 5;
constexpr std::uint8_t kClassType = 0x21;

// The descriptors behind the configuration's own nine bytes, one by one.
std::vector<Buffer> parts_of(const Buffer& configuration) {
    std::vector<Buffer> parts;
    for (std::size_t at = 9; at < configuration.size(); at += configuration[at]) {
        const auto begin = configuration.begin() + static_cast<std::ptrdiff_t>(at);
        parts.emplace_back(begin, begin + configuration[at]);
    }
    return parts;
}

Buffer joined(const Buffer& configuration, const std::vector<Buffer>& parts) {
    Buffer bytes{configuration.begin(), configuration.begin() + 9};
    for (const Buffer& part : parts)
        bytes.insert(bytes.end(), part.begin(), part.end());
    bytes[2] = low(bytes.size());
    bytes[3] = high(bytes.size());
    return bytes;
}

Buffer without(const Buffer& configuration, std::uint8_t type) {
    std::vector<Buffer> parts = parts_of(configuration);
    std::erase_if(parts, [type](const Buffer& part) { return part[1] == type; });
    if (type == kEndpointType) {
        for (Buffer& part : parts)
            if (part[1] == kInterfaceType) part[4] = 0;
    }
    return joined(configuration, parts);
}

Buffer many_of(const Buffer& configuration) {
    const std::vector<Buffer> one = parts_of(configuration);
    std::vector<Buffer> parts;
    for (std::uint8_t number = 0; number < 32; ++number) {
        for (Buffer part : one) {
            if (part[1] == kInterfaceType) part[2] = number;
            parts.push_back(std::move(part));
        }
    }
    Buffer bytes = joined(configuration, parts);
    bytes[4] = 32;
    return bytes;
}

Buffer cut_in_its_class(Buffer bytes) {
    std::size_t at = 9;
    while (at + 1 < bytes.size() && bytes[at + 1] != kClassType)
        at += bytes[at];
    bytes.resize(std::min(bytes.size(), at + 20));
    bytes[2] = low(bytes.size());
    bytes[3] = high(bytes.size());
    return bytes;
}

Buffer flawed(Buffer bytes, DescriptorFlaw flaw) {
    switch (flaw) {
        case DescriptorFlaw::None:
        case DescriptorFlaw::StrangeTexts:
        case DescriptorFlaw::UnevenTexts:
            return bytes;
        case DescriptorFlaw::Huge:
            while (bytes.size() < 60'000) {
                bytes.push_back(200);
                bytes.insert(bytes.end(), 199, 0x7F);
            }
            bytes[2] = low(bytes.size());
            bytes[3] = high(bytes.size());
            return bytes;
        case DescriptorFlaw::ZeroLength:
            bytes.insert(bytes.begin() + 18, {0, 0x21});
            bytes[2] = low(bytes.size());
            return bytes;
        case DescriptorFlaw::TotalTooLong:
            bytes[3] = 0x40;
            return bytes;
        case DescriptorFlaw::CutClass:
            return cut_in_its_class(std::move(bytes));
        case DescriptorFlaw::NoClass:
            return without(bytes, kClassType);
        case DescriptorFlaw::NoEndpoints:
            return without(bytes, kEndpointType);
        case DescriptorFlaw::ManyInterfaces:
            return many_of(bytes);
    }
    return bytes;
}

}  // namespace

const DescriptorFlaw* find_flaw(std::string_view name) {
    const auto found = std::ranges::find(kFlaws, name, &FlawName::name);
    return found == std::end(kFlaws) ? nullptr : &found->flaw;
}

int errno_of(Reply reply) {
    switch (reply) {
        case Reply::Done:
        case Reply::NotYet:
            return 0;
        case Reply::Stall:
            return -EPIPE;
        case Reply::Babble:
            return -EOVERFLOW;
    }
    return -EPROTO;
}

UsbDevice::UsbDevice(Identity identity, Buffer configuration, DescriptorFlaw flaw)
    : identity_{std::move(identity)},
      configuration_{flawed(std::move(configuration), flaw)},
      flaw_{flaw} {}

Buffer UsbDevice::descriptor() const {
    const std::uint8_t serial = identity_.serial.empty() ? 0 : 3;
    return {18,
            1,
            0x10,
            0x01,
            0,
            0,
            0,
            identity_.packet,
            low(identity_.vendor),
            high(identity_.vendor),
            low(identity_.product),
            high(identity_.product),
            low(identity_.release),
            high(identity_.release),
            1,
            2,
            serial,
            1};
}

Buffer UsbDevice::text(std::uint8_t index) const {
    if (index == 0) return {4, 3, 9, 4};  // English
    std::string words = index == 1   ? identity_.maker
                        : index == 2 ? identity_.name
                                     : identity_.serial;
    if (flaw_ == DescriptorFlaw::StrangeTexts) words = "\"\x1B[2J\n\\" + std::string(121, '\x07');
    Buffer out{low(2 + 2 * words.size()), 3};
    for (const char letter : words) {
        out.push_back(static_cast<std::uint8_t>(letter));
        out.push_back(0);
    }
    if (flaw_ == DescriptorFlaw::UnevenTexts) out.pop_back();
    return out;
}

Reply UsbDevice::describe(const Setup& setup, Buffer& in) const {
    switch (setup.value >> 8) {
        case 1:
            in = descriptor();
            break;
        case 2:
            in = configuration_;
            break;
        case 3:
            if ((setup.value & 0xFFU) > 3) return Reply::Stall;
            in = text(low(setup.value));
            break;
        default:
            return Reply::Stall;
    }
    return Reply::Done;
}

Reply UsbDevice::control(const Setup& setup, Bytes out, Buffer& in) {
    const bool standard = (setup.type & 0x60U) == 0;
    const bool of_device = (setup.type & 0x1FU) == 0;
    Reply reply = Reply::Done;
    if (!standard || (setup.request == 6 && !of_device)) {
        reply = special(setup, out, in);
    } else {
        switch (setup.request) {
            case 0:  // GET_STATUS
                in = {0, 0};
                break;
            case 6:  // GET_DESCRIPTOR
                reply = describe(setup, in);
                break;
            case 8:  // GET_CONFIGURATION
                in = {1};
                break;
            case 10:  // GET_INTERFACE
                in = {0};
                break;
            case 1:  // CLEAR_FEATURE, and its like
            case 3:
            case 5:
            case 9:
            case 11:
                break;
            default:
                reply = Reply::Stall;
                break;
        }
    }
    if (in.size() > setup.length) in.resize(setup.length);
    return reply;
}

ConfigurationWriter::ConfigurationWriter(std::uint8_t interfaces, std::uint8_t milliamperes)
    : bytes_{9, 2, 0, 0, interfaces, 1, 0, 0x80, low(milliamperes / 2U)} {}

void ConfigurationWriter::interface(std::uint8_t number, std::uint8_t endpoints,
                                    Bytes class_codes) {
    raw(Buffer{9, kInterfaceType, number, 0, endpoints, class_codes[0], class_codes[1],
               class_codes[2], 0});
}

void ConfigurationWriter::raw(Bytes descriptor) {
    bytes_.insert(bytes_.end(), descriptor.begin(), descriptor.end());
}

void ConfigurationWriter::endpoint(std::uint8_t address, std::uint8_t attributes,
                                   std::uint16_t packet, std::uint8_t interval) {
    raw(Buffer{7, kEndpointType, address, attributes, low(packet), high(packet), interval});
}

Buffer ConfigurationWriter::finish() {
    bytes_[2] = low(bytes_.size());
    bytes_[3] = high(bytes_.size());
    return std::move(bytes_);
}

}  // namespace stile::emulator
