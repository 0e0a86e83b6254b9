// SPDX-License-Identifier: Apache-2.0
// Type 4 tags and phones: the container, the length, the pieces, and our own challenge.
#include <gtest/gtest.h>

#include "crypto/base45.hpp"
#include "crypto/cards/hce.hpp"
#include "crypto/cards/type4.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::copy_in;
using tests::Exchange;
using tests::fault_in;
using tests::play;
using tests::operator+;

constexpr const char* kContainer = "000F20003B00340406E10403E80000";

// The way to the length of a message in a file that this container describes.
std::vector<Exchange> opening(const std::string& container, const std::string& length) {
    return {{"00A4040007D276000085010100", "9000"},
            {"00A4000C02E103", "9000"},
            {"00B000000F", container + "9000"},
            {"00A4000C02E104", "9000"},
            {"00B0000002", length + "9000"}};
}

CardStep play4(const std::vector<Exchange>& exchanges) {
    const auto dialogue = make_type4();
    return play(*dialogue, exchanges);
}

// A file behind a container that allows answers of `most` bytes.
struct Type4Tag {
    Buffer file;
    std::uint16_t most = 0x3B;
    std::size_t commands = 0;

    Buffer answer(const Buffer& command) {
        ++commands;
        if (command[1] == 0xA4) return bytes_of("9000");
        if (commands == 3) return container() + bytes_of("9000");
        const std::size_t offset = std::size_t{command[2]} * 256 + command[3];
        const Bytes piece = Bytes{file}.subspan(offset, command[4]);
        return Buffer{piece.begin(), piece.end()} + bytes_of("9000");
    }
    [[nodiscard]] Buffer container() const {
        Buffer out = bytes_of("000F20");
        ByteWriter writer{out};
        writer.number(most);
        writer.raw(bytes_of("00340406E104"));
        writer.number(static_cast<std::uint16_t>(file.size()));
        writer.raw(bytes_of("0000"));
        return out;
    }
};

Type4Tag tag_with(const Buffer& message, std::uint16_t most) {
    Type4Tag tag{.most = most};
    ByteWriter out{tag.file};
    out.number(static_cast<std::uint16_t>(message.size()));
    out.raw(message);
    return tag;
}

CardStep read(Type4Tag& tag) {
    const auto dialogue = make_type4();
    CardStep step = dialogue->begin();
    while (std::holds_alternative<CardSend>(step))
        step = dialogue->take(tag.answer(tests::command_in(step)));
    return step;
}

TEST(CardType4Vectors, FollowTheFlow) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    std::vector<Exchange> steps;
    for (const auto& step : vectors["type4_read"]["steps"])
        steps.emplace_back(step["c"], step["r"]);
    EXPECT_EQ(fault_in(play4(steps)), CardFault::Empty);  // an empty record
}

TEST(CardType4Vectors, ReadTheContainer) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    const std::string answer = vectors["type4_read"]["steps"][2]["r"];
    const auto file = read_container(bytes_of(answer.substr(0, answer.size() - 4)));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->id, 0xE104);
    EXPECT_EQ(file->size, 50);
    EXPECT_EQ(file->most, 59);
}

TEST(CardType4Vectors, RefuseContainers) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    for (const auto& item : vectors["type4_cc_negative"]) {
        EXPECT_FALSE(read_container(tests::hex(item["cc"]))) << item["why"];
        std::vector<Exchange> steps = opening(item["cc"], "0003");
        steps.resize(3);
        EXPECT_TRUE(fault_in(play4(steps))) << item["why"];
    }
}

TEST(CardType4Vectors, RefuseLengths) {
    STILE_LOAD_OR_SKIP(vectors, "pcsc_apdu.json");
    for (const auto& item : vectors["type4_nlen_negative"]) {
        EXPECT_FALSE(message_length(tests::hex(item["nlen"]), item["file_size"])) << item["why"];
        const CardStep step = play4(opening("000F20003B00340406E10400320000", item["nlen"]));
        EXPECT_TRUE(fault_in(step)) << item["why"];
    }
}

TEST(CardType4, ReadsATicketInSevenCommands) {
    Type4Tag tag = tag_with(gt1_ndef(Buffer(96, 7)), 0x3B);
    EXPECT_EQ(copy_in(read(tag)), "GT1:" + base45_encode(Buffer(96, 7)));
    EXPECT_EQ(tag.commands, 7U);
    tag = tag_with(gt1_ndef(Buffer(96, 7)), 0xFF);
    EXPECT_TRUE(copy_in(read(tag)));
    EXPECT_EQ(tag.commands, 6U);
}

