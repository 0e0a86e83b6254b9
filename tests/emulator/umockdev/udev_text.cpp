// SPDX-License-Identifier: Apache-2.0
// One block of lines for a device, one for its interface.
#include "tests/emulator/umockdev/udev_text.hpp"

#include <cstdio>

namespace stile::emulator {
namespace {

template <class... Values>
std::string filled(const char* format, Values... values) {
    char line[256];
    const int size = std::snprintf(line, sizeof line, format, values...);
    return {line, static_cast<std::size_t>(size)};
}

// A line of an attribute; libumockdev knows \\ and \n.
std::string attribute(const char* name, const std::string& value) {
    std::string line = std::string{"A: "} + name + "=";
    for (const char letter : value)
        line += letter == '\n'   ? std::string{"\\n"}
                : letter == '\\' ? std::string{"\\\\"}
                                 : std::string{letter};
    return line + "\\n\n";
}

std::string usb_device(const std::string& path, unsigned number, Bytes descriptor) {
    const unsigned vendor = descriptor[8] | unsigned{descriptor[9]} << 8U;
    const unsigned product = descriptor[10] | unsigned{descriptor[11]} << 8U;
    const unsigned release = descriptor[12] | unsigned{descriptor[13]} << 8U;
    std::string text = "P: " + path + "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\n";
    text += "E: DEVNAME=" + node_of(number) + "\nE: MAJOR=189\n";
    text += filled("E: MINOR=%u\nE: BUSNUM=001\nE: DEVNUM=%03u\n", number - 1, number);
    text += filled("E: PRODUCT=%x/%x/%x\n", vendor, product, release);
    text += attribute("busnum", "1") + attribute("devnum", std::to_string(number));
    text += attribute("speed", "12") + attribute("dev", filled("189:%u", number - 1));
    text += attribute("bConfigurationValue", "1") + attribute("bNumConfigurations", "1");
    text += attribute("idVendor", filled("%04x", vendor));
    text += attribute("idProduct", filled("%04x", product));
    return text + attribute("bcdDevice", filled("%04x", release));
}

}  // namespace

std::string node_of(unsigned number) {
    return filled("/dev/bus/usb/001/%03u", number);
}

std::string path_of(const std::string& port) {
    return "/devices/pci0000:00/usb1/" + port;
}

bool is_keyboard(const UsbDevice& device) {
    const Buffer& bytes = device.configuration();
    return bytes.size() > 16 && bytes[14] == 3;
}

std::string udev_text(const UsbDevice& device, const std::string& port, unsigned number) {
    const Buffer& configuration = device.configuration();
    const UsbDevice::Identity& identity = device.identity();
    std::string text = usb_device(path_of(port), number, device.descriptor());
    text += attribute("manufacturer", identity.maker) + attribute("product", identity.name);
    if (!identity.serial.empty()) text += attribute("serial", identity.serial);
    text += "H: descriptors=" + to_hex(device.descriptor()) + to_hex(configuration) + "\n\n";
    const unsigned codes[] = {configuration[14], configuration[15], configuration[16]};
    text += "P: " + path_of(port) + "/" + port + ":1.0\n";
    text += "E: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\n";
    text += filled("E: PRODUCT=%x/%x/%x\n", unsigned{identity.vendor}, unsigned{identity.product},
                   unsigned{identity.release});
    text += filled("E: INTERFACE=%u/%u/%u\n", codes[0], codes[1], codes[2]);
    text += attribute("bInterfaceNumber", "00") + attribute("bAlternateSetting", " 0");
    text += attribute("bInterfaceClass", filled("%02x", codes[0]));
    text += attribute("bInterfaceSubClass", filled("%02x", codes[1]));
    text += attribute("bInterfaceProtocol", filled("%02x", codes[2]));
    return text + attribute("bNumEndpoints", filled("%02x", unsigned{configuration[13]})) + "\n";
}

std::string root_hub_text() {
    const std::uint8_t descriptor[] = {18,   1,    0,    2, 9, 0, 1, 64, 0x6B,
                                       0x1D, 0x02, 0x00, 1, 6, 0, 0, 0,  1};
    const std::uint8_t configuration[] = {9, 2, 25, 0, 1, 1, 0, 0xE0, 0, 9, 4, 0, 0,
                                          1, 9, 0,  0, 0, 7, 5, 0x81, 3, 4, 0, 12};
    return usb_device("/devices/pci0000:00/usb1", 1, descriptor) + "N: bus/usb/001/001=00\n" +
           "H: descriptors=" + to_hex(descriptor) + to_hex(configuration) + "\n\n";
}

}  // namespace stile::emulator
