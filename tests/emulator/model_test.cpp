// SPDX-License-Identifier: Apache-2.0
// The models against what the standards' examples say: messages, tags, a phone, scanners.
#include <gtest/gtest.h>

#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/emulator/model/ccid_reader.hpp"
#include "tests/emulator/model/ndef.hpp"
#include "tests/emulator/model/phone.hpp"
#include "tests/emulator/model/scanner.hpp"
#include "tests/emulator/model/tags.hpp"

namespace stile::emulator {
namespace {

Buffer bytes(std::string_view hex) {
    return from_hex(hex).value();
}
std::string hex_of(const std::optional<Buffer>& answer) {
    return answer ? to_hex(*answer) : "mute";
}

// A reader, and the messages that a host exchanges with it.
class Reader : public ::testing::Test {
protected:
    std::string next(std::uint8_t endpoint = 0x82) {
        Buffer out;
        switch (reader.give(endpoint, 512, out)) {
            case Reply::Done:
                return to_hex(out);
            case Reply::NotYet:
                return "not yet";
            case Reply::Stall:
                return "stall";
            case Reply::Babble:
                return "babble";
        }
        return {};
    }
    std::string say(std::string_view hex) {
        EXPECT_EQ(reader.take(0x02, bytes(hex)), Reply::Done);
        return next();
    }
    void insert_tag() {
        reader.insert(std::make_shared<Type2Tag>(*find_type2("ntag213"), bytes("041689aa5c5e80"),
                                                 type2_area_of(bytes("d00000"))));
    }
    void power_on() { (void)say("62000000000001000000"); }
    void misbehave(Misbehaviour how) { reader.misbehave({.how = how}); }
    void reset_and_power_on() {
        reader.reset();
        power_on();
    }

