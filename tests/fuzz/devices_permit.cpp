// SPDX-License-Identifier: Apache-2.0
// Fuzzes USB permits: what is taken has one spelling, names a device on USB, and overlaps itself.
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "devices/usb/permit.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using stile::devices::UsbPermit;
    const std::string_view text = stile::as_text({data, size});
    const auto permit = UsbPermit::parse(text);
    if (!permit) return 0;
    const auto again = UsbPermit::parse(permit->text());
    if (!UsbPermit::is_meant(text) || !again || !(*again == *permit)) std::abort();
    if (again->text() != permit->text() || !permit->overlaps(*again)) std::abort();
    return 0;
}
