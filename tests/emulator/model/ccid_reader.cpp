// SPDX-License-Identifier: Apache-2.0
// The makes that gates use, from what their manuals and the lists of reader drivers say of them.
#include "tests/emulator/model/ccid_reader.hpp"

#include <algorithm>
#include <iterator>

namespace stile::emulator {
namespace {

constexpr ReaderMake kMakes[] = {
    {"acr122u", 0x072F, 0x2200, 0x0214, 8, "ACS", "ACR122U PICC Interface", "", Front::Acr122,
     Level::ShortApdu, 0x00020040, 271, 0, 0},
    {"acr1252u", 0x072F, 0x223B, 0x0104, 64, "ACS", "ACR1252 Dual Reader", "RR512-000123",
     Front::Acr1252, Level::ExtendedApdu, 0x00040040, 522, 0x000204BA, 288},
    {"omnikey5427ck", 0x076B, 0x5427, 0x0520, 64, "HID Global", "OMNIKEY 5427 CK", "OKCM0021234567",
     Front::None, Level::ExtendedApdu, 0x000404BA, 520, 0, 0},
    {"utrust3700f", 0x04E6, 0x5790, 0x0305, 64, "Identiv", "Identiv uTrust 3700 F CL Reader",
     "53691234567890", Front::None, Level::ExtendedApdu, 0x000404BE, 1034, 0, 0},
    // An old ACR122U, which leaves the transport protocol to its host.
    {"acr122u-tpdu", 0x072F, 0x90CC, 0x0100, 8, "ACS", "ACR 38U-CCID", "", Front::Acr122,
     Level::Tpdu, 0x00010030, 271, 0, 0},
};

constexpr std::uint8_t kCcidClass[] = {0x0B, 0, 0};

void put_u32(Buffer& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<std::uint8_t>(value >> shift));
}

Buffer class_descriptor(std::uint32_t features, std::uint16_t max_message) {
    Buffer out{54, 0x21, 0x10, 0x01, 0, 7};        // CCID 1.10, one slot, 5 V, 3 V and 1.8 V
    put_u32(out, features == 0x00010030 ? 3 : 2);  // T=1, and T=0 where the host does it
    put_u32(out, 4'000);                           // kHz
    put_u32(out, 4'000);
    out.push_back(0);
    put_u32(out, 9'600);  // bits a second
    put_u32(out, 115'200);
    out.push_back(0);
    put_u32(out, 254);
    put_u32(out, 0);
    put_u32(out, 0);
    put_u32(out, features);
    put_u32(out, max_message);
    const std::uint8_t end[] = {0xFF, 0xFF, 0, 0, 0, 1};  // no display, no keys, one slot at once
    out.insert(out.end(), std::begin(end), std::end(end));
    return out;
}

Buffer configuration_of(const ReaderMake& make) {
    const bool has_sam = make.sam_features != 0;
    ConfigurationWriter writer{static_cast<std::uint8_t>(has_sam ? 2 : 1), 200};
    writer.interface(0, 3, kCcidClass);
    writer.raw(class_descriptor(make.features, make.max_message));
    writer.endpoint(0x81, kInterrupt, 8, 10);
    writer.endpoint(0x02, kBulk, 64, 0);
    writer.endpoint(0x82, kBulk, 64, 0);
    if (has_sam) {
        writer.interface(1, 3, kCcidClass);
        writer.raw(class_descriptor(make.sam_features, make.sam_max_message));
        writer.endpoint(0x83, kInterrupt, 8, 10);
        writer.endpoint(0x04, kBulk, 64, 0);
        writer.endpoint(0x84, kBulk, 64, 0);
    }
    return writer.finish();
}

UsbDevice::Identity identity_of(const ReaderMake& make) {
    return {make.vendor,
            make.product,
            make.release,
            make.packet,
            std::string{make.maker},
            std::string{make.text},
            std::string{make.serial}};
}

}  // namespace

const ReaderMake* find_reader_make(std::string_view name) {
    const auto* found = std::ranges::find(kMakes, name, &ReaderMake::name);
    return found == std::end(kMakes) ? nullptr : found;
}

CcidReader::CcidReader(const ReaderMake& make, DescriptorFlaw flaw)
    : UsbDevice{identity_of(make), configuration_of(make), flaw},
      picc_{make.front, [this](std::string line) { note(std::move(line)); }},
      nothing_{Front::None, [](const std::string&) {}} {
    interfaces_.emplace_back(make.level, make.max_message, picc_,
                             [this](std::string line) { note(std::move(line)); });
    if (make.sam_features != 0) {
        interfaces_.emplace_back(Level::ShortApdu, make.sam_max_message, nothing_,
                                 [](const std::string&) {});
    }
}

void CcidReader::insert(std::shared_ptr<Card> card) {
    picc_.insert(std::move(card));
    interfaces_.front().slot_changed();
}

void CcidReader::remove() {
    picc_.remove();
    interfaces_.front().slot_changed();
}

CcidInterface* CcidReader::of(std::uint8_t endpoint) {
    const std::size_t index = (endpoint & 0x0FU) <= 2 ? 0 : 1;
    return index < interfaces_.size() ? &interfaces_[index] : nullptr;
}

Reply CcidReader::take(std::uint8_t endpoint, Bytes data) {
    CcidInterface* interface = of(endpoint);
    return interface == nullptr ? Reply::Stall : interface->take(data);
}

Reply CcidReader::give(std::uint8_t endpoint, std::size_t most, Buffer& out) {
    CcidInterface* interface = of(endpoint);
    if (interface == nullptr) return Reply::Stall;
    const bool interrupt = (endpoint & 1U) != 0;
    return interrupt ? interface->give_interrupt(most, out) : interface->give_bulk(most, out);
}

void CcidReader::reset() {
    for (CcidInterface& interface : interfaces_)
        interface.reset();
}

Reply CcidReader::special(const Setup& setup, Bytes /*out*/, Buffer& /*in*/) {
    constexpr std::uint8_t kAbort = 1;
    const std::size_t index = low(setup.index);
    if (setup.type != 0x21 || setup.request != kAbort || index >= interfaces_.size())
        return Reply::Stall;
    interfaces_[index].abort();
    return Reply::Done;
}

}  // namespace stile::emulator