TEST(CardType4, ReadsEveryLengthInPiecesOfEverySize) {
    for (const std::uint16_t most :
         std::initializer_list<std::uint16_t>{0x0F, 0x10, 0x3B, 0x7F, 0xF0, 0xFF, 0x100, 0xFFFF}) {
        for (std::size_t size = 1; size <= 353; size += 11) {
            Type4Tag tag = tag_with(gt1_ndef(Buffer(size, 7)), most);
            EXPECT_EQ(copy_in(read(tag)), "GT1:" + base45_encode(Buffer(size, 7)));
        }
    }
}

TEST(CardType4, AsksForAtMost74Commands) {
    Buffer message = bytes_of("C500000003FA");
    message.resize(1024, 0x11);
    Type4Tag tag = tag_with(message, 0x0F);
    EXPECT_EQ(fault_in(read(tag)), CardFault::Empty);
    EXPECT_EQ(tag.commands, 74U);
}

TEST(CardType4, LeavesCardsWithoutTheApplicationToOthers) {
    for (const char* answer : {"", "90", "6A82", "6D00", "6E00", "6F00", "9100", "61109000FF"})
        EXPECT_EQ(fault_in(play4({{"00A4040007D276000085010100", answer}})), CardFault::NotThis)
            << answer;
}

TEST(CardType4, EndsAtAnyLaterRefusal) {
    for (std::size_t at = 1; at < 5; ++at) {
        for (const char* answer : {"", "6A82", "6982", "6B00", "6C10", "6110"}) {
            std::vector<Exchange> steps = opening(kContainer, "0003");
            steps.resize(at + 1);
            steps.back().second = answer;
            EXPECT_EQ(fault_in(play4(steps)), CardFault::Malformed) << at << answer;
        }
    }
}

TEST(CardType4, RefusesAPieceOfAnotherLength) {
    for (const char* piece : {"9000", "D09000", "D0009000", "D00000009000"}) {
        std::vector<Exchange> steps = opening(kContainer, "0003");
        steps.emplace_back("00B0000203", piece);
        EXPECT_EQ(fault_in(play4(steps)), CardFault::Malformed) << piece;
    }
}

TEST(CardType4, RefusesACutOrLongContainer) {
    for (const char* container :
         {"", "000F20003B00340406E10403E800", "000F20003B00340406E10403E8000000"}) {
        std::vector<Exchange> steps = opening(container, "0003");
        steps.resize(3);
        EXPECT_EQ(fault_in(play4(steps)), CardFault::Malformed) << container;
    }
}

TEST(CardType4, RefusesALengthThatIsNone) {
    for (const char* length : {"", "00", "000000"})
        EXPECT_EQ(fault_in(play4(opening(kContainer, length))), CardFault::Malformed) << length;
    EXPECT_EQ(fault_in(play4(opening(kContainer, "0000"))), CardFault::Empty);
}

TEST(CardType4, DoesNotReadWhatIsTooLong) {
    const std::string large = "000F20003B00340406E10470000000";
    EXPECT_EQ(fault_in(play4(opening(large, "0401"))), CardFault::Unsupported);
    EXPECT_TRUE(std::holds_alternative<CardSend>(play4(opening(large, "0400"))));
}

TEST(CardType4Container, SaysWhatItCannotServe) {
    const auto fault = [](const char* hex) { return read_container(bytes_of(hex)).error(); };
    EXPECT_EQ(fault("001120003B00340608E10400010000"), CardFault::Unsupported);  // long form
    EXPECT_EQ(fault("000F20003B00340406E10400328000"), CardFault::Unsupported);  // protected
    EXPECT_EQ(fault("000F20003B00340407E10400320000"), CardFault::Malformed);
    EXPECT_EQ(fault("000F40003B00340406E10400320000"), CardFault::Malformed);  // version 4
    for (const char* id : {"0000", "E102", "E103", "3F00", "3FFF", "FFFF"}) {
        const std::string hex = std::string{"000F20003B00340406"} + id + "00320000";
        EXPECT_EQ(fault(hex.c_str()), CardFault::Malformed) << id;
    }
    EXPECT_EQ(fault("000F20003B00340406E104FFFF0000"), CardFault::Malformed);
    EXPECT_TRUE(read_container(bytes_of("001730003B00340406E10400050000")));
}

