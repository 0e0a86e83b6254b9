// SPDX-License-Identifier: Apache-2.0
// What a reader needs to know of cards: their class by ATR, their number, and what may be said.
#include <set>

#include <gtest/gtest.h>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/atr.hpp"
#include "crypto/cards/media.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::operator+;

std::expected<CardClass, CardFault> class_of(std::string_view hex) {
    return classify_atr(bytes_of(hex));
}

// A good ATR with these historical bytes.
Buffer atr_with(std::string_view historical) {
    const Buffer tail = bytes_of(historical);
    Buffer atr{0x3B, static_cast<std::uint8_t>(0x80 + tail.size()), 0x80, 0x01};
    atr.insert(atr.end(), tail.begin(), tail.end());
    std::uint8_t check = 0;
    for (const std::uint8_t byte : Bytes{atr}.subspan(1))
        check ^= byte;
    atr.push_back(check);
    return atr;
}

TEST(CardAtrVectors, AreClassified) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    const CardClass expected[] = {CardClass::Other, CardClass::Other, CardClass::Type2,
                                  CardClass::Type4, CardClass::Type4};
    ASSERT_EQ(vectors["atr"].size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        const auto& item = vectors["atr"][i];
        EXPECT_EQ(classify_atr(tests::hex(item["atr"])), expected[i]) << item["card"];
    }
}

TEST(CardAtrVectors, AreRefused) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    for (const auto& item : vectors["atr_negative"]) {
        const auto found = classify_atr(tests::hex(item["atr"]));
        ASSERT_FALSE(found) << item["why"];
        EXPECT_EQ(found.error(), CardFault::Malformed) << item["why"];
    }
}

TEST(CardAtr, KnowsTheUltralightFamilyByItsNames) {
    for (const char* name : {"0003", "003A", "003D"}) {
        const std::string historical = std::string{"804F0CA00000030603"} + name + "00000000";
        EXPECT_EQ(classify_atr(atr_with(historical)), CardClass::Type2) << name;
    }
}

TEST(CardAtr, HasNoClassForOtherStorage) {
    EXPECT_EQ(classify_atr(atr_with("804F0CA00000030603000100000000")), CardClass::Other);
    EXPECT_EQ(classify_atr(atr_with("804F0CA00000030605000300000000")), CardClass::Other);
    EXPECT_EQ(classify_atr(atr_with("804F0CA00000030603000300000001")), CardClass::Other);
    EXPECT_EQ(classify_atr(atr_with("804F0CA000000306030003000000")), CardClass::Other);
    EXPECT_EQ(classify_atr(atr_with("804F0CA000000306")), CardClass::Other);
}

TEST(CardAtr, TakesAnyOtherHistoricalBytesForIsoCards) {
    EXPECT_EQ(classify_atr(atr_with("")), CardClass::Type4);
    EXPECT_EQ(classify_atr(atr_with("75779102")), CardClass::Type4);
    EXPECT_EQ(classify_atr(atr_with("804F0CA0000003")), CardClass::Type4);
}

TEST(CardAtr, HasNoClassForContactCards) {
    EXPECT_EQ(class_of("3B00"), CardClass::Other);
    EXPECT_EQ(class_of("3B021450"), CardClass::Other);
    EXPECT_EQ(class_of("3B9F95801FC78031E073FE211B63E2098310"),
              std::unexpected{CardFault::Malformed});
    EXPECT_EQ(class_of("3B800181"), CardClass::Other);  // T=1 first
}

TEST(CardAtr, RefusesWhatIsNoAtr) {
    const Buffer good = atr_with("80");
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(classify_atr(Bytes{good}.first(size))) << size;
    Buffer longer = good;
    longer.push_back(0);
    EXPECT_FALSE(classify_atr(longer));
    EXPECT_FALSE(class_of("3F8180018080"));  // inverse convention: no contactless reader's
    EXPECT_FALSE(class_of("3B8180018081"));
}

TEST(CardAtr, FollowsAChainOfInterfaceBytesOnlyToItsEnd) {
    Buffer endless(33, 0xFF);
    endless[0] = 0x3B;
    EXPECT_FALSE(classify_atr(endless));
    EXPECT_FALSE(class_of("3B80808080808080"));
}

