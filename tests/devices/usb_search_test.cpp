// SPDX-License-Identifier: Apache-2.0
// Finding, claiming and losing emulated devices, as a reader does for years.
#include "devices/usb/usb_search.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "usb_stage.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using emulator::DescriptorFlaw;

class UsbSearching : public UsbStage {
protected:
    void TearDown() override {
        found_.reset();
        search_.reset();
        UsbStage::TearDown();
    }
    void search(std::string_view permit, UsbUse use = UsbUse::Nfc) {
        search_.emplace(loop_, *usb_, UsbPermit::parse(permit).value(), use,
                        UsbSearch::Events{.on_found =
                                              [this](std::unique_ptr<UsbInterface> found) {
                                                  found_ = std::move(found);
                                                  loop_.stop(0);
                                              },
                                          .on_trouble =
                                              [this](const Error& trouble) {
                                                  troubles_.push_back(trouble);
                                                  loop_.stop(0);
                                              }});
        search_->again();
    }
    // Runs until a device was found; troubles on the way are kept.
    bool finds() {
        while (!found_ && runs()) {
        }
        return found_ != nullptr;
    }
    // Runs until something is wrong; what.
    std::string trouble() {
        const std::size_t before = troubles_.size();
        EXPECT_TRUE(runs());
        return troubles_.size() > before ? troubles_.back().context : "";
    }
    void lose() {
        found_.reset();
        search_->again();
    }
    static std::ptrdiff_t open_files() {
        return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {});
    }

    std::optional<UsbSearch> search_;
    std::unique_ptr<UsbInterface> found_;
    std::vector<Error> troubles_;
};

TEST_F(UsbSearching, ListsADeviceByWhatItSays) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-3"));
    settle();
    const auto devices = list_usb_devices();
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->size(), 1U);
    const UsbIdentity& is = devices->at(0).identity;
    EXPECT_EQ(model_text(is.vendor, is.product), "072f:2200");
    EXPECT_EQ(is.port, "1-3");
    EXPECT_EQ(is.serial, "SN 1");
    EXPECT_EQ(is.name, "EMU Echo");
    EXPECT_EQ(is.release, 0x0214);
    ASSERT_EQ(devices->at(0).interfaces.size(), 1U);
    EXPECT_EQ(devices->at(0).interfaces[0].class_code, 0x0B);
    EXPECT_EQ(devices->at(0).interfaces[0].endpoints.size(), 3U);
    EXPECT_EQ(devices->at(0).interfaces[0].extra, (Buffer{6, 0x21, 1, 2, 3, 4}));
    EXPECT_FALSE(diary_has(device, "claimed 0"));
}

TEST_F(UsbSearching, FindsADeviceThatIsThere) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb");
    ASSERT_TRUE(finds());
    EXPECT_EQ(found_->identity().port, "1-1");
    EXPECT_TRUE(diary_has(device, "claimed 0"));
}

TEST_F(UsbSearching, FindsTheNextInterfaceWhenTheFirstDoesNotServe) {
    EchoDevice& device = make({.class_code = 0x03, .interfaces = 2});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb", UsbUse::Scanner);
    for (const int number : {0, 1, 0}) {
        ASSERT_TRUE(finds());
        EXPECT_EQ(found_->info().number, number);
        search_->pass_over();
        lose();
    }
}

TEST_F(UsbSearching, ClaimsAllThatCouldTypeIntoTheSystem) {
    EchoDevice& device = make({.class_code = 0x03, .interfaces = 3});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb", UsbUse::Scanner);
    ASSERT_TRUE(finds());
    for (const std::string number : {"0", "1", "2"})
        EXPECT_TRUE(diary_has(device, "claimed " + number));
    found_.reset();
    settle();
    for (const std::string number : {"0", "1", "2"})
        EXPECT_TRUE(diary_has(device, "released " + number));
}

TEST_F(UsbSearching, FindsADeviceThatIsPluggedInLater) {
    search("usb:072f:2200");
    EXPECT_EQ(trouble(), "usb:072f:2200 is not plugged in");
    EXPECT_EQ(troubles_[0].code, Errc::NotFound);
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    ASSERT_TRUE(finds());
}

TEST_F(UsbSearching, FindsADeviceAgainUnderAnotherNumber) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb");
    ASSERT_TRUE(finds());
    const auto before = usb_->devices().at(0).address;
    bus_.unplug(device);
    lose();
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    ASSERT_TRUE(finds());
    EXPECT_NE(usb_->devices().at(0).address, before);
}

TEST_F(UsbSearching, LeavesAloneWhatIsNotPermitted) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-2"));
    search("usb:072f:2200@1-1");
    EXPECT_EQ(trouble(),
              "usb:072f:2200@1-1 is not plugged in; ACS ACR122U (072f:2200) in port 1-2 is, but it "
              "is plugged in at 1-2, not at 1-1");
    EXPECT_FALSE(diary_has(device, "claimed 0"));
}

TEST_F(UsbSearching, LeavesUnknownModelsAlone) {
    EchoDevice& device = make({.product = 0x9999});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb");
    EXPECT_NE(trouble().find("stile does not know this model"), std::string::npos);
    EXPECT_FALSE(diary_has(device, "claimed 0"));
}

