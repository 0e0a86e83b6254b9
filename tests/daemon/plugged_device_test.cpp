// SPDX-License-Identifier: Apache-2.0
// Which readers a device starts that has just been plugged in: a folder like those in /sys is the
// device.
#include "daemon/stilectl/plugged_device.hpp"

#include <gtest/gtest.h>

#include "daemon/config/reader_unit.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

config::Reader reader(std::string kind, std::string source) {
    config::Reader wanted;
    wanted.kind = std::move(kind);
    wanted.source = std::move(source);
    return wanted;
}

// Of one configuration with one interface of this class, and one interrupt endpoint.
std::string descriptors(char interface_class) {
    const std::string device{
        "\x12\x01\x00\x02\x00\x00\x00\x40\x2f\x07\x00\x22\x00\x01\x00\x00\x00\x01", 18};
    std::string configuration{
        "\x09\x02\x20\x00\x01\x01\x00\x80\x32"
        "\x09\x04\x00\x00\x02\x0b\x00\x00\x00"
        "\x07\x05\x02\x02\x40\x00\x00"
        "\x07\x05\x82\x02\x40\x00\x00",
        32};
    configuration[14] = interface_class;
    return device + configuration;
}

class PluggedIn : public testing::Test {
protected:
    // A device on USB in port 1-2.
    [[nodiscard]] PluggedDevice usb(char interface_class = '\x0b') const {
        const fs::path folder = folder_.path() / "1-2";
        fs::create_directories(folder);
        (void)folder_.write("1-2/uevent", "DEVTYPE=usb_device\nDEVNAME=bus/usb/001/004\n");
        (void)folder_.write("1-2/idVendor", "072f\n");
        (void)folder_.write("1-2/idProduct", "2200\n");
        (void)folder_.write("1-2/serial", "RR430-000123\n");
        (void)folder_.write("1-2/bConfigurationValue", "1\n");
        (void)folder_.write("1-2/descriptors", descriptors(interface_class));
        return plugged_device(folder, {}).value();
    }
    [[nodiscard]] PluggedDevice camera(const std::vector<std::string>& links) const {
        (void)folder_.write("uevent", "MAJOR=81\nMINOR=0\nDEVNAME=video0\n");
        return plugged_device(folder_.path(), links).value();
    }
    TempDir folder_;
};

TEST_F(PluggedIn, ACameraStartsTheReaderOfItsNode) {
    EXPECT_TRUE(may_use(reader("camera", "/dev/video0"), camera({})));
    EXPECT_FALSE(may_use(reader("camera", "/dev/video1"), camera({})));
    EXPECT_FALSE(may_use(reader("camera", "/dev/video"), camera({})));
    EXPECT_FALSE(may_use(reader("nfc", "usb"), camera({})));
}

TEST_F(PluggedIn, ACameraStartsTheReaderOfOneOfItsLinks) {
    const PluggedDevice device = camera({"v4l/by-id/usb-Cam-index0", "/dev/gate-camera"});
    EXPECT_TRUE(may_use(reader("camera", "/dev/v4l/by-id/usb-Cam-index0"), device));
    EXPECT_TRUE(may_use(reader("camera", "/dev/gate-camera"), device));
    EXPECT_FALSE(may_use(reader("camera", "/dev/v4l/by-id/usb-Cam-index1"), device));
}

TEST_F(PluggedIn, NoDeviceStartsTheReaderOfAStreamOrOfAFolder) {
    EXPECT_FALSE(may_use(reader("camera", "rtsp://cam/video0"), camera({})));
    EXPECT_FALSE(may_use(reader("camera", "/srv/video0"), camera({"/srv/video0"})));
    EXPECT_FALSE(may_use(reader("camera", "/dev/"), PluggedDevice{}));
}

TEST_F(PluggedIn, ACardReaderStartsWhoMayHaveItByModelPortAndSerialNumber) {
    for (const char* source :
         {"usb", "usb:072f:2200", "usb@1-2", "usb#RR430-000123", "usb:072f:2200@1-2#RR430-000123"})
        EXPECT_TRUE(may_use(reader("nfc", source), usb())) << source;
}

TEST_F(PluggedIn, ACardReaderStartsNobodyElse) {
    for (const char* source : {"usb:072f:2201", "usb@1-3", "usb#other", "usb:", "/dev/video0"})
        EXPECT_FALSE(may_use(reader("nfc", source), usb())) << source;
    EXPECT_FALSE(may_use(reader("scanner", "usb"), usb()));
}

TEST_F(PluggedIn, ADeviceThatIsNoReaderStartsNobody) {
    EXPECT_FALSE(may_use(reader("nfc", "usb:072f:2200"), usb('\x08')));
}

TEST_F(PluggedIn, ADeviceThatIsNotConfiguredYetStartsNobody) {
    (void)usb();
    fs::remove(folder_.path() / "1-2/bConfigurationValue");
    const auto device = plugged_device(folder_.path() / "1-2", {});
    EXPECT_FALSE(may_use(reader("nfc", "usb"), *device));
}

TEST_F(PluggedIn, ADeviceWithDescriptorsThatAreCutOffStartsNobody) {
    (void)usb();
    (void)folder_.write("1-2/descriptors", descriptors('\x0b').substr(0, 40));
    const auto device = plugged_device(folder_.path() / "1-2", {});
    EXPECT_FALSE(may_use(reader("nfc", "usb"), *device));
}

TEST_F(PluggedIn, ADeviceThatIsGoneIsNotFound) {
    const auto device = plugged_device(folder_.path() / "gone", {});
    ASSERT_FALSE(device);
    EXPECT_EQ(device.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile
