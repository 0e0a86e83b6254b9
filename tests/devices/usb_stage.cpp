// SPDX-License-Identifier: Apache-2.0
// The loop's turns, and the lock of the emulated devices.
#include "usb_stage.hpp"

#include <algorithm>
#include <string_view>

#include "tests/devices/preload.hpp"

namespace stile::devices {

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

int main(int argc, char** argv) {
    stile::devices::require_preload(argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
