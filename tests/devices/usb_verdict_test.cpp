// SPDX-License-Identifier: Apache-2.0
// What stile says of each device on USB: whose it is, who has it, and what to do.
#include "devices/usb/usb_verdict.hpp"

#include <gtest/gtest.h>

#include "devices/usb/usb_advice.hpp"

namespace stile::devices {
namespace {

using Kind = UsbEndpoint::Kind;

UsbFact card_reader(std::string port) {
    return {.device = {.identity = {.vendor = 0x072F, .product = 0x2200, .port = std::move(port)},
                       .interfaces = {{.class_code = 0x0B,
                                       .endpoints = {{0x02, Kind::BulkOut, 64},
                                                     {0x82, Kind::BulkIn, 64}}}}},
            .drivers = {""},
            .programs = {}};
}

UsbFact scanner(std::string port) {
    return {.device = {.identity = {.vendor = 0x0C2E,
                                    .product = 0x0200,
                                    .port = std::move(port),
                                    .name = "EMU Scanner"},
                       .interfaces = {{.class_code = 0x03,
                                       .endpoints = {{0x81, Kind::InterruptIn, 8}}}}},
            .drivers = {"usbhid"},
            .programs = {}};
}

UsbWish wish(std::string reader, UsbUse use, std::string_view permit) {
    return {std::move(reader), use, UsbPermit::parse(permit).value()};
}

UsbVerdict only(const UsbFact& fact, const std::vector<UsbWish>& wishes) {
    return judge_usb({fact}, wishes).at(0);
}

TEST(UsbVerdict, ClaimsADeviceForTheReaderThatWantsIt) {
    const auto verdict = only(card_reader("1-1"), {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict, (UsbVerdict{UsbFate::Claimed, "nfc-1", "its reader takes it", {}}));
}

TEST(UsbVerdict, TakesAScannerAwayFromTheKernelWithoutAWord) {
    const auto verdict = only(scanner("1-1"), {wish("s", UsbUse::Scanner, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::Claimed);
    EXPECT_TRUE(verdict.advice.empty());
}

TEST(UsbVerdict, SaysWhenItsOwnReaderHasIt) {
    UsbFact fact = card_reader("1-1");
    fact.drivers = {"usbfs"};
    fact.programs = {"stile-reader (process 7)"};
    fact.access = UsbFact::Access::Nobody;
    const auto verdict = only(fact, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict,
              (UsbVerdict{UsbFate::Claimed, "nfc-1", "stile-reader (process 7) has it", {}}));
}

TEST(UsbVerdict, NamesTheProgramThatIsInTheWay) {
    UsbFact fact = card_reader("1-1");
    fact.drivers = {"usbfs"};
    fact.programs = {"pcscd (process 812)"};
    const auto verdict = only(fact, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::InUse);
    EXPECT_EQ(verdict.why, "pcscd (process 812) has it");
    EXPECT_EQ(verdict.advice,
              (std::vector<std::string>{
                  "ACS ACR122U (072f:2200) in port 1-1: pcscd (process 812) has it; systemctl "
                  "disable --now pcscd.socket pcscd.service"}));
}

TEST(UsbVerdict, GuessesAtAProgramThatItMayNotSee) {
    UsbFact fact = card_reader("1-1");
    fact.drivers = {"usbfs"};
    const auto verdict = only(fact, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::InUse);
    EXPECT_NE(verdict.advice.at(0).find("if that is pcscd: "), std::string::npos);
}

TEST(UsbVerdict, WarnsOfTheKernelsOwnDriver) {
    UsbFact fact = card_reader("1-1");
    fact.drivers = {"pn533_usb"};
    const auto verdict = only(fact, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::Claimed);
    EXPECT_NE(verdict.advice.at(0).find("blacklist pn533_usb"), std::string::npos);
}

TEST(UsbVerdict, GivesTheRuleForADeviceThatReadersMayNotOpen) {
    UsbFact fact = card_reader("1-1");
    fact.access = UsbFact::Access::Nobody;
    const auto verdict = only(fact, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::Denied);
    EXPECT_NE(verdict.advice.at(0).find(udev_rule(fact.device)), std::string::npos);
}

TEST(UsbVerdict, GivesAReaderOneDeviceOnly) {
    const auto verdicts =
        judge_usb({card_reader("1-1"), card_reader("1-2")}, {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdicts.at(0).fate, UsbFate::Claimed);
    EXPECT_EQ(
        verdicts.at(1),
        (UsbVerdict{UsbFate::Ignored, "nfc-1", "reader nfc-1 takes the one in port 1-1", {}}));
}

TEST(UsbVerdict, GivesAReaderTheNextOneWhenTheFirstIsInUse) {
    UsbFact busy = card_reader("1-1");
    busy.drivers = {"usbfs"};
    const auto verdicts = judge_usb({busy, card_reader("1-2"), card_reader("1-3")},
                                    {wish("nfc-1", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdicts.at(0).fate, UsbFate::InUse);
    EXPECT_EQ(verdicts.at(1).fate, UsbFate::Claimed);
    EXPECT_EQ(verdicts.at(2).fate, UsbFate::Ignored);
}

TEST(UsbVerdict, GivesEachReaderItsOwn) {
    const auto verdicts =
        judge_usb({card_reader("1-1"), card_reader("1-2"), scanner("1-3")},
                  {wish("a", UsbUse::Nfc, "usb@1-2"), wish("b", UsbUse::Nfc, "usb@1-1"),
                   wish("c", UsbUse::Scanner, "usb")});
    EXPECT_EQ(verdicts.at(0).reader, "b");
    EXPECT_EQ(verdicts.at(1).reader, "a");
    EXPECT_EQ(verdicts.at(2).reader, "c");
}

TEST(UsbVerdict, SaysWhyNoReaderWantsADevice) {
    const auto verdict = only(
        card_reader("1-1"), {wish("a", UsbUse::Nfc, "usb@1-2"), wish("b", UsbUse::Scanner, "usb")});
    EXPECT_EQ(verdict.fate, UsbFate::Ignored);
    EXPECT_EQ(verdict.reader, "");
    EXPECT_EQ(verdict.why, "reader a does not want it: it is plugged in at 1-1, not at 1-2");
}

TEST(UsbVerdict, SaysHowToUseADeviceThatNobodyWants) {
    const auto verdict = only(scanner("1-1"), {});
    EXPECT_EQ(verdict.why, "no reader of the site file wants it");
    EXPECT_EQ(verdict.advice,
              (std::vector<std::string>{"To use it, write in the site file: kind = "
                                        "\"scanner\", source = \"usb:0c2e:0200@1-1\""}));
}

TEST(UsbVerdict, HasNothingToSayAboutOtherDevices) {
    UsbFact fact = scanner("1-1");
    fact.device.interfaces[0].class_code = 0x08;
    const auto verdict = only(fact, {wish("a", UsbUse::Nfc, "usb")});
    EXPECT_EQ(verdict,
              (UsbVerdict{UsbFate::Ignored, "", "it is neither a card reader nor a scanner", {}}));
}

TEST(UsbVerdict, NeverTakesARelayBoardForAScanner) {
    UsbFact fact = scanner("1-1");
    fact.device.identity.vendor = 0x16C0;
    fact.device.identity.product = 0x05DF;
    const UsbVerdict ignored{UsbFate::Ignored,
                             "",
                             "it is a relay board of a turnstile; see devices/turnstile/WIRING.md",
                             {}};
    EXPECT_EQ(only(fact, {}), ignored);
    EXPECT_EQ(only(fact, {wish("a", UsbUse::Scanner, "usb")}), ignored);
    EXPECT_EQ(only(fact, {wish("a", UsbUse::Scanner, "usb:16c0:05df")}), ignored);
}

TEST(UsbVerdict, TrustsNoOddDevice) {
    UsbFact fact = scanner("1-1");
    fact.device.interfaces.clear();
    fact.device.oddity = "interface 0 twice";
    const auto verdict = only(fact, {wish("a", UsbUse::Nfc, "usb:0c2e:0200")});
    EXPECT_EQ(
        verdict,
        (UsbVerdict{UsbFate::Ignored, "", "its descriptors are not sound: interface 0 twice", {}}));
}

TEST(UsbAdvice, DescribesADeviceEvenWithoutAName) {
    EXPECT_EQ(described(card_reader("1-1").device), "ACS ACR122U (072f:2200) in port 1-1");
    EXPECT_EQ(described(scanner("1-2").device), "EMU Scanner (0c2e:0200) in port 1-2");
    UsbFact nameless = scanner("1-2");
    nameless.device.identity.name.clear();
    EXPECT_EQ(described(nameless.device), "a device without a name (0c2e:0200) in port 1-2");
}

}  // namespace
}  // namespace stile::devices
