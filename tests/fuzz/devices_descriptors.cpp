// SPDX-License-Identifier: Apache-2.0
// Fuzzes USB descriptors: what is believed can be used, and names are printable.
#include <cstdlib>

#include "devices/usb/descriptors.hpp"

namespace {

using namespace stile::devices;

bool is_sound(const UsbInterfaceInfo& interface) {
    for (const UsbEndpoint& endpoint : interface.endpoints) {
        const bool in = endpoint.kind == UsbEndpoint::Kind::BulkIn ||
                        endpoint.kind == UsbEndpoint::Kind::InterruptIn;
        if (endpoint.packet == 0 || (endpoint.address & 0x0FU) == 0) return false;
        if (in != ((endpoint.address & 0x80U) != 0)) return false;
    }
    return interface.endpoints.size() <= 30;
}

}  // namespace

// The first byte is the number of the configuration.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const stile::Bytes rest{data + 1, size - 1};
    const auto found = find_configuration(rest, data[0]);
    const auto interfaces = parse_configuration(found ? *found : rest);
    if (!interfaces && interfaces.error().empty()) std::abort();
    if (interfaces && interfaces->size() > 32) std::abort();
    for (const UsbInterfaceInfo& each : interfaces.value_or(std::vector<UsbInterfaceInfo>{}))
        if (!is_sound(each)) std::abort();
    const std::string text = clean_usb_text(stile::as_text(rest));
    if (text.size() > 126 || clean_usb_text(text) != text) std::abort();
    return 0;
}
