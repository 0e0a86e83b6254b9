// SPDX-License-Identifier: Apache-2.0
// A socket pair for each device that is plugged in.
#include "tests/emulator/usbip/usbip_bus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <sys/socket.h>

namespace stile::emulator {
namespace {

constexpr unsigned kPorts = 8;  // of a controller's part for devices that are not "super"

// "1-1" is port 0.
std::optional<unsigned> port_number(std::string_view port) {
    if (!port.starts_with("1-")) return std::nullopt;
    port.remove_prefix(2);
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
    if (number == 0 || number > kPorts) return std::nullopt;
    return number - 1;
}

}  // namespace

Result<void> UsbipBus::plug(UsbDevice& device, const std::string& port) {
    const auto number = port_number(port);
    if (!number) return fail(Errc::NotFound, "the kernel's ports are 1-1 to 1-8");
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(Errc::Io, "no pair of sockets");
    const UniqueFd for_kernel{ends[1]};
    auto plug = std::make_unique<UsbipPlug>(table_, device, UniqueFd{ends[0]});
    UsbipPlug& made = *plug;
    {
        const std::lock_guard lock{table_.mutex};
        device.reset();
        plugged_.push_back({&device, std::move(plug)});
    }
    if (auto attached = attach_(*number, for_kernel.get()); !attached) {
        unplug(device);
        return attached;
    }
    made.start();
    return {};
}

void UsbipBus::unplug(UsbDevice& device) {
    std::unique_ptr<UsbipPlug> plug;  // ends without the lock
    const std::lock_guard lock{table_.mutex};
    const auto found = std::ranges::find(plugged_, &device, &Plugged::device);
    if (found == plugged_.end()) return;
    found->plug->pull();
    plug = std::move(found->plug);
    plugged_.erase(found);
}

UsbipPlug* UsbipBus::find(const UsbDevice& device) const {
    const auto found = std::ranges::find(plugged_, &device, &Plugged::device);
    return found == plugged_.end() ? nullptr : found->plug.get();
}

void UsbipBus::stir(UsbDevice& device) {
    if (UsbipPlug* plug = find(device)) plug->stir();
}

void UsbipBus::pull_after(UsbDevice& device, unsigned transfers) {
    if (UsbipPlug* plug = find(device)) plug->pull_after(transfers);
}

bool UsbipBus::is_pulled(const UsbDevice& device) const {
    const UsbipPlug* plug = find(device);
    return plug != nullptr && plug->is_pulled();
}

Result<void> UsbipBus::hold(UsbDevice& /*device*/) {
    return fail(Errc::Unsupported, "a kernel's device is held by a program, not by its other end");
}

}  // namespace stile::emulator
