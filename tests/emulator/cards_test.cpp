// SPDX-License-Identifier: Apache-2.0
// The gate's own dialogues with the emulated cards: neither was made for the other.
#include <gtest/gtest.h>

#include "crypto/cards/ev2.hpp"
#include "crypto/cards/hce.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/cards/type4.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/emulator/model/ev2_card.hpp"
#include "tests/emulator/model/ndef.hpp"
#include "tests/emulator/model/phone.hpp"
#include "tests/emulator/model/picc.hpp"
#include "tests/emulator/model/tags.hpp"

namespace stile::emulator {
namespace {

using crypto::CardFault;
using crypto::CardFinding;
using crypto::CardSend;
using crypto::CardStep;

Buffer bytes(std::string_view hex) {
    return from_hex(hex).value();
}

// What the dialogue comes to with a card in the field of an ACR1252U.
CardStep converse(crypto::CardDialogue& dialogue, std::shared_ptr<Card> card) {
    Picc picc{Front::Acr1252, [](const std::string&) {}};
    picc.insert(std::move(card));
    (void)picc.power_on();
    CardStep step = dialogue.begin();
    for (int i = 0; i < 200 && std::holds_alternative<CardSend>(step); ++i) {
        const auto answer = picc.transmit(std::get<CardSend>(step).apdu);
        step = dialogue.take(answer.value_or(Buffer{}));
    }
    return step;
}

std::string content_of(const CardStep& step) {
    const auto* finding = std::get_if<CardFinding>(&step);
    if (finding == nullptr) {
        const auto* fault = std::get_if<CardFault>(&step);
        return "fault " + std::to_string(fault == nullptr ? 0 : static_cast<int>(*fault));
    }
    if (const auto* copy = std::get_if<crypto::CardCopy>(finding))
        return std::string{as_text(copy->content)};
    if (const auto* mutual = std::get_if<crypto::CardMutual>(finding))
        return "mutual " + std::string{as_text(mutual->content)};
    return "another finding";
}

class Cards : public ::testing::Test {
protected:
    const Buffer core = tests::test_ticket(tests::test_fields(), tests::test_key(1));
    const std::string text = crypto::gt1_text(core);
    const Buffer message = ndef_of("gate.example:gt1", core);
};

TEST_F(Cards, OfType2AreReadInAllSizes) {
    for (const char* kind : {"ultralight", "ntag213", "ntag215", "ntag216"}) {
        const auto dialogue = crypto::make_type2();
        auto tag = std::make_shared<Type2Tag>(*find_type2(kind), bytes("04a1b2c3d4e5f6"),
                                              type2_area_of(message));
        const bool fits = std::string_view{kind} != "ultralight";  // 48 bytes are too few
        EXPECT_EQ(content_of(converse(*dialogue, tag)) == text, fits) << kind;
    }
}

TEST_F(Cards, OfType4AreRead) {
    const auto dialogue = crypto::make_type4();
    auto tag = std::make_shared<Type4Tag>(bytes("04a1b2c3d4e5f6"), message);
    EXPECT_EQ(content_of(converse(*dialogue, tag)), text);
}

TEST_F(Cards, OfType4WithAWrongLengthAreNot) {
    const auto dialogue = crypto::make_type4();
    auto tag = std::make_shared<Type4Tag>(bytes("04a1b2c3d4e5f6"), message);
    tag->set_length(0xFFFF);
    EXPECT_EQ(content_of(converse(*dialogue, tag)),
              "fault " + std::to_string(static_cast<int>(CardFault::Malformed)));
}

TEST_F(Cards, OnPhonesSignTheChallenge) {
    const crypto::Challenge challenge{.nonce = {1, 2, 3}, .gate = 7, .time = 1'760'000'000};
    const auto dialogue = crypto::make_hce(challenge);
    auto phone =
        std::make_shared<Phone>(bytes("08a1b2c3"), core, HolderKey::make(), Phone::Habit::Honest);
    const CardStep step = converse(*dialogue, phone);
    const auto* finding = std::get_if<CardFinding>(&step);
    ASSERT_NE(finding, nullptr);
    const auto* answer = std::get_if<crypto::CardSigned>(finding);
    ASSERT_NE(answer, nullptr);
    EXPECT_EQ(answer->answer.size(), core.size() + 65);
}

class MutualCards : public Cards {
protected:
    MutualCards() {
        keys.application = bytes("d2760000850101");
        keys.file = 3;
        keys.context = bytes("3042f54e585020416275");
        const Buffer master = bytes("00112233445566778899aabbccddeeff");
        std::ranges::copy(master, keys.master.span().begin());
        make = {.uid = uid,
                .application = keys.application,
                .key = ev2_card_key(master, uid, keys.context),
                .file_number = 3,
                .message = message};
    }
    std::string read(Ev2Card::Habit habit) const {
        const auto dialogue = crypto::make_ev2(keys, uid, {1, 2, 3, 4});
        return content_of(converse(*dialogue, std::make_shared<Ev2Card>(make, habit)));
    }
    static std::string fault(CardFault fault) {
        return "fault " + std::to_string(static_cast<int>(fault));
    }

    const Buffer uid = bytes("04782e21801d80");
    crypto::Ev2Keys keys;
    Ev2Make make;
};

TEST_F(MutualCards, HaveTheKeyOfTheExampleOfAn10922) {
    EXPECT_EQ(to_hex(make.key), "a8dd63a3b89d54b37ca802473fda9175");
}

TEST_F(MutualCards, ProveThemselvesAndAreRead) {
    EXPECT_EQ(read(Ev2Card::Habit::Honest), "mutual " + text);
}

TEST_F(MutualCards, ProveNothingWithAnotherKey) {
    make.key.front() ^= 1U;
    EXPECT_EQ(read(Ev2Card::Habit::Honest), fault(CardFault::WrongKey));
}

TEST_F(MutualCards, AreNotBelievedWhenWhatTheySayWasChanged) {
    EXPECT_EQ(read(Ev2Card::Habit::WrongMac), fault(CardFault::Malformed));
}

TEST_F(MutualCards, MayWantToBeLeftAlone) {
    EXPECT_EQ(read(Ev2Card::Habit::Delay), fault(CardFault::Delay));
}

TEST_F(MutualCards, OfAnotherApplicationAreNotMeant) {
    make.application = bytes("a0b1c2d3e4");
    EXPECT_EQ(read(Ev2Card::Habit::Honest), fault(CardFault::NotThis));
}

// AN12196, section 6.6.
TEST(Ev2Card, AnswersAsTheExampleOfItsMakerDoes) {
    Ev2Card card{{.uid = bytes("04968caa5c5e80"),
                  .application = bytes("d2760000850101"),
                  .key = Buffer(16),
                  .message = {}},
                 Ev2Card::Habit::Honest};
    card.set_random(bytes("b9e2fc789b64bf237cccaa20ec7e6e48"), bytes("9d00c4df"));
    const auto say = [&card](std::string_view apdu) {
        return to_hex(card.transmit(bytes(apdu)).value());
    };
    EXPECT_EQ(say("00a4040c07d276000085010100"), "9000");
    EXPECT_EQ(say("9071000002000000"), "a04c124213c186f22399d33ac2a3021591af");
    EXPECT_EQ(say("90af00002035c3e05a752e0144bac0de51c1f22c56b34408a23d8aea266cab947ea8e0118d00"),
              "3fa64db5446d1f34cd6ea311167f5e4985b89690c04a05f17fa7ab2f081206639100");
}

}  // namespace
}  // namespace stile::emulator
