// SPDX-License-Identifier: Apache-2.0
// Numbers go round from 2 to 127, as the kernel counts them.
#include "tests/emulator/umockdev/umockdev_bus.hpp"

#include <algorithm>
#include <utility>

#include "tests/emulator/umockdev/udev_text.hpp"

namespace stile::emulator {
namespace {

constexpr unsigned kLastNumber = 127;
// So many devices stay after they were unplugged, for programs to reap what they sent them.
constexpr std::size_t kMostLeft = 32;

}  // namespace

UmockdevBus::UmockdevBus(Table& table) : table_{table}, bed_{umockdev_testbed_new()} {
    umockdev_testbed_add_from_string(bed_.get(), root_hub_text().c_str(), nullptr);
}

Result<void> UmockdevBus::plug(UsbDevice& device, const std::string& port) {
    auto plug = std::make_unique<UsbPlug>(bed_.get(), table_, device, port, free_number());
    UsbPlug& made = *plug;
    {
        const std::lock_guard lock{table_.mutex};
        device.reset();
        plugged_.push_back({&device, std::move(plug)});
    }
    made.announce();
    return {};
}

void UmockdevBus::unplug(UsbDevice& device) {
    std::unique_ptr<UsbPlug> plug;
    {
        const std::lock_guard lock{table_.mutex};
        const auto found = std::ranges::find(plugged_, &device, &Plugged::device);
        if (found == plugged_.end()) return;
        plug = std::move(found->plug);
        plugged_.erase(found);
        plug->pull();
    }
    plug->withdraw();
    left_.push_back(std::move(plug));
    if (left_.size() > kMostLeft) left_.pop_front();
}

unsigned UmockdevBus::free_number() {
    const auto is_used = [this](const Plugged& each) { return each.plug->number() == number_; };
    do {
        number_ = number_ == kLastNumber ? 2 : number_ + 1;
    } while (std::ranges::any_of(plugged_, is_used));
    return number_;
}

UsbPlug* UmockdevBus::find(const UsbDevice& device) const {
    const auto found = std::ranges::find(plugged_, &device, &Plugged::device);
    return found == plugged_.end() ? nullptr : found->plug.get();
}

void UmockdevBus::stir(UsbDevice& device) {
    if (UsbPlug* plug = find(device)) plug->stir();
}

void UmockdevBus::pull_after(UsbDevice& device, unsigned transfers) {
    if (UsbPlug* plug = find(device)) plug->pull_after(transfers);
}

bool UmockdevBus::is_pulled(const UsbDevice& device) const {
    const UsbPlug* plug = find(device);
    return plug != nullptr && plug->is_pulled();
}

Result<void> UmockdevBus::hold(UsbDevice& device) {
    if (UsbPlug* plug = find(device)) plug->hold();
    return {};
}

void UmockdevBus::let_go(UsbDevice& device) {
    if (UsbPlug* plug = find(device)) plug->let_go();
}

}  // namespace stile::emulator
