// SPDX-License-Identifier: Apache-2.0
// MIFARE Ultralight AES of pretix: the examples of NXP and of a real chip, then whole dialogues.
#include <functional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "crypto/cards/key_diversification.hpp"
#include "crypto/cards/mf0aes.hpp"
#include "crypto/cards/mutual.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/ultralight_card.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::fault_in;
using tests::UltralightCard;

TEST(Mf0aesVectors, Authenticate) {
    STILE_LOAD_OR_SKIP(vectors, "pretix/nfc.json");
    std::size_t seen = 0;
    for (const auto& item : vectors) {
        if (!item.contains("card_reply_1")) continue;
        ++seen;
        const auto key = tests::hex_array<16>(item["key"]);
        MutualProof proof{key, tests::hex_array<16>(item["rndA"])};
        AesBlock challenge{}, last{};
        std::ranges::copy(Bytes{tests::hex(item["card_reply_1"])}.subspan(1), challenge.begin());
        const auto answer = proof.answer(challenge);
        ASSERT_TRUE(answer);
        EXPECT_EQ("af" + to_hex(*answer), to_hex(tests::hex(item["expected_reader_message_2"])));
        std::ranges::copy(Bytes{tests::hex(item["card_reply_2"])}.subspan(1), last.begin());
        ASSERT_TRUE(proof.decrypt(last));
        EXPECT_TRUE(proof.is_ours(last)) << item["name"];
        if (!item.contains("session_mac_key")) continue;
        EXPECT_EQ(to_hex(proof.session_key(kSessionMac)->bytes()),
                  to_hex(tests::hex(item["session_mac_key"])));
    }
    EXPECT_EQ(seen, 3U);
}

TEST(Mf0aesVectors, TruncateMacs) {
    STILE_LOAD_OR_SKIP(vectors, "pretix/nfc.json");
    const auto named = [&vectors](std::string_view name) -> const nlohmann::json& {
        for (const auto& item : vectors) {
            if (item["name"].get<std::string>().ends_with(name)) return item;
        }
        throw std::out_of_range{"no such vector"};
    };
    const auto& note = named("AN13452");
    const auto mac = aes_cmac(tests::hex_array<16>(note["session_mac_key"]), {bytes_of("000060")});
    EXPECT_EQ(to_hex(*mac), to_hex(tests::hex(note["cmac_of_000060"])));
    EXPECT_EQ(to_hex(mac_tag(*mac)), to_hex(tests::hex(note["truncated"])));
    const auto& chip = named("actual chip");
    const auto other =
        aes_cmac(tests::hex_array<16>(chip["session_mac_key"]), {bytes_of("00003029")});
    EXPECT_EQ(to_hex(mac_tag(*other)), to_hex(tests::hex(chip["truncated_cmac_of_00003029"])));
}

// Two key sets, and a chip of the second.
class Mf0aesDialogue : public testing::Test {
protected:
    Mf0aesDialogue() {
        for (std::uint8_t i = 0; i < 2; ++i) {
            std::ranges::fill(sets[i].uid_key.span(), static_cast<std::uint8_t>(0x10 + i));
            std::ranges::fill(sets[i].diversification_key.span(),
                              static_cast<std::uint8_t>(0x20 + i));
            sets[i].id = 0x01020304U + i;
        }
        card.set_id(sets[1].id);
        std::ranges::copy(sets[1].uid_key.bytes(), card.uid_key.begin());
        const Buffer context = bytes_of(
            "65752e707265746978"
            "01020305");
        const auto key =
            diversified_key(sets[1].diversification_key.bytes().first<16>(), card.uid, context);
        std::ranges::copy(key->bytes(), card.chip_key.begin());
    }

    CardStep talk(const std::function<void(std::size_t, Buffer&)>& touch = {}) {
        card.activate();
        const auto dialogue = make_mf0aes(sets, random);
        CardStep step = dialogue->begin();
        while (std::holds_alternative<CardSend>(step)) {
            Buffer answer = card.answer(tests::command_in(step));
            if (touch) touch(card.commands, answer);
            step = dialogue->take(answer);
        }
        return step;
    }
    std::optional<CardFault> fault_at(std::size_t at, std::string_view instead) {
        return fault_in(talk([&](std::size_t now, Buffer& answer) {
            if (now == at) answer = bytes_of(instead);
        }));
    }
    static void expect_medium(const CardStep& step) {
        const auto* medium = tests::finding_in<CardMedium>(step);
        ASSERT_NE(medium, nullptr) << step.index();
        EXPECT_EQ(medium->type, "nfc_mf0aes");
        EXPECT_EQ(medium->identifier, "04A1B2C3D4E5F6");
    }

    Mf0aesKeys sets[2];
    Mf0aesRandom random{1, 2, 3};
    UltralightCard card;
};

TEST_F(Mf0aesDialogue, ProvesAChipInEightCommands) {
    expect_medium(talk());
    EXPECT_EQ(card.commands, 8U);
    EXPECT_EQ(card.authentications, 2U);
}