TEST(CardUidMedium, SpellsTheNumberAsThePlatformDoes) {
    const auto medium = uid_medium(bytes_of("04a1b2c3d4e5f6"));
    ASSERT_TRUE(medium);
    EXPECT_EQ(medium->type, "nfc_uid");
    EXPECT_EQ(medium->identifier, "04A1B2C3D4E5F6");
    EXPECT_EQ(uid_medium(bytes_of("deadbeef"))->identifier, "DEADBEEF");
    EXPECT_EQ(uid_medium(bytes_of("00112233445566778899"))->identifier, "00112233445566778899");
}

TEST(CardUidMedium, RefusesARandomNumber) {
    for (const char* uid : {"08112233", "08112233445566", "08112233445566778899"}) {
        const auto medium = uid_medium(bytes_of(uid));
        ASSERT_FALSE(medium);
        EXPECT_EQ(medium.error(), CardFault::RandomId);
    }
}

TEST(CardUidMedium, RefusesWhatIsNoNumber) {
    for (const char* uid : {"", "04", "041122", "0411223344", "041122334455", "0411223344556677",
                            "0411223344556677889911", "00000000", "00000000000000"}) {
        const auto medium = uid_medium(bytes_of(uid));
        ASSERT_FALSE(medium) << uid;
        EXPECT_EQ(medium.error(), CardFault::Malformed);
    }
}

TEST(CardAllowListVectors, LetPassWhatReadsAndNothingElse) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    const std::set<std::string> reads{"Get UID",
                                      "Get ATS (ISO 14443-4 A)",
                                      "Read 16 bytes at page 4 (NTAG21x)",
                                      "Read 16 bytes at page 3 (CC)",
                                      "PN532 InCommunicateThru GET_VERSION (NTAG21x 60h)",
                                      "PN532 InCommunicateThru READ_SIG (NTAG21x 3C00h)"};
    for (const auto& item : vectors["pseudo_apdus"]) {
        const std::string name = item["name"];
        EXPECT_EQ(allowed(tests::hex(item["capdu"])), reads.contains(name)) << name;
    }
    for (const auto& step : vectors["type4_read"]["steps"])
        EXPECT_TRUE(allowed(tests::hex(step["c"]))) << step["name"];
}

TEST(CardAllowListVectors, LetPassTheShapesOfIso7816ThatRead) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    const std::set<std::string> reads{"2S", "2S Le=256", "3S", "4S"};
    for (const auto& item : vectors["apdu_cases"]) {
        const std::string name = item["case"];
        EXPECT_EQ(allowed(tests::hex(item["capdu"])), reads.contains(name)) << name;
    }
}

TEST(CardAllowListVectors, LetPassWhatAnEv2CardIsAskedButNoWriting) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    for (const auto& item : vectors["plain_commands"])
        EXPECT_TRUE(allowed(tests::hex(item["capdu"]))) << item["name"];
    for (const auto& item : vectors["authenticate_ev2_first"]) {
        EXPECT_TRUE(allowed(tests::hex(item["capdu1"]))) << item["name"];
        EXPECT_TRUE(allowed(tests::hex(item["capdu2"]))) << item["name"];
    }
    for (const auto& item : vectors["comm_full"])
        EXPECT_FALSE(allowed(tests::hex(item["capdu"]))) << item["name"];
}