TEST_F(UsbSearching, TellsThatAnotherProgramHasTheDeviceAndWaitsForIt) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    {
        const std::lock_guard lock{table_.mutex};
        ASSERT_TRUE(bus_.hold(device));
    }
    search("usb");
    EXPECT_EQ(trouble(),
              "ACS ACR122U (072f:2200) in port 1-1: another program has it; stop it; if that is "
              "pcscd: systemctl disable --now pcscd.socket pcscd.service");
    EXPECT_EQ(troubles_[0].code, Errc::Io);
    {
        const std::lock_guard lock{table_.mutex};
        bus_.let_go(device);
    }
    ASSERT_TRUE(finds());
    EXPECT_EQ(troubles_.size(), 1U) << "told once";
}

TEST_F(UsbSearching, TakesTheNextOneWhenTheFirstIsHeld) {
    EchoDevice& first = make({});
    EchoDevice& second = make({});
    ASSERT_TRUE(bus_.plug(first, "1-1"));
    ASSERT_TRUE(bus_.plug(second, "1-2"));
    {
        const std::lock_guard lock{table_.mutex};
        ASSERT_TRUE(bus_.hold(first));
    }
    search("usb");
    ASSERT_TRUE(finds());
    EXPECT_EQ(found_->identity().port, "1-2");
}

TEST_F(UsbSearching, TakesAScannerFromTheKernel) {
    EchoDevice& device = make({.vendor = 0x0C2E, .product = 0x0200, .class_code = 3});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb", UsbUse::Scanner);
    ASSERT_TRUE(finds());
    EXPECT_TRUE(diary_has(device, "driver detached"));
}

TEST_F(UsbSearching, TellsTheSameTroubleOnce) {
    search("usb");
    (void)trouble();
    EchoDevice& device = make({.class_code = 0x08});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    usb_->on_change([this] { loop_.stop(0); });
    ASSERT_TRUE(runs());
    search("usb");
    EXPECT_EQ(trouble(), "usb is not plugged in");
    settle();
    EXPECT_EQ(troubles_.size(), 2U) << "one for each search";
}

TEST_F(UsbSearching, CannotClaimWhatIsNoLongerThere) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    settle();
    const auto devices = usb_->devices();
    ASSERT_EQ(devices.size(), 1U);
    bus_.unplug(device);
    const auto claimed = usb_->claim(devices[0], devices[0].interfaces[0]);
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().code, Errc::NotFound);
}

TEST_F(UsbSearching, OpensNothingThatWasPulledOutBeforeUdevHasToldOfIt) {
    EchoDevice& device = make({});
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    search("usb");
    ASSERT_TRUE(finds());
    {
        const std::lock_guard lock{table_.mutex};
        bus_.pull_after(device, 0);
    }
    const auto got = outcome([this](auto done) {
        found_->receive(endpoint(*found_, UsbEndpoint::Kind::BulkIn), 64, 0ms, std::move(done));
    });
    EXPECT_EQ(got, std::unexpected{UsbFault::Gone});
    found_.reset();
    const auto files = open_files();
    search_->again();
    EXPECT_NE(trouble(), "");
    EXPECT_EQ(troubles_.back().code, Errc::NotFound);
    EXPECT_LE(open_files(), files) << "a failed opening costs one under the emulator";
    bus_.unplug(device);
    ASSERT_TRUE(bus_.plug(device, "1-1"));
    EXPECT_TRUE(finds());
}

TEST_F(UsbSearching, OutlivesAHundredHotPlugsWithoutALeak) {
    EchoDevice& device = make({});
    search("usb");
    std::ptrdiff_t files = 0;
    for (int plug = 0; plug < 100; ++plug) {
        ASSERT_TRUE(bus_.plug(device, "1-1"));
        ASSERT_TRUE(finds()) << plug;
        bool gone = false;
        found_->receive(endpoint(*found_, UsbEndpoint::Kind::InterruptIn), 8, 0ms,
                        [&](const UsbInterface::Received& got) {
                            gone = !got && got.error() == UsbFault::Gone;
                            loop_.stop(0);
                        });
        bus_.unplug(device);
        while (!gone)
            ASSERT_TRUE(runs());
        lose();
        settle();
        if (plug == 49) files = open_files();
    }
    EXPECT_LT(open_files() - files, 25) << "the emulator's own are counted, too";
}

TEST_F(UsbSearching, NeverFallsForOddDescriptors) {
    for (const DescriptorFlaw flaw :
         {DescriptorFlaw::Huge, DescriptorFlaw::ZeroLength, DescriptorFlaw::TotalTooLong,
          DescriptorFlaw::CutClass, DescriptorFlaw::NoClass, DescriptorFlaw::NoEndpoints,
          DescriptorFlaw::ManyInterfaces, DescriptorFlaw::StrangeTexts,
          DescriptorFlaw::UnevenTexts}) {
        EchoDevice& device = make({.flaw = flaw});
        usb_->on_change([this] { loop_.stop(0); });
        ASSERT_TRUE(bus_.plug(device, "1-1"));
        ASSERT_TRUE(runs());
        for (const UsbDevice& each : usb_->devices()) {
            const UsbInterfaceInfo* cards = interface_for(each, UsbUse::Nfc);
            EXPECT_LE(each.identity.name.size(), 126U);
            EXPECT_TRUE(each.oddity.empty() || cards == nullptr);
            EXPECT_TRUE(cards == nullptr || usb_->claim(each, *cards).has_value());
        }
        usb_->on_change([this] { loop_.stop(0); });
        bus_.unplug(device);
        ASSERT_TRUE(runs());
    }
}

}  // namespace
}  // namespace stile::devices