constexpr Challenge kChallenge{.nonce = {0x78, 0x37}, .gate = 7, .time = 1'760'000'000};
constexpr const char* kSelect = "00A4040009F047415445544B540100";
const std::string kAsk = "801000001C78370000000000000000000000000000000000000000000768e7780000";

CardStep play_hce(const std::vector<Exchange>& exchanges) {
    const auto dialogue = make_hce(kChallenge);
    return play(*dialogue, exchanges);
}

TEST(CardHceVectors, AnswerInTwoCommands) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto& nfc = vectors["nfc"];
    const Buffer challenge_bytes = tests::hex(nfc["challenge_capdu"]);
    ByteReader in{Bytes{challenge_bytes}.subspan(5)};
    Challenge challenge;
    in.copy(challenge.nonce);
    challenge.gate = in.number<std::uint64_t>();
    challenge.time = in.number<std::uint32_t>();
    const auto dialogue = make_hce(challenge);
    const CardStep step =
        play(*dialogue, {{nfc["select"], "01009000"}, {nfc["challenge_capdu"], nfc["response"]}});
    const auto* signed_answer = tests::finding_in<CardSigned>(step);
    ASSERT_NE(signed_answer, nullptr);
    EXPECT_EQ(signed_answer->answer.size(), nfc["response_bytes"]);
    EXPECT_EQ(signed_answer->challenge.nonce, challenge.nonce);
    EXPECT_EQ(to_hex(kHceApplication), to_hex(tests::hex(nfc["aid"])));
}

TEST(CardHce, GivesAnAnswerThatAVerifierProves) {
    const SigningKey issuer = tests::test_key(1);
    const SigningKey holder = tests::test_key(2);
    Gt1Fields fields = tests::test_fields();
    fields.holder = tests::ed25519_holder(holder);
    const Buffer answer =
        tests::with_nonce_proof(tests::test_ticket(fields, issuer), kChallenge, holder);
    const CardStep step = play_hce({{kSelect, "01009000"}, {kAsk, to_hex(answer) + "9000"}});
    const auto* found = tests::finding_in<CardSigned>(step);
    ASSERT_NE(found, nullptr);
    const KeyRing ring = tests::ring_of(tests::test_record(issuer));
    EXPECT_TRUE(Verifier{ring}.prove_answer(found->answer, found->challenge));
    Challenge other = found->challenge;
    other.nonce[0] ^= 1U;
    EXPECT_FALSE(Verifier{ring}.prove_answer(found->answer, other));
}

TEST(CardHce, TakesMoreCapabilitiesThanItKnows) {
    EXPECT_TRUE(
        tests::finding_in<CardSigned>(play_hce({{kSelect, "01FF0102039000"}, {kAsk, "AA9000"}})));
}

TEST(CardHce, LeavesPhonesWithoutTheAppToOthers) {
    for (const char* answer : {"", "90", "6A82", "6F00", "6999", "9100"})
        EXPECT_EQ(fault_in(play_hce({{kSelect, answer}})), CardFault::NotThis) << answer;
}

TEST(CardHce, DoesNotSpeakOtherVersions) {
    EXPECT_EQ(fault_in(play_hce({{kSelect, "02009000"}})), CardFault::Unsupported);
    EXPECT_EQ(fault_in(play_hce({{kSelect, "00009000"}})), CardFault::Unsupported);
    EXPECT_EQ(fault_in(play_hce({{kSelect, "9000"}})), CardFault::Malformed);
    EXPECT_EQ(fault_in(play_hce({{kSelect, "019000"}})), CardFault::Malformed);
}

TEST(CardHce, TellsWhatThePhoneIsMissing) {
    const auto after = [](const char* answer) {
        return fault_in(play_hce({{kSelect, "01009000"}, {kAsk, answer}}));
    };
    EXPECT_EQ(after("6985"), CardFault::Locked);
    EXPECT_EQ(after("6982"), CardFault::Locked);
    EXPECT_EQ(after("6A82"), CardFault::Empty);
    EXPECT_EQ(after("6A83"), CardFault::Empty);
    EXPECT_EQ(after("6A88"), CardFault::Empty);
    for (const char* answer : {"", "90", "9000", "6D00", "6700", "6100", "AABB6100", "AABB9100"})
        EXPECT_EQ(after(answer), CardFault::Malformed) << answer;
}

TEST(CardHce, RefusesAnAnswerThatNoShortApduHolds) {
    EXPECT_TRUE(tests::finding_in<CardSigned>(
        play_hce({{kSelect, "01009000"}, {kAsk, to_hex(Buffer(256, 1)) + "9000"}})));
    EXPECT_EQ(fault_in(play_hce({{kSelect, "01009000"}, {kAsk, to_hex(Buffer(257, 1)) + "9000"}})),
              CardFault::Malformed);
}

}  // namespace
}  // namespace stile::crypto
