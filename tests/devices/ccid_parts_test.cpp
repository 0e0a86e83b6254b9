// SPDX-License-Identifier: Apache-2.0
// The pure parts of the driver of card readers: descriptor, messages, chains, profiles, ATRs.
#include <array>

#include <gtest/gtest.h>

#include "devices/ccid/apdu_transfer.hpp"
#include "devices/ccid/contactless_atr.hpp"
#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/profile.hpp"
#include "tests/devices/ccid_fake.hpp"

namespace stile::devices {
namespace {

using namespace testing;

Buffer descriptor(std::uint32_t features, std::uint32_t longest = 271, std::uint8_t last_slot = 0) {
    Buffer raw(54);
    raw[0] = 54;
    raw[1] = 0x21;
    raw[4] = last_slot;
    for (std::size_t i = 0; i < 4; ++i) {
        raw[40 + i] = static_cast<std::uint8_t>(features >> (8 * i));
        raw[44 + i] = static_cast<std::uint8_t>(longest >> (8 * i));
    }
    return raw;
}

Errc why_not(const Buffer& extra) {
    const auto parsed = parse_ccid_descriptor(extra);
    EXPECT_FALSE(parsed.has_value());
    return parsed ? Errc::NotFound : parsed.error().code;
}

TEST(CcidDescriptorParsing, ReadsWhatCounts) {
    const auto parsed = parse_ccid_descriptor(descriptor(0x000404BA, 520, 2));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(*parsed, (CcidDescriptor{.last_slot = 2,
                                       .level = CcidLevel::ExtendedApdu,
                                       .features = 0x000404BA,
                                       .longest_frame = 520}));
    EXPECT_TRUE(parsed->chooses_voltage());
    EXPECT_FALSE(parsed->chooses_parameters());
}

TEST(CcidDescriptorParsing, FindsItAmongOthers) {
    Buffer extra = hex("0730020003000000");
    extra.resize(7);
    const Buffer own = descriptor(0x00020040);
    extra.insert(extra.end(), own.begin(), own.end());
    const Buffer tail = hex("0530010203");
    extra.insert(extra.end(), tail.begin(), tail.end());
    const auto parsed = parse_ccid_descriptor(extra);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->level, CcidLevel::ShortApdu);
    EXPECT_TRUE(parsed->chooses_parameters());
}

TEST(CcidDescriptorParsing, RefusesLowerLevelsByName) {
    EXPECT_EQ(why_not(descriptor(0x000104BA)), Errc::Unsupported);
    EXPECT_EQ(why_not(descriptor(0x000004BA)), Errc::Unsupported);
    const auto tpdu = parse_ccid_descriptor(descriptor(0x00010030));
    ASSERT_FALSE(tpdu.has_value());
    EXPECT_NE(tpdu.error().context.find("TPDU level"), std::string::npos);
}

TEST(CcidDescriptorParsing, RefusesWhatBreaksTheRules) {
    const Buffer good = descriptor(0x00020040);
    EXPECT_EQ(why_not({}), Errc::Invalid);
    EXPECT_EQ(why_not(Buffer(good.begin(), good.end() - 1)), Errc::Invalid);
    Buffer shorter = good;
    shorter.pop_back();
    shorter[0] = 53;
    EXPECT_EQ(why_not(shorter), Errc::Invalid);
    Buffer longer = good;
    longer.push_back(0);
    longer[0] = 55;
    EXPECT_EQ(why_not(longer), Errc::Invalid);
    Buffer twice = good;
    twice.insert(twice.end(), good.begin(), good.end());
    EXPECT_EQ(why_not(twice), Errc::Invalid);
    Buffer endless = good;
    endless.insert(endless.begin(), {0x00, 0x30});
    EXPECT_EQ(why_not(endless), Errc::Invalid);
    EXPECT_EQ(why_not(descriptor(0x00060040)), Errc::Invalid);
    EXPECT_EQ(why_not(descriptor(0x00020040, 270)), Errc::Invalid);
    EXPECT_EQ(why_not(descriptor(0x00020040, 0xFFFFFFFF)), Errc::Invalid);
    EXPECT_EQ(why_not(descriptor(0x00020040, 271, 0xFF)), Errc::Invalid);
}

TEST(CcidNotification, TellsOfEachSlotByItself) {
    EXPECT_EQ(news_of(hex("5003"), 0), SlotNews::Inserted);
    EXPECT_EQ(news_of(hex("5002"), 0), SlotNews::Removed);
    EXPECT_EQ(news_of(hex("500C"), 1), SlotNews::Inserted);
    EXPECT_EQ(news_of(hex("500C"), 0), SlotNews::Unchanged);
    EXPECT_EQ(news_of(hex("500003"), 4), SlotNews::Inserted);
    EXPECT_TRUE(tells_hardware_fault(hex("51000501")));
}

TEST(CcidNotification, SaysNothingWhenItIsBroken) {
    for (const char* packet : {"", "50", "5001", "5303", "51"}) {
        EXPECT_EQ(news_of(hex(packet), 0), SlotNews::Unchanged) << packet;
        EXPECT_FALSE(tells_hardware_fault(hex(packet))) << packet;
    }
    EXPECT_EQ(news_of(hex("50FF"), 4), SlotNews::Unchanged);
    EXPECT_EQ(news_of(hex("50FF"), 255), SlotNews::Unchanged);
}

CcidAnswer block(Bytes data, std::uint8_t place) {
    return {.reply = CcidReply::DataBlock, .specific = place, .data = data};
}

TEST(ApduTransfers, SendOneBlockWhereOneWillDo) {
    ApduTransfer transfer{hex("FFCA000000"), CcidLevel::ExtendedApdu, 5};
    EXPECT_EQ(transfer.next().place, CcidChain::Whole);
    EXPECT_EQ(to_hex(transfer.next().data), "ffca000000");
    EXPECT_EQ(transfer.take(block(hex("0102039000"), 0)), ApduTransfer::Step::Done);
    EXPECT_EQ(to_hex(transfer.answer()), "0102039000");
}

TEST(ApduTransfers, CutALongCommandExactly) {
    ApduTransfer transfer{hex("000102030405060708090A0B0C0D0E"), CcidLevel::ExtendedApdu, 5};
    EXPECT_EQ(transfer.next().place, CcidChain::First);
    EXPECT_EQ(transfer.take(block({}, 0x10)), ApduTransfer::Step::More);
    EXPECT_EQ(transfer.next().place, CcidChain::Middle);
    EXPECT_EQ(transfer.take(block({}, 0x10)), ApduTransfer::Step::More);
    EXPECT_EQ(transfer.next().place, CcidChain::Last);
    EXPECT_EQ(to_hex(transfer.next().data), "0a0b0c0d0e");
}

TEST(ApduTransfers, RefuseAnAnswerBeforeTheCommandIsOut) {
    ApduTransfer transfer{hex("0001020304050607"), CcidLevel::ExtendedApdu, 5};
    EXPECT_EQ(transfer.take(block(hex("9000"), 0)), ApduTransfer::Step::Broken);
}

TEST(ApduTransfers, JoinAnAnswerOfThreeBlocks) {
    ApduTransfer transfer{hex("00B00000"), CcidLevel::ExtendedApdu, 100};
    EXPECT_EQ(transfer.take(block(hex("0102"), 1)), ApduTransfer::Step::More);
    EXPECT_EQ(transfer.next().place, CcidChain::Next);
    EXPECT_TRUE(transfer.next().data.empty());
    EXPECT_EQ(transfer.take(block(hex("03"), 3)), ApduTransfer::Step::More);
    EXPECT_EQ(transfer.take(block(hex("9000"), 2)), ApduTransfer::Step::Done);
    EXPECT_EQ(to_hex(transfer.answer()), "0102039000");
}

TEST(ApduTransfers, RefuseAChainThatBeginsTwice) {
    for (const auto place : std::to_array<std::uint8_t>({0, 1, 0x10, 0x11})) {
        ApduTransfer transfer{hex("00B00000"), CcidLevel::ExtendedApdu, 100};
        EXPECT_EQ(transfer.take(block(hex("0102"), 1)), ApduTransfer::Step::More);
        EXPECT_EQ(transfer.take(block(hex("9000"), place)), ApduTransfer::Step::Broken);
    }
}

TEST(ApduTransfers, KnowNoChainsAtTheLevelOfShortApdus) {
    ApduTransfer transfer{hex("00B00000"), CcidLevel::ShortApdu, 261};
    EXPECT_EQ(transfer.take(block(hex("9000"), 1)), ApduTransfer::Step::Done);
}

TEST(ContactlessAtrs, AreToldFromOthers) {
    EXPECT_TRUE(is_contactless(hex("3B8F8001804F0CA0000003060300030000000068")));
    EXPECT_TRUE(is_contactless(hex("3B8180018080")));
    EXPECT_TRUE(is_contactless(hex("3B80800101")));
    for (const char* atr :
         {"", "3B", "3B8F8001804F0CA0000003060300010000000068", "3B8F8001804F0CA000000306030001",
          "3B9F95801FC78031E073", "3F80800101", "3B8080010100"})
        EXPECT_FALSE(is_contactless(hex(atr))) << atr;
}

// Every word that is ever sent to a reader beyond CCID.
TEST(CcidProfiles, SayWhatTheirMakersPublished) {
    const CcidProfile& acr122 = profile_of(0x072F, 0x2200);
    EXPECT_EQ(setup_escapes(acr122), (Escapes{hex("FF00520000"), hex("FF0051E300")}));
    EXPECT_EQ(signal_escapes(acr122, Signal::Idle), Escapes{hex("FF00400C0400000000")});
    EXPECT_EQ(signal_escapes(acr122, Signal::Admit), Escapes{hex("FF00400E0401000101")});
    EXPECT_EQ(signal_escapes(acr122, Signal::Refuse), Escapes{hex("FF00400D0401010201")});
    EXPECT_EQ(signal_escapes(acr122, Signal::Wait), Escapes{hex("FF00400F0400000000")});
    EXPECT_EQ(signal_escapes(acr122, Signal::Closed), Escapes{hex("FF00400D0400000000")});
    const CcidProfile& acr1252 = profile_of(0x072F, 0x223B);
    EXPECT_EQ(setup_escapes(acr1252), Escapes{hex("E00000210100")});
    EXPECT_EQ(signal_escapes(acr1252, Signal::Idle), Escapes{hex("E00000290100")});
    EXPECT_EQ(signal_escapes(acr1252, Signal::Admit),
              (Escapes{hex("E00000290102"), hex("E0000028010A")}));
    EXPECT_EQ(signal_escapes(acr1252, Signal::Refuse),
              (Escapes{hex("E00000290101"), hex("E00000280132")}));
    EXPECT_EQ(signal_escapes(acr1252, Signal::Wait), Escapes{hex("E00000290103")});
    EXPECT_EQ(signal_escapes(acr1252, Signal::Closed), Escapes{hex("E00000290101")});
}

TEST(CcidProfiles, KnowReadersWithoutALamp) {
    for (const auto& [vendor, product] :
         {std::pair{0x076B, 0x5022}, {0x076B, 0x5412}, {0x076B, 0x5422}, {0x04E6, 0x5790}}) {
        const CcidProfile& profile =
            profile_of(static_cast<std::uint16_t>(vendor), static_cast<std::uint16_t>(product));
        EXPECT_FALSE(profile.name.empty());
        EXPECT_TRUE(signal_escapes(profile, Signal::Admit).empty());
    }
}

TEST(CcidProfiles, SayNothingToUnknownReaders) {
    const CcidProfile& unknown = profile_of(0x1234, 0x5678);
    EXPECT_TRUE(unknown.name.empty());
    EXPECT_TRUE(setup_escapes(unknown).empty());
    EXPECT_TRUE(signal_escapes(unknown, Signal::Refuse).empty());
}

}  // namespace
}  // namespace stile::devices