constexpr const char* kRefused[] = {
    "",                                // nothing at all
    "00",                              // cut
    "00A4",                            //
    "00A40400",                        // no name
    "00A404000400000000",              // name too short
    "00A404000511223344",              // name cut
    "00A4040005112233445501",          // Le of 1
    "00A404000511223344550000",        // two bytes behind
    "00A40401051122334455",            // next occurrence
    "00A4000002E103",                  // asks for file control
    "00A4000C03E10300",                // three bytes of id
    "00B08000FF00",                    // short file id
    "00B0800010",                      //
    "00B00000",                        // no Le
    "00B00000000100",                  // extended
    "00D60000021122",                  // UPDATE BINARY
    "00DC000000",                      // UPDATE RECORD
    "00E00000",                        // CREATE FILE
    "00200001083132333435363738",      // VERIFY
    "00880000041122334400",            // INTERNAL AUTHENTICATE
    "FFB0000411",                      // seventeen bytes
    "FFB0000400",                      // 256
    "FFB0010410",                      // another P1
    "FFD6000404DEADBEEF",              // write a page
    "FFCA020000",                      //
    "FF820020060000000000FF",          // load a key
    "FF860000050100046000",            // authenticate MIFARE Classic
    "FF0000000430040000",              // length does not fit
    "FF00000006A204DEADBEEF",          // WRITE
    "FF00000008D442A204DEADBEEF",      // WRITE by the PN532
    "FF00000006A20411223344",          //
    "FF0000000AA039AABBCCDDEEFF0011",  // COMPATIBILITY WRITE
    "FF000000023C01",                  // READ_SIG of what there is not
    "FF000000021A02",                  // AUTHENTICATE with the originality key
    "FF000000051BFFFFFFFF",            // PWD_AUTH
    "FF00000006A50001000000",          // INCR_CNT
    "FF00000002D402",                  // the reader's firmware version
    "FF00000005D440016004",            // InDataExchange
    "FF00000003D44232",                // something else through the PN532
    "90F50000010200",                  // GetFileSettings
    "90AD0000080300000000000000",      // one byte too many
    "90AD0000070300000000000001",      // Le of 1
    "903D000007",                      // WriteData
    "908D000007000000000000000000",    // WriteData, ISO name
    "90C4000001FF00",                  // ChangeKey
    "905F000001FF00",                  // ChangeFileSettings
    "90FC000000",                      // FormatPICC
    "90CA000000",                      // CreateApplication
    "90DA00000311223300",              // DeleteApplication
    "900C000005000100000000",          // Credit
    "90AA0000010000",                  // AuthenticateAES
    "9077000002000000",                // AuthenticateEV2NonFirst
    "8010000000",                      // a challenge of nothing
    "8010000002112200",                // one of two bytes
    "80110000",                        //
};

TEST(CardAllowList, RefusesEverythingElse) {
    for (const char* text : kRefused)
        EXPECT_FALSE(allowed(bytes_of(text))) << text;
}

constexpr const char* kAllowed[] = {"00A4040009F047415445544B540100",
                                    "00A4040C07D2760000850101",
                                    "00A4000C02E104",
                                    "00B07FFFF0",
                                    "FFCA000000",
                                    "FFCA010000",
                                    "FFB000E110",
                                    "FFB0000404",
                                    "9060000000",
                                    "90AF000000",
                                    "90710000020D0000",
                                    "903C0000010000",
                                    "905A00000342F53000",
                                    "90AD0000070300000080000000",
                                    "90AD00000F03000000800000112233445566778800",
                                    "FF0000000160",
                                    "FF000000023029",
                                    "FF0000000A30001122334455667788",
                                    "FF000000023C00",
                                    "FF000000021A01",
                                    "FF00000003D44260",
                                    "FF00000004D4421A00"};

TEST(CardAllowList, LetsPassItsShapes) {
    for (const char* hex : kAllowed)
        EXPECT_TRUE(allowed(bytes_of(hex))) << hex;
    EXPECT_TRUE(allowed(bytes_of("801000001C") + Buffer(28, 1) + Buffer(1, 0)));
    EXPECT_TRUE(allowed(bytes_of("90AF000020") + Buffer(32, 1) + Buffer(1, 0)));
    EXPECT_TRUE(allowed(bytes_of("FF00000021AF") + Buffer(32, 1)));
    EXPECT_TRUE(allowed(bytes_of("FF00000023D442AF") + Buffer(32, 1)));
}

// One byte more, one fewer, or another instruction: no shape is a prefix of what writes.
TEST(CardAllowList, IsExact) {
    for (const char* hex : kAllowed) {
        const Buffer good = bytes_of(hex);
        Buffer longer = good;
        longer.push_back(0x55);
        EXPECT_FALSE(allowed(longer)) << hex;
        if (good[0] == 0xFF || good[1] == 0xA4) continue;  // shorter forms of these exist
        EXPECT_FALSE(allowed(Bytes{good}.first(good.size() - 1))) << hex;
        Buffer other = good;
        for (const std::uint8_t writes : Buffer{0xD6, 0x8D, 0x3D, 0xC4, 0xD0, 0xE0, 0x0C, 0xA2}) {
            other[1] = writes;
            EXPECT_FALSE(allowed(other)) << to_hex(other);
        }
    }
}

}  // namespace
}  // namespace stile::crypto
