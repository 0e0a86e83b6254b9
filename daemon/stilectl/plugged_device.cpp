// SPDX-License-Identifier: Apache-2.0
// Small files of one value in /sys, and the same permits by which readers take their devices.
#include "daemon/stilectl/plugged_device.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

#include "devices/usb/permit.hpp"
#include "devices/usb/usb_files.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDevices = "/dev/";

// The value of KEY= in the file "uevent".
std::string property(const fs::path& sysfs, std::string_view key) {
    std::ifstream in{sysfs / "uevent"};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(key) && line.substr(key.size()).starts_with('='))
            return line.substr(key.size() + 1);
    }
    return {};
}

std::uint16_t hexadecimal(const fs::path& file) {
    std::ifstream in{file};
    std::string text;
    std::getline(in, text);
    std::uint16_t value = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), value, 16);  // else it is 0
    return value;
}

std::string in_dev(const std::string& name) {
    return name.starts_with('/') ? name : std::string{kDevices} + name;
}

devices::UsbDevice usb_device(const fs::path& sysfs) {
    devices::UsbDevice device;
    device.identity.vendor = hexadecimal(sysfs / "idVendor");
    device.identity.product = hexadecimal(sysfs / "idProduct");
    device.identity.port = sysfs.filename();
    devices::read_usb_files(device, sysfs);
    return device;
}

bool is_its_file(const std::string& source, const PluggedDevice& device) {
    if (device.node.empty() || !source.starts_with(kDevices)) return false;
    return source == device.node || std::ranges::find(device.links, source) != device.links.end();
}

}  // namespace

Result<PluggedDevice> plugged_device(const fs::path& sysfs, std::span<const std::string> links) {
    std::error_code error;
    const fs::path folder = fs::canonical(sysfs, error);
    if (error) return fail(Errc::NotFound, sysfs.native() + ": " + error.message());
    PluggedDevice device;
    if (const std::string name = property(folder, "DEVNAME"); !name.empty())
        device.node = in_dev(name);
    for (const std::string& link : links)
        device.links.push_back(in_dev(link));
    if (property(folder, "DEVTYPE") == "usb_device") device.usb = usb_device(folder);
    return device;
}

bool may_use(const config::Reader& reader, const PluggedDevice& device) {
    if (!devices::UsbPermit::is_meant(reader.source)) return is_its_file(reader.source, device);
    const auto permit = devices::UsbPermit::parse(reader.source);
    const auto use = config::kind_of(reader) == config::ReaderKind::Nfc ? devices::UsbUse::Nfc
                                                                        : devices::UsbUse::Scanner;
    return device.usb && permit && permit->why_not(*device.usb, use).empty();
}

}  // namespace stile
