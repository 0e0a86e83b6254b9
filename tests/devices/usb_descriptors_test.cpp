// SPDX-License-Identifier: Apache-2.0
// Descriptors: what a good device says, and everything that a bad one could.
#include <gtest/gtest.h>

#include "devices/usb/descriptors.hpp"

namespace stile::devices {
namespace {

using Kind = UsbEndpoint::Kind;

const Buffer kDevice{18, 1, 0x10, 1, 0, 0, 0, 8, 0x2F, 7, 0, 0x22, 0x14, 2, 1, 2, 0, 1};

Buffer operator+(Buffer one, const Buffer& two) {
    one.insert(one.end(), two.begin(), two.end());
    return one;
}

Buffer configuration(const Buffer& parts, std::uint8_t number = 1) {
    Buffer all = Buffer{9, 2, 0, 0, 1, number, 0, 0x80, 50} + parts;
    all[2] = static_cast<std::uint8_t>(all.size());
    all[3] = static_cast<std::uint8_t>(all.size() >> 8U);
    return all;
}

Buffer interface(std::uint8_t number, std::uint8_t setting = 0, std::uint8_t class_code = 0x0B) {
    return {9, 4, number, setting, 3, class_code, 1, 2, 0};
}

Buffer endpoint(std::uint8_t address, std::uint8_t type, std::uint16_t packet) {
    return {7,
            5,
            address,
            type,
            static_cast<std::uint8_t>(packet),
            static_cast<std::uint8_t>(packet >> 8U),
            10};
}

std::vector<UsbInterfaceInfo> parsed(const Buffer& parts) {
    const auto interfaces = parse_configuration(configuration(parts));
    EXPECT_TRUE(interfaces) << interfaces.error();
    return interfaces.value_or(std::vector<UsbInterfaceInfo>{});
}

std::string complaint(const Buffer& parts) {
    const auto interfaces = parse_configuration(configuration(parts));
    return interfaces ? "" : interfaces.error();
}

TEST(UsbDescriptors, NameClassesAndEndpoints) {
    const auto found = parsed(interface(3) + endpoint(0x81, 3, 8) + endpoint(0x02, 2, 64) +
                              endpoint(0x82, 2, 512) + endpoint(0x03, 3, 16));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].number, 3);
    EXPECT_EQ(found[0].class_code, 0x0B);
    EXPECT_EQ(found[0].subclass, 1);
    EXPECT_EQ(found[0].protocol, 2);
    EXPECT_EQ(found[0].endpoints, (std::vector<UsbEndpoint>{{0x81, Kind::InterruptIn, 8},
                                                            {0x02, Kind::BulkOut, 64},
                                                            {0x82, Kind::BulkIn, 512},
                                                            {0x03, Kind::InterruptOut, 16}}));
}

TEST(UsbDescriptors, KeepWhatBelongsToTheClassWhereverItStands) {
    const auto found = parsed(interface(0) + Buffer{3, 0x21, 7} + endpoint(0x81, 3, 8) +
                              Buffer{4, 0x22, 8, 9} + interface(1) + Buffer{2, 0x24});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].extra, (Buffer{3, 0x21, 7, 4, 0x22, 8, 9}));
    EXPECT_EQ(found[1].extra, (Buffer{2, 0x24}));
}

TEST(UsbDescriptors, KeepTheFirstSettingOnly) {
    const auto found = parsed(interface(0, 0) + endpoint(0x81, 3, 8) + interface(0, 1) +
                              endpoint(0x82, 2, 64) + Buffer{3, 0x21, 7} + interface(1, 0));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].endpoints.size(), 1U);
    EXPECT_TRUE(found[0].extra.empty());
}

TEST(UsbDescriptors, LeaveOutEndpointsThatCannotBeUsed) {
    const auto found = parsed(interface(0) + endpoint(0x00, 2, 64) + endpoint(0x80, 2, 64) +
                              endpoint(0x91, 2, 64) + endpoint(0x81, 2, 0) + endpoint(0x82, 1, 64) +
                              endpoint(0x83, 0, 64) + Buffer{9, 5, 0x84, 2, 64, 0x18, 0, 1, 2});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].endpoints, (std::vector<UsbEndpoint>{{0x84, Kind::BulkIn, 64}}))
        << "numbers 0, reserved bits, empty packets, isochronous and control ones are not";
}

TEST(UsbDescriptors, DoNotCountAnAssociationAsTheClassOfTheInterfaceBefore) {
    const auto found =
        parsed(interface(0) + Buffer{8, 11, 1, 2, 3, 1, 1, 0} + interface(1) + interface(2));
    ASSERT_EQ(found.size(), 3U);
    EXPECT_TRUE(found[0].extra.empty());
}

