// SPDX-License-Identifier: Apache-2.0
// Files below /sys/bus/usb/devices, each with one value, and links below /proc.
#include "devices/usb/usb_files.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/usb/descriptors.hpp"

namespace stile::devices {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDescriptors = 65536;  // longer than any one configuration can be

fs::path folder_of(const UsbDevice& device) {
    return fs::path{"/sys/bus/usb/devices"} / device.identity.port;
}

std::string text_in(const fs::path& file, std::size_t most) {
    std::ifstream in{file, std::ios::binary};
    std::string text(most, '\0');
    in.read(text.data(), static_cast<std::streamsize>(most));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string line_in(const fs::path& file) {
    std::string text = text_in(file, 1024);
    return text.substr(0, text.find('\n'));
}

// Nothing while the device is not configured.
std::optional<std::uint8_t> configuration_in(const fs::path& folder) {
    const std::string text = line_in(folder / "bConfigurationValue");
    std::uint8_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && number != 0 ? std::optional{number} : std::nullopt;
}

void read_interfaces(UsbDevice& device, const fs::path& folder) {
    const auto number = configuration_in(folder);
    if (!number) return;
    const std::string text = text_in(folder / "descriptors", kMostDescriptors);
    const auto configuration = find_configuration(as_bytes(text), *number);
    if (!configuration) {
        device.oddity = configuration.error();
        return;
    }
    auto interfaces = parse_configuration(*configuration);
    if (interfaces)
        device.interfaces = std::move(*interfaces);
    else
        device.oddity = std::move(interfaces.error());
}

bool has_open(const fs::path& process, const fs::path& node) {
    std::error_code error;
    for (const auto& link : fs::directory_iterator{process / "fd", error}) {
        std::error_code unreadable;
        if (fs::read_symlink(link.path(), unreadable) == node) return true;
    }
    return false;
}

bool is_number(std::string_view name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<gid_t> group_of_readers() {
    std::array<char, 16384>
        memory{};  // long lists of members do not fit, and then nothing is found
    group entry{};
    group* found = nullptr;
    ::getgrnam_r("stile-reader", &entry, memory.data(), memory.size(), &found);
    return found == nullptr ? std::nullopt : std::optional{entry.gr_gid};
}

}  // namespace

void read_usb_files(UsbDevice& device) {
    read_usb_files(device, folder_of(device));
}

void read_usb_files(UsbDevice& device, const fs::path& folder) {
    device.identity.serial = clean_usb_text(line_in(folder / "serial"));
    const std::string maker = clean_usb_text(line_in(folder / "manufacturer"));
    const std::string product = clean_usb_text(line_in(folder / "product"));
    device.identity.name = clean_usb_text(maker + ' ' + product);
    read_interfaces(device, folder);
}

std::string driver_of(const UsbDevice& device, std::uint8_t interface) {
    const auto configuration = configuration_in(folder_of(device));
    if (!configuration) return {};
    std::error_code error;
    const std::string name =
        fmt::format("{}:{}.{}", device.identity.port, *configuration, interface);
    return fs::read_symlink(fs::path{"/sys/bus/usb/devices"} / name / "driver", error).filename();
}

std::string node_of(const UsbDevice& device) {
    return fmt::format("/dev/bus/usb/{:03}/{:03}", device.bus, device.address);
}

std::vector<std::string> programs_with(const UsbDevice& device) {
    std::vector<std::string> programs;
    std::error_code error;
    for (const auto& process : fs::directory_iterator{"/proc", error}) {
        const std::string number = process.path().filename();
        if (!is_number(number) || !has_open(process.path(), node_of(device))) continue;
        programs.push_back(fmt::format("{} (process {})",
                                       clean_usb_text(line_in(process.path() / "comm")), number));
    }
    return programs;
}

bool readers_may_open(const UsbDevice& device) {
    const std::string node = node_of(device);
    struct stat file{};
    if (::stat(node.c_str(), &file) != 0) return false;
    const auto group = group_of_readers();
    if (!group) return ::access(node.c_str(), R_OK | W_OK) == 0;
    const bool theirs = file.st_gid == *group && (file.st_mode & S_IWGRP) != 0;
    return theirs || (file.st_mode & S_IWOTH) != 0;
}

}  // namespace stile::devices