    CcidReader reader{*find_reader_make("acr122u")};
};

TEST_F(Reader, TellsWhetherACardIsThereAndHasPower) {
    EXPECT_EQ(say("65000000000004000000"), "81000000000004020000");
    insert_tag();
    EXPECT_EQ(say("65000000000004000000"), "81000000000004010000");
    power_on();
    EXPECT_EQ(say("65000000000004000000"), "81000000000004000000");
}

TEST_F(Reader, ReadsTheNumberAndThePagesOfATag) {
    insert_tag();
    EXPECT_EQ(say("62000000000001000000"),
              "80140000000001000000"
              "3b8f8001804f0ca0000003060300030000000068");
    EXPECT_EQ(say("6F050000000002000000FFCA000000"), "80090000000002000000041689aa5c5e809000");
    EXPECT_EQ(say("6f050000000003000000ffb0000310"),
              "80120000000003000000e11012000303d00000fe0000000000009000");
    EXPECT_EQ(say("6f080000000004000000ff00000003d44260"),
              "800d0000000004000000d5430000040402010"
              "00f039000");
}

TEST_F(Reader, SaysThatNoCardIsThere) {
    EXPECT_EQ(say("62000000000003000000"), "8000000000000342fe00");
    EXPECT_EQ(say("6f050000000003000000ffca000000"), "8000000000000342fe00");
}

TEST_F(Reader, LosesACardInTheMiddle) {
    insert_tag();
    power_on();
    reader.remove_after(1);
    EXPECT_EQ(say("6f050000000002000000ffca000000").substr(0, 2), "80");
    EXPECT_EQ(say("6f050000000003000000ffca000000"), "8000000000000342fe00");
    EXPECT_EQ(next(0x81), "5002");
}

TEST_F(Reader, HasOneSlot) {
    EXPECT_EQ(say("65000000000104000000"), "81000000000104420500");
}

TEST_F(Reader, NotesLightAndBuzzer) {
    // Green for half a second with a beep, then off.
    EXPECT_EQ(say("6b090000000007000000ff0040a8040500010"
                  "1"),
              "83020000000007020000"
              "9000");
    const auto& diary = reader.diary();
    EXPECT_EQ((std::vector(diary.end() - 3, diary.end())),
              (std::vector<std::string>{"led green", "led off", "buzzer 500 ms"}));
}

TEST_F(Reader, BreaksTheRulesAsTheExamplesOfThemDo) {
    insert_tag();
    power_on();
    const struct {
        Misbehaviour how;
        const char* answer;
    } table[] = {
        {Misbehaviour::LengthTooLong, "800900007f0002000000041689aa5c5e809000"},
        {Misbehaviour::LengthTooShort, "80010000000002000000041689aa5c5e809000"},
        {Misbehaviour::ShortHeader, "800900000000020000"},
        {Misbehaviour::EmptyAnswer, ""},
        {Misbehaviour::WrongSequence, "80090000000057000000041689aa5c5e809000"},
        {Misbehaviour::WrongSlot, "80090000000702000000041689aa5c5e809000"},
        {Misbehaviour::WrongType, "81090000000002000000041689aa5c5e809000"},
        {Misbehaviour::ReservedStatus, "80090000000002c00000041689aa5c5e809000"},
        {Misbehaviour::NoStatusWord, "8001000000000200000004"},
        {Misbehaviour::EndlessChain, "80090000000002000003041689aa5c5e809000"},
        {Misbehaviour::StaleFirst, "80090000000001000000041689aa5c5e809000"},
        {Misbehaviour::TimeExtension, "80000000000002800100"},
        {Misbehaviour::EndlessExtension, "80000000000002800100"},
        {Misbehaviour::Silent, "not yet"},
        {Misbehaviour::Stall, "stall"},
        {Misbehaviour::Babble, "babble"},
    };
    for (const auto& row : table) {
        misbehave(row.how);
        EXPECT_EQ(say("6f050000000002000000ffca000000"), row.answer);
        reset_and_power_on();
    }
}

TEST_F(Reader, IsGoodAgainAfterOneWrongAnswer) {
    misbehave(Misbehaviour::Silent);
    EXPECT_EQ(say("65000000000004000000"), "not yet");
    EXPECT_EQ(say("65000000000005000000"), "81000000000005020000");
}

TEST_F(Reader, MisbehavesInOneKindOfAnswerOnly) {
    reader.misbehave({.how = Misbehaviour::Silent, .times = 0, .in = 0x6F});
    EXPECT_EQ(say("65000000000004000000"), "81000000000004020000");
    EXPECT_EQ(say("6f050000000003000000ffca000000"), "not yet");
    EXPECT_EQ(say("6f050000000003000000ffca000000"), "not yet");
}

TEST_F(Reader, IsWokenByAResetUnlessItIsDead) {
    misbehave(Misbehaviour::Deaf);
    EXPECT_EQ(say("65000000000004000000"), "not yet");
    reader.reset();
    EXPECT_EQ(say("65000000000004000000"), "81000000000004020000");
    misbehave(Misbehaviour::Dead);
    reader.reset();
    EXPECT_EQ(reader.take(0x02, bytes("65000000000004000000")), Reply::NotYet);
}

TEST_F(Reader, RefusesMessagesThatAreTooLong) {
    EXPECT_EQ(reader.take(0x02, bytes("6fffff00000002000000")), Reply::Stall);
    EXPECT_EQ(say("65000000000004000000"), "81000000000004020000");
}

TEST(ExtendedReader, GivesALongAnswerInPieces) {
    CcidReader reader{*find_reader_make("omnikey5427ck")};
    const Buffer message(700, 0xD0);
    auto tag = std::make_shared<Type4Tag>(bytes("04112233445566"), message);
    reader.insert(tag);
    Buffer out;
    const auto say = [&](std::string_view hex) {
        EXPECT_EQ(reader.take(0x02, bytes(hex)), Reply::Done);
        EXPECT_EQ(reader.give(0x82, 1024, out), Reply::Done);
        return out;
    };
    (void)say("62000000000001000000");
    // A command in two pieces, as a host with a small buffer sends it.
    EXPECT_EQ(to_hex(say("6f07000000000200010000a4040007d276")), "80000000000002000010");
    EXPECT_EQ(to_hex(say("6f0600000000030002000000850101"
                         "00")),
              "800200000000030000009000");
}

TEST(Type4Tag, AnswersAsTheReadProcedureOfTheStandardExpects) {
    Type4Tag tag{bytes("041689aa5c5e80"), bytes("d00000")};
    EXPECT_EQ(hex_of(tag.transmit(bytes("00B0000002"))), "6986");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00A4000C02E103"))), "6a82");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00A4040007D276000085010100"))), "9000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00A4000C02E103"))), "9000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00B000000F"))), "000f2000f000340406e104010000ff9000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00A4000C02E104"))), "9000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00B0000002"))), "00039000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00B0000203"))), "d000009000");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00B0010003"))), "6b00");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00D6000001AA"))), "6d00");
    EXPECT_EQ(hex_of(tag.transmit(bytes("00A40400"))), "6a82");
}

