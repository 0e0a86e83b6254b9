// SPDX-License-Identifier: Apache-2.0
// The kinds of readers in the site file, and what their sources may be.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

using stile::test::TempDir;

class ConfigReaders : public testing::Test {
protected:
    Result<Site> load(std::string_view readers) {
        std::string head = "[site]\nvenue = \"v\"\ngate = \"g\"\n[[lane]]\nname = \"a\"\n";
        return load_site(folder_.write("site.toml", head.append(readers)));
    }
    static std::string reader(std::string_view name, std::string_view kind,
                              std::string_view source) {
        return std::string{"[[reader]]\nname = \""}
            .append(name)
            .append("\"\nlane = \"a\"\nkind = \"")
            .append(kind)
            .append("\"\nsource = \"")
            .append(source)
            .append("\"\n");
    }
    // What is wrong with these readers; empty: nothing.
    std::string complaint(const std::string& readers) {
        const auto site = load(readers);
        return site ? "" : site.error().context.substr(folder_.path().native().size() + 1);
    }
    TempDir folder_;
};

TEST_F(ConfigReaders, AreCamerasUnlessTheySayOtherwise) {
    const auto site = load("[[reader]]\nname = \"r\"\nlane = \"a\"\nsource = \"/dev/video0\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(kind_of(site->readers[0]), ReaderKind::Camera);
}

TEST_F(ConfigReaders, OfEachKindHaveSourcesOfTheirOwn) {
    const auto site = load(reader("c", "camera", "frames") + reader("n", "nfc", "usb") +
                           reader("s", "scanner", "usb:0c2e:0200@1-2.3#X") +
                           reader("t", "scanner", "/dev/ttyACM0"));
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(kind_of(*site->reader("n")), ReaderKind::Nfc);
    EXPECT_EQ(kind_of(*site->reader("t")), ReaderKind::Scanner);
    EXPECT_EQ(site->reader("c")->source, folder_.path() / "frames");
    EXPECT_EQ(site->reader("n")->source, "usb");
    EXPECT_EQ(site->reader("s")->source, "usb:0c2e:0200@1-2.3#X");
    EXPECT_EQ(site->reader("t")->source, "/dev/ttyACM0");
}

TEST_F(ConfigReaders, OfAnUnknownKindAreRefused) {
    EXPECT_EQ(complaint(reader("r", "rfid", "usb")),
              "site.toml:9: reader.kind: \"rfid\" is not one of: camera, nfc, scanner");
}

TEST_F(ConfigReaders, ThatAreCamerasAreNotOnUsb) {
    EXPECT_EQ(complaint(reader("r", "camera", "usb:072f:2200")),
              "site.toml: reader.source: usb:072f:2200 is on USB, so reader r is no camera; write "
              "kind = \"nfc\" or kind = \"scanner\"");
}

TEST_F(ConfigReaders, OfCardsAreOnUsbOnly) {
    EXPECT_EQ(complaint(reader("r", "nfc", "/dev/ttyACM0")),
              "site.toml: reader.source: reader r: \"/dev/ttyACM0\" is no USB device: write usb, "
              "or for example usb:072f:2200@1-2.3#SERIAL");
    EXPECT_EQ(complaint(reader("r", "nfc", "usb:72f:2200")),
              "site.toml: reader.source: reader r: \"72f:2200\" is no model of two times four "
              "hexadecimal digits");
}

TEST_F(ConfigReaders, ThatScanAreOnUsbOrASerialLine) {
    EXPECT_EQ(complaint(reader("r", "scanner", "ttyACM0")),
              "site.toml: reader.source: reader r is a scanner; write usb, usb:VENDOR:PRODUCT, or "
              "a device such as /dev/ttyACM0");
    EXPECT_EQ(complaint(reader("r", "scanner", "usb@1")),
              "site.toml: reader.source: reader r: \"1\" is no port like 1-2 or 1-2.3");
}

TEST_F(ConfigReaders, NeverTakeTheSameDevice) {
    EXPECT_EQ(complaint(reader("one", "nfc", "usb") + reader("two", "nfc", "usb:072f:2200")),
              "site.toml: reader.source: readers one and two may take the same device; say which "
              "is whose by model, @PORT or #SERIAL (stilectl doctor usb shows them)");
    EXPECT_NE(
        complaint(reader("one", "scanner", "/dev/ttyS0") + reader("two", "scanner", "/dev/ttyS0")),
        "");
}

TEST_F(ConfigReaders, MayShareAPermitAcrossKinds) {
    EXPECT_EQ(complaint(reader("one", "nfc", "usb") + reader("two", "scanner", "usb")), "");
    EXPECT_EQ(complaint(reader("one", "nfc", "usb@1-1") + reader("two", "nfc", "usb@1-2")), "");
    EXPECT_EQ(
        complaint(reader("one", "camera", "/dev/video0") + reader("two", "camera", "/dev/video0")),
        "");
}

}  // namespace
}  // namespace stile::config
