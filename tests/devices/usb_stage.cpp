// SPDX-License-Identifier: Apache-2.0
// The test runs with umockdev's preloaded library: main() starts itself again with it.
#include "usb_stage.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace stile::devices {

using emulator::Reply;

namespace {

Buffer configuration_of(std::uint8_t class_code) {
    emulator::ConfigurationWriter writer{1, 100};
    const Buffer codes{class_code, 0, 0};
    writer.interface(0, 3, codes);
    writer.raw(Buffer{6, 0x21, 1, 2, 3, 4});
    writer.endpoint(0x81, emulator::kInterrupt, 8, 10);
    writer.endpoint(0x02, emulator::kBulk, 64, 0);
    writer.endpoint(0x82, emulator::kBulk, 64, 0);
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
                configuration_of(looks.class_code),
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

void UsbStage::SetUp() {
    auto usb = UsbBus::open(loop_);
    ASSERT_TRUE(usb) << usb.error().context;
    usb_ = std::move(*usb);
}

void UsbStage::TearDown() {
    usb_.reset();
}

bool UsbStage::runs() {
    const EventSource too_late = loop_.after(std::chrono::seconds{10}, [this] { loop_.stop(1); });
    return loop_.run() == 0;
}

void UsbStage::settle() {
    const EventSource idle = loop_.when_idle([this] { loop_.stop(0); });
    (void)loop_.run();
}

UsbStage::Outcome UsbStage::outcome(const Begin& begin) {
    std::optional<Outcome> got;
    begin([&](UsbInterface::Received received) {
        EXPECT_FALSE(got) << "told twice";
        if (received)
            got = Buffer(received->begin(), received->end());
        else
            got = std::unexpected{received.error()};
        loop_.stop(0);
    });
    EXPECT_FALSE(got) << "told inside the function that began it";
    EXPECT_TRUE(runs()) << "never told";
    return got.value_or(std::unexpected{UsbFault::Failed});
}

void UsbStage::change(EchoDevice& device, const std::function<void(EchoDevice&)>& act) {
    const std::lock_guard lock{table_.mutex};
    act(device);
    bus_.stir(device);
}

bool UsbStage::diary_has(const EchoDevice& device, std::string_view line) {
    const std::lock_guard lock{table_.mutex};
    return std::ranges::find(device.diary(), line) != device.diary().end();
}

std::unique_ptr<UsbInterface> UsbStage::claim(UsbUse use) {
    const auto devices = usb_->devices();
    EXPECT_EQ(devices.size(), 1U);
    if (devices.empty()) return {};
    auto claimed = usb_->claim(devices[0], *interface_for(devices[0], use));
    EXPECT_TRUE(claimed) << claimed.error().context;
    return claimed ? std::move(*claimed) : nullptr;
}

}  // namespace stile::devices

// Sanitizers bear with a library that is loaded before them, and keep quiet about one that was not
// built for them.
int main(int argc, char** argv) {
    if (std::getenv("STILE_USB_STAGE") != nullptr) {
        testing::InitGoogleTest(&argc, argv);
        return RUN_ALL_TESTS();
    }
    ::setenv("STILE_USB_STAGE", "1", 1);
    ::setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    ::setenv("TSAN_OPTIONS", "report_bugs=0", 1);
    ::execv("/proc/self/exe", argv);
    return 1;
}
