// SPDX-License-Identifier: Apache-2.0
// An interface with an endpoint of each kind that readers have, and perhaps some that only send.
#include "tests/devices/echo_device.hpp"

#include <utility>

namespace stile::devices {

using emulator::Reply;

namespace {

Buffer configuration_of(std::uint8_t class_code, std::uint8_t interfaces) {
    emulator::ConfigurationWriter writer{interfaces, 100};
    const Buffer codes{class_code, 0, 0};
    writer.interface(0, 3, codes);
    writer.raw(Buffer{6, 0x21, 1, 2, 3, 4});
    writer.endpoint(0x81, emulator::kInterrupt, 8, 10);
    writer.endpoint(0x02, emulator::kBulk, 64, 0);
    writer.endpoint(0x82, emulator::kBulk, 64, 0);
    for (std::uint8_t i = 1; i < interfaces; ++i) {
        writer.interface(i, 1, codes);
        writer.endpoint(static_cast<std::uint8_t>(0x82 + i), emulator::kInterrupt, 8, 10);
    }
    return writer.finish();
}

}  // namespace

EchoDevice::EchoDevice(const Looks& looks)
    : UsbDevice{{.vendor = looks.vendor,
                 .product = looks.product,
                 .release = 0x0214,
                 .maker = "EMU",
                 .name = "Echo",
                 .serial = looks.serial},
                configuration_of(looks.class_code, looks.interfaces),
                looks.flaw} {}

Reply EchoDevice::take(std::uint8_t, Bytes data) {
    if (next) return *std::exchange(next, std::nullopt);
    bulk.emplace_back(data.begin(), data.end());
    return Reply::Done;
}

Reply EchoDevice::give(std::uint8_t endpoint, std::size_t most, Buffer& out) {
    auto& queue = endpoint == 0x81 ? interrupts : bulk;
    if (endpoint == 0x82 && next) return *std::exchange(next, std::nullopt);
    if (queue.empty()) return Reply::NotYet;
    out = std::move(queue.front());
    queue.pop_front();
    return out.size() > most ? Reply::Babble : Reply::Done;
}

void EchoDevice::reset() {
    bulk.clear();
    interrupts.clear();
}

Reply EchoDevice::special(const emulator::Setup& setup, Bytes out, Buffer& in) {
    if (setup.request != 7) return Reply::Stall;
    written.assign(out.begin(), out.end());
    in = {setup.type, setup.request, emulator::low(setup.value), emulator::low(setup.index)};
    return Reply::Done;
}

}  // namespace stile::devices