TEST(UsbDescriptors, MayBeNoMoreThanAHead) {
    EXPECT_TRUE(parsed({}).empty());
}

TEST(UsbDescriptors, ThatAreBrokenAreRefused) {
    const Buffer good = interface(0);
    EXPECT_EQ(complaint(good + Buffer{0, 0x21}), "a descriptor that is cut off") << "no length";
    EXPECT_EQ(complaint(good + Buffer{1}), "a descriptor that is cut off");
    EXPECT_EQ(complaint(good + Buffer{1, 0x21}), "a descriptor that is cut off");
    EXPECT_EQ(complaint(good + Buffer{3, 0x21}), "a descriptor that is cut off");
    EXPECT_EQ(complaint(good + Buffer{255, 0x21, 1}), "a descriptor that is cut off");
    EXPECT_EQ(complaint(Buffer{8, 4, 0, 0, 0, 3, 0, 0}), "a short interface descriptor");
    EXPECT_EQ(complaint(good + Buffer{6, 5, 0x81, 2, 64, 0}), "a short endpoint descriptor");
    EXPECT_EQ(complaint(endpoint(0x81, 2, 64)), "an endpoint before any interface");
    EXPECT_EQ(complaint(good + good), "interface 0 twice");
    EXPECT_EQ(complaint(good + endpoint(0x81, 2, 64) + endpoint(0x81, 3, 8)), "endpoint 81 twice");
    EXPECT_EQ(complaint(good + endpoint(0x81, 2, 64) + interface(1) + endpoint(0x81, 2, 64)),
              "endpoint 81 twice");
    EXPECT_EQ(complaint(good + kDevice), "a device or a configuration inside a configuration");
    EXPECT_EQ(complaint(configuration({})), "a device or a configuration inside a configuration");
}

TEST(UsbDescriptors, HaveAtMost32Interfaces) {
    Buffer parts;
    for (std::uint8_t number = 0; number < 32; ++number)
        parts = parts + interface(number);
    EXPECT_EQ(complaint(parts), "");
    EXPECT_EQ(complaint(parts + interface(32)), "too many interfaces");
}

TEST(UsbDescriptors, WithoutAConfigurationAreRefused) {
    EXPECT_FALSE(parse_configuration({}));
    EXPECT_FALSE(parse_configuration(kDevice));
    EXPECT_FALSE(parse_configuration(Buffer{9, 2, 9, 0, 1, 1, 0, 0x80}));
    EXPECT_FALSE(parse_configuration(Buffer{8, 2, 8, 0, 1, 1, 0, 0x80, 50}));
    EXPECT_FALSE(parse_configuration(Buffer{10, 2, 9, 0, 1, 1, 0, 0x80, 50}));
}

TEST(UsbDescriptors, AreFoundByTheNumberOfTheirConfiguration) {
    const Buffer one = configuration(interface(0), 1);
    const Buffer two = configuration(interface(0) + interface(1), 2);
    const Buffer all = kDevice + one + two;
    const auto found = find_configuration(all, 2);
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(Buffer(found->begin(), found->end()), two);
    EXPECT_EQ(find_configuration(all, 1)->size(), one.size());
    EXPECT_EQ(find_configuration(all, 3).error(), "no configuration 3");
}

TEST(UsbDescriptors, OfNoDeviceAreRefused) {
    const Buffer one = configuration(interface(0));
    EXPECT_EQ(find_configuration({}, 1).error(), "no device descriptor");
    EXPECT_EQ(find_configuration(one, 1).error(), "no device descriptor");
    Buffer longer = one;
    longer[2] = static_cast<std::uint8_t>(longer[2] + 1);
    EXPECT_EQ(find_configuration(kDevice + longer, 1).error(), "a configuration that is cut off");
    Buffer shorter = one;
    shorter[2] = 8;
    EXPECT_EQ(find_configuration(kDevice + shorter, 1).error(), "a configuration that is cut off");
}

TEST(UsbText, KeepsPrintableSignsOnly) {
    EXPECT_EQ(clean_usb_text("ACS ACR122U"), "ACS ACR122U");
    EXPECT_EQ(clean_usb_text("  padded \t"), "padded ?");
    EXPECT_EQ(clean_usb_text("\x1B[2J\n\"x\""), "?[2J?\"x\"");
    EXPECT_EQ(clean_usb_text("M\xC3\xBCller \xE2\x82\xAC"), "M?ller ?");
    EXPECT_EQ(clean_usb_text("   "), "");
    EXPECT_EQ(clean_usb_text(std::string(500, 'x')).size(), 126U);
}

}  // namespace
}  // namespace stile::devices