TEST_F(Mf0aesDialogue, ProvesItThroughAPn532InNine) {
    card.reader = UltralightCard::Reader::Pn532;
    expect_medium(talk());
    EXPECT_EQ(card.commands, 9U);
}

TEST_F(Mf0aesDialogue, ProvesAChipWithoutMacs) {
    card.macs = false;
    expect_medium(talk());
}

TEST_F(Mf0aesDialogue, GivesEachAuthenticationItsOwnRandomNumber) {
    expect_medium(talk());
    ASSERT_EQ(card.seen_random.size(), 2U);
    EXPECT_NE(card.seen_random[0], card.seen_random[1]);
}

TEST_F(Mf0aesDialogue, LeavesOtherTagsToOthers) {
    for (const char* version : {"00040402010F0F03", "0004040201000F03", "0004030101000B03",
                                "0104030104000F03", "0005030104000F03", ""}) {
        EXPECT_EQ(fault_at(1, std::string{version} + "9000"), CardFault::NotThis) << version;
    }
    EXPECT_EQ(card.authentications, 0U);
}

TEST_F(Mf0aesDialogue, LeavesATagThatRefusesBothWays) {
    card.reader = UltralightCard::Reader::None;
    EXPECT_EQ(fault_in(talk()), CardFault::NotThis);
    EXPECT_EQ(card.commands, 2U);
}

TEST_F(Mf0aesDialogue, LeavesForeignAndEmptyChipsAlone) {
    card.set_id(0);
    EXPECT_EQ(fault_in(talk()), CardFault::Empty);
    card.set_id(0x77777777);
    EXPECT_EQ(fault_in(talk()), CardFault::NotThis);
    EXPECT_EQ(card.authentications, 0U);
}

TEST_F(Mf0aesDialogue, TriesAKeyOnce) {
    card.uid_key[3] ^= 1U;
    EXPECT_EQ(fault_in(talk()), CardFault::WrongKey);
    EXPECT_EQ(card.authentications, 1U);
}

// A clone with the fleet's UID key, but another chip's number.
TEST_F(Mf0aesDialogue, BelievesNoNumberThatTheChipsKeyDoesNotProve) {
    card.uid[6] ^= 1U;
    EXPECT_EQ(fault_in(talk()), CardFault::WrongKey);
    EXPECT_EQ(card.authentications, 2U);
}

TEST_F(Mf0aesDialogue, BelievesNoAnswerThatWasTouched) {
    for (std::size_t byte = 0; byte < 24; ++byte) {
        const CardStep step = talk([&](std::size_t now, Buffer& answer) {
            if (now == 6) answer[byte] ^= 0x04U;
        });
        EXPECT_EQ(fault_in(step), CardFault::Malformed) << byte;
    }
}

TEST_F(Mf0aesDialogue, ChecksTheNumbersOwnBytesWithoutMacs) {
    card.macs = false;
    for (const std::size_t byte : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
        const CardStep step = talk([&](std::size_t now, Buffer& answer) {
            if (now == 6) answer[byte] ^= 0x04U;
        });
        EXPECT_EQ(fault_in(step), CardFault::Malformed) << byte;
    }
}

TEST_F(Mf0aesDialogue, EndsWhenAReadFails) {
    for (const std::size_t at : {2U, 3U, 6U}) {
        for (const char* answer : {"", "6300", "9000", "00112233445566778899AABBCCDDEE9000"})
            EXPECT_EQ(fault_at(at, answer), CardFault::Malformed) << at << answer;
    }
}

TEST_F(Mf0aesDialogue, EndsWhenAnAuthenticationFails) {
    for (const std::size_t at : {4U, 5U, 7U, 8U}) {
        for (const char* answer :
             {"", "6300", "9000", "AF9000", "009000", "AF00112233445566778899AABBCCDDEE9000",
              "0000112233445566778899AABBCCDDEEFF9000", "0100112233445566778899AABBCCDDEEFF9000"}) {
            EXPECT_EQ(fault_at(at, answer), CardFault::WrongKey) << at << answer;
        }
    }
}

TEST_F(Mf0aesDialogue, ChecksItsConfiguration) {
    EXPECT_EQ(fault_of(sets[0]), "");
    EXPECT_NE(fault_of(Mf0aesKeys{}), "");
    EXPECT_NE(fault_of({.id = 1, .uid_key = LockedBytes{15}}), "");
    EXPECT_NE(fault_of({.id = 1, .diversification_key = LockedBytes{17}}), "");
}

TEST_F(Mf0aesDialogue, TakesOnlyThePn532sOwnWords) {
    card.reader = UltralightCard::Reader::Pn532;
    for (const char* answer : {"D541000004030104000F039000", "D543010004030104000F039000",
                               "0004030104000F039000", "D5439000", "D59000", "9000", "6300"})
        EXPECT_EQ(fault_at(2, answer), CardFault::NotThis) << answer;
}

}  // namespace
}  // namespace stile::crypto
