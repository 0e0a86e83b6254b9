// SPDX-License-Identifier: Apache-2.0
// Permits: how they are written, what they let in, and what they say about the rest.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "devices/usb/known.hpp"
#include "devices/usb/permit.hpp"
#include "devices/usb/usb_advice.hpp"

namespace stile::devices {
namespace {

using Kind = UsbEndpoint::Kind;

UsbPermit permit(std::string_view text) {
    const auto parsed = UsbPermit::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : UsbPermit::parse("usb").value();
}

UsbDevice card_reader() {
    return {.identity = {.vendor = 0x072F,
                         .product = 0x2200,
                         .port = "1-2.3",
                         .serial = "RR430-000123",
                         .name = "ACS ACR122U PICC Interface"},
            .interfaces = {{.class_code = 0x0B,
                            .endpoints = {{0x02, Kind::BulkOut, 64}, {0x82, Kind::BulkIn, 64}}}}};
}

UsbDevice scanner() {
    return {.identity = {.vendor = 0x0C2E, .product = 0x0200, .port = "1-4"},
            .interfaces = {{.class_code = 0x03,
                            .subclass = 1,
                            .protocol = 1,
                            .endpoints = {{0x81, Kind::InterruptIn, 8}}}}};
}

TEST(UsbPermit, IsSpelledInOneWay) {
    for (const std::string_view text :
         {"usb", "usb:072f:2200", "usb@1-2", "usb#A 1", "usb:072f:2200@255-255.1.2.3.4.5.6",
          "usb:072f:2200@1-2.3#SER:1@2#3", "usb@1-2#x"}) {
        EXPECT_EQ(permit(text).text(), text);
    }
    EXPECT_EQ(permit("usb:072F:2200").text(), "usb:072f:2200");
}

TEST(UsbPermit, TakesNothingThatIsMisspelled) {
    for (const std::string_view text : {"",
                                        "us",
                                        "usbb",
                                        "USB",
                                        "usb ",
                                        "usb:",
                                        "usb:072f",
                                        "usb:072f:",
                                        "usb:072f:220",
                                        "usb:072f:22000",
                                        "usb:072f-2200",
                                        "usb:072g:2200",
                                        "usb:+72f:2200",
                                        "usb:0x72:2200",
                                        "usb:072f:2200:1",
                                        "usb@",
                                        "usb@1",
                                        "usb@1-",
                                        "usb@-1",
                                        "usb@01-2",
                                        "usb@1-02",
                                        "usb@0-1",
                                        "usb@1-0",
                                        "usb@256-1",
                                        "usb@1-256",
                                        "usb@1-2.",
                                        "usb@1-2..3",
                                        "usb@1-1.1.1.1.1.1.1.1",
                                        "usb@1-2@1-2",
                                        "usb#",
                                        "usb# a",
                                        "usb#a ",
                                        "usb#a\n",
                                        "usb#\xC3\xA4",
                                        "usb:072f:2200 "}) {
        EXPECT_FALSE(UsbPermit::parse(text)) << text;
    }
    EXPECT_FALSE(UsbPermit::parse("usb#" + std::string(127, 'x')));
    EXPECT_TRUE(UsbPermit::parse("usb#" + std::string(126, 'x')));
}

TEST(UsbPermit, SaysWhatIsMisspelled) {
    EXPECT_EQ(UsbPermit::parse("usb@7").error(), "\"7\" is no port like 1-2 or 1-2.3");
    EXPECT_EQ(UsbPermit::parse("usb:72f:2200").error(),
              "\"72f:2200\" is no model of two times four hexadecimal digits");
    EXPECT_EQ(UsbPermit::parse("usb#").error(), "behind # must be 1 to 126 printable signs");
    EXPECT_TRUE(UsbPermit::parse("acr122u").error().starts_with("\"acr122u\" is no USB device"));
}

TEST(UsbPermit, IsMeantByWordsThatBeginLikeOne) {
    for (const std::string_view text : {"usb", "usb:", "usb:x", "usb@", "usb#"})
        EXPECT_TRUE(UsbPermit::is_meant(text)) << text;
    for (const std::string_view text : {"", "us", "usb1", "usb/", "/dev/usb", "USB"})
        EXPECT_FALSE(UsbPermit::is_meant(text)) << text;
}

TEST(UsbPermit, LetsTheDeviceInThatItNames) {
    for (const std::string_view text : {"usb", "usb:072f:2200", "usb@1-2.3", "usb#RR430-000123",
                                        "usb:072f:2200@1-2.3#RR430-000123"}) {
        EXPECT_EQ(permit(text).why_not(card_reader(), UsbUse::Nfc), "") << text;
    }
    EXPECT_EQ(permit("usb").why_not(scanner(), UsbUse::Scanner), "");
}

TEST(UsbPermit, SaysWhyAnotherDeviceStaysOut) {
    const auto why = [](std::string_view text) {
        return permit(text).why_not(card_reader(), UsbUse::Nfc);
    };
    EXPECT_EQ(why("usb:072f:2201"), "it is 072f:2200, not 072f:2201");
    EXPECT_EQ(why("usb@1-2"), "it is plugged in at 1-2.3, not at 1-2");
    EXPECT_EQ(why("usb#RR430"), "its serial number is RR430-000123, not RR430");
    EXPECT_EQ(permit("usb").why_not(card_reader(), UsbUse::Scanner),
              "it is neither scanner nor keyboard");
    EXPECT_EQ(permit("usb").why_not(scanner(), UsbUse::Nfc), "it is no card reader");
    EXPECT_EQ(permit("usb#1").why_not(scanner(), UsbUse::Scanner), "it has no serial number");
}

TEST(UsbPermit, TakesAnUnknownReaderOnlyByItsModel) {
    UsbDevice device = card_reader();
    device.identity.product = 0x9999;
    EXPECT_EQ(permit("usb@1-2.3").why_not(device, UsbUse::Nfc),
              "stile does not know this model; source = \"usb:072f:9999\" allows it");
    EXPECT_EQ(permit("usb:072f:9999").why_not(device, UsbUse::Nfc), "");
}

TEST(UsbPermit, TrustsNoDeviceWithOddDescriptors) {
    UsbDevice device = card_reader();
    device.oddity = "an endpoint twice";
    EXPECT_EQ(permit("usb:072f:2200").why_not(device, UsbUse::Nfc),
              "its descriptors are not sound: an endpoint twice");
}

TEST(UsbPermit, OverlapsUnlessOneThingTellsThemApart) {
    const auto overlap = [](std::string_view one, std::string_view two) {
        return permit(one).overlaps(permit(two)) && permit(two).overlaps(permit(one));
    };
    EXPECT_TRUE(overlap("usb", "usb"));
    EXPECT_TRUE(overlap("usb", "usb:072f:2200@1-2#X"));
    EXPECT_TRUE(overlap("usb:072f:2200", "usb@1-2"));
    EXPECT_TRUE(overlap("usb@1-2", "usb#X"));
    EXPECT_FALSE(overlap("usb:072f:2200", "usb:072f:223b"));
    EXPECT_FALSE(overlap("usb:072f:2200@1-2", "usb@1-3"));
    EXPECT_FALSE(overlap("usb:072f:2200#X", "usb:072f:2200#Y"));
}

TEST(UsbInterfaceFor, SkipsWhatDoesNotServe) {
    UsbDevice device = scanner();
    device.interfaces[0].protocol = 2;
    EXPECT_EQ(interface_for(device, UsbUse::Scanner), nullptr) << "a mouse";
    device.interfaces[0].protocol = 0;
    device.interfaces[0].endpoints[0].kind = Kind::InterruptOut;
    EXPECT_EQ(interface_for(device, UsbUse::Scanner), nullptr) << "it never sends";
    device = card_reader();
    device.interfaces[0].endpoints.pop_back();
    EXPECT_EQ(interface_for(device, UsbUse::Nfc), nullptr) << "it never answers";
    device = card_reader();
    device.interfaces[0].protocol = 1;
    EXPECT_EQ(interface_for(device, UsbUse::Nfc), nullptr) << "another protocol of the class";
}

TEST(UsbInterfaceFor, TakesTheFirstOfSeveral) {
    UsbDevice device = card_reader();
    device.interfaces.insert(device.interfaces.begin(), scanner().interfaces[0]);
    device.interfaces[1].number = 1;
    device.interfaces.push_back(device.interfaces[1]);
    device.interfaces[2].number = 2;
    EXPECT_EQ(interface_for(device, UsbUse::Nfc)->number, 1);
    EXPECT_EQ(interface_for(device, UsbUse::Scanner)->number, 0);
}

TEST(UsbInterfaceFor, GoesRoundAndRound) {
    UsbDevice device = scanner();
    for (const std::uint8_t number : Buffer{1, 2}) {
        device.interfaces.push_back(device.interfaces[0]);
        device.interfaces.back().number = number;
    }
    device.interfaces[1].protocol = 2;  // a mouse
    EXPECT_EQ(interface_for(device, UsbUse::Scanner, 1)->number, 2);
    EXPECT_EQ(interface_for(device, UsbUse::Scanner, 2)->number, 0);
    EXPECT_EQ(interface_for(device, UsbUse::Nfc, 1), nullptr);
}

TEST(KnownReaders, AreFoundByBothNumbers) {
    ASSERT_FALSE(known_readers().empty());
    EXPECT_EQ(known_reader(0x072F, 0x2200)->name, "ACS ACR122U");
    EXPECT_EQ(known_reader(0x076B, 0x5412)->name, "HID OMNIKEY 5122");
    EXPECT_EQ(known_reader(0x072F, 0x5790), nullptr);
    EXPECT_EQ(known_reader(0, 0), nullptr);
}

// The installed rules give readers what stile knows, and nothing else.
TEST(KnownReaders, BelongToTheReadersByAnInstalledRule) {
    std::ifstream file{STILE_SOURCE_DIR "/systemd/60-stile.rules"};
    const std::string rules{std::istreambuf_iterator<char>{file}, {}};
    ASSERT_FALSE(rules.empty());
    for (const KnownReader& known : known_readers()) {
        const UsbDevice device{.identity = {.vendor = known.vendor, .product = known.product}};
        const std::string rule = udev_rule(device);
        EXPECT_NE(rules.find(rule.substr(rule.find("ATTR"))), std::string::npos) << rule;
    }
    std::size_t groups = 0;
    for (auto at = rules.find("GROUP="); at != std::string::npos; at = rules.find("GROUP=", at + 1))
        ++groups;
    EXPECT_EQ(groups, known_readers().size());
}

}  // namespace
}  // namespace stile::devices