TEST(Type2Tag, HasPagesOfItsKind) {
    Type2Tag tag{*find_type2("ntag215"), bytes("04a1b2c3d4e5f6"), type2_area_of(Buffer(300, 7))};
    EXPECT_EQ(hex_of(tag.raw(bytes("3000"))),
              "04a1b29fc3d4e5f6044800"
              "00e1103e00");
    EXPECT_EQ(hex_of(tag.raw(bytes("3004"))).substr(0, 8), "03ff012c");
    EXPECT_EQ(hex_of(tag.raw(bytes("60"))), "0004040201001103");
    EXPECT_EQ(hex_of(tag.raw(bytes("3087"))), "mute");
    Type2Tag plain{*find_type2("ultralight"), bytes("04a1b2c3d4e5f6"), {}};
    EXPECT_EQ(hex_of(plain.raw(bytes("60"))), "mute");
}

TEST(Commands, AreTakenApartInAllTheirForms) {
    const struct {
        const char* apdu;
        std::size_t data, expected;
    } table[] = {{"00A40400", 0, 0},
                 {"00B000000F", 0, 15},
                 {"00B0000000", 0, 256},
                 {"00A4000C02E103", 2, 0},
                 {"00A4040007D276000085010100", 7, 256},
                 {"00B00000000100", 0, 256},
                 {"00D60000000003AABBCC", 3, 0},
                 {"00A40400000007D27600008501010000", 7, 65'536}};
    for (const auto& row : table) {
        const auto command = command_of(bytes(row.apdu));
        ASSERT_TRUE(command) << row.apdu;
        EXPECT_EQ(command->data.size(), row.data) << row.apdu;
        EXPECT_EQ(command->expected, row.expected) << row.apdu;
    }
    for (const char* apdu : {"", "00A404", "00A4040007D2", "00A40400000007D276", "00B000000000"})
        EXPECT_FALSE(command_of(bytes(apdu))) << apdu;
}

class PhoneAtTheGate : public ::testing::Test {
protected:
    PhoneAtTheGate() { std::ranges::copy(key.public_key(), fields.holder.emplace().begin()); }
    Phone phone(Phone::Habit habit) {
        return Phone{bytes("08a1b2c3"), tests::test_ticket(fields, issuer), key, habit};
    }
    static std::string select(Phone& phone) {
        return hex_of(phone.transmit(bytes("00A4040009F047415445544B540100")));
    }
    // The answer to the challenge, without its status word if that is 9000.
    Buffer ask(Phone& phone) const {
        Buffer command{0x80, 0x10, 0x00, 0x00, 0x1C};
        ByteWriter out{command};
        out.raw(challenge.nonce);
        out.number(challenge.gate);
        out.number(challenge.time);
        out.number(std::uint8_t{0});
        Buffer answer = phone.transmit(command).value();
        if (answer.size() > 2) answer.resize(answer.size() - 2);
        return answer;
    }
    bool proves(Bytes answer) const {
        return crypto::Verifier{ring}.prove_answer(answer, challenge).has_value();
    }

    HolderKey key = HolderKey::make();
    crypto::SigningKey issuer = tests::test_key(1);
    crypto::KeyRing ring = tests::ring_of(tests::test_record(issuer));
    crypto::Gt1Fields fields = tests::test_fields();
    crypto::Challenge challenge{.nonce = {1, 2, 3}, .gate = 7, .time = 1'760'000'000};
};

TEST_F(PhoneAtTheGate, ProvesItselfToTheGatesVerifier) {
    Phone honest = phone(Phone::Habit::Honest);
    EXPECT_EQ(select(honest), "01009000");
    EXPECT_TRUE(proves(ask(honest)));
}

TEST_F(PhoneAtTheGate, AnswersNothingBeforeItsAppIsSelected) {
    Phone honest = phone(Phone::Habit::Honest);
    EXPECT_EQ(to_hex(ask(honest)), "6d00");
    EXPECT_EQ(hex_of(honest.transmit(bytes("00A4040007D276000085010100"))), "6a82");
}

TEST_F(PhoneAtTheGate, ProvesNothingWithABadHabit) {
    for (const auto habit :
         {Phone::Habit::Locked, Phone::Habit::OtherKey, Phone::Habit::CutShort}) {
        Phone bad = phone(habit);
        (void)select(bad);
        EXPECT_FALSE(proves(ask(bad)));
    }
    Phone replays = phone(Phone::Habit::Replays);
    (void)select(replays);
    EXPECT_TRUE(proves(ask(replays)));
    challenge.nonce[0] = 9;
    EXPECT_FALSE(proves(ask(replays)));
    Phone stranger = phone(Phone::Habit::NoApp);
    EXPECT_EQ(select(stranger), "6a82");
}

TEST(KeyboardScanner, PressesAndReleasesKeys) {
    KeyboardScanner scanner{KeyLayout::Us, Ending::Enter};
    scanner.scan("aB");
    std::string all;
    Buffer report;
    while (scanner.give(0x81, 8, report) == Reply::Done)
        all += to_hex(report) + " ";
    EXPECT_EQ(all,
              "0000040000000000 0000000000000000 0200050000000000 0000000000000000 "
              "0000280000000000 0000000000000000 ");
    EXPECT_EQ(scanner.diary().back(), "scan sent");
}

// Every character of a GT1 code can be typed on each keyboard.
TEST(KeyboardScanner, HasTheCharactersOfTickets) {
    for (const KeyLayout layout : {KeyLayout::Us, KeyLayout::De, KeyLayout::Fr})
        for (const char letter : std::string_view{"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
                                                  "abcdefghijklmnopqrstuvwxyz=\x1D\n"})
            EXPECT_TRUE(key_for(layout, letter)) << static_cast<int>(layout) << letter;
}

TEST(KeyboardScanner, KnowsWhereKeyboardsDiffer) {
    const auto key = [](KeyLayout layout, char letter) {
        const KeyPress press = key_for(layout, letter).value();
        return press.modifiers * 256 + press.usage;
    };
    EXPECT_EQ(key(KeyLayout::Us, 'z'), 0x1D);
    EXPECT_EQ(key(KeyLayout::De, 'z'), 0x1C);
    EXPECT_EQ(key(KeyLayout::Fr, 'z'), 0x1A);
    EXPECT_EQ(key(KeyLayout::Us, '/'), 0x38);
    EXPECT_EQ(key(KeyLayout::De, '/'), 0x224);
    EXPECT_EQ(key(KeyLayout::Fr, '/'), 0x237);
    EXPECT_EQ(key(KeyLayout::De, '@'), 0x4014);
    EXPECT_EQ(key(KeyLayout::Fr, '1'), 0x21E);
}

TEST(PosScanner, SendsACodeInPieces) {
    PosScanner scanner;
    scanner.scan(std::string(60, 'A'));
    Buffer report;
    ASSERT_EQ(scanner.give(0x81, 64, report), Reply::Done);
    EXPECT_EQ(report.size(), 62U);
    EXPECT_EQ(to_hex(Bytes{report}.first(6)), "02385d513141");
    EXPECT_EQ(report.back(), 1);
    ASSERT_EQ(scanner.give(0x81, 64, report), Reply::Done);
    EXPECT_EQ(to_hex(Bytes{report}.first(10)), "02045d51314141414100");
    EXPECT_EQ(report.back(), 0);
}

}  // namespace
}  // namespace stile::emulator
