// SPDX-License-Identifier: Apache-2.0
// NTAG 424 and DESFire EV2: NXP's own examples, then whole dialogues with a card and what may go
// wrong in them.
#include <functional>

#include <gtest/gtest.h>

#include "crypto/cards/ev2.hpp"
#include "crypto/cards/ev2_session.hpp"
#include "crypto/cards/key_diversification.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/ev2_card.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::Ev2Card;
using tests::fault_in;
using tests::operator+;

LockedBytes locked(const nlohmann::json& hex) {
    const Buffer bytes = tests::hex(hex);
    LockedBytes out{bytes.size()};
    std::ranges::copy(bytes, out.span().begin());
    return out;
}

template <std::size_t N>
std::array<std::uint8_t, N> array_of(Bytes bytes) {
    std::array<std::uint8_t, N> out{};
    ByteReader{bytes}.copy(out);
    return out;
}

std::string hex_of(const std::optional<CardSend>& send) {
    return send ? to_hex(send->apdu) : "none";
}

std::string same_case(const nlohmann::json& hex) {
    return to_hex(tests::hex(hex));
}

TEST(Ev2Vectors, AuthenticateFirst) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    for (const auto& item : vectors["authenticate_ev2_first"]) {
        const auto key = tests::hex_array<16>(item["key"]);
        MutualProof proof{key, tests::hex_array<16>(item["rnda"])};
        const auto answer = proof.answer(tests::hex_array<16>(item["rapdu1"]));
        ASSERT_TRUE(answer);
        EXPECT_EQ(to_hex(native(0xAF, *answer).apdu), same_case(item["capdu2"])) << item["name"];
        auto word = tests::hex_array<32>(item["rapdu2"]);
        ASSERT_TRUE(proof.decrypt(word));
        EXPECT_EQ(to_hex(word), same_case(item["decrypted_response"]));
        EXPECT_EQ(to_hex(Bytes{word}.first(4)), same_case(item["ti"]));
        EXPECT_TRUE(proof.is_ours(Bytes{word}.subspan(4, 16)));
        EXPECT_EQ(to_hex(proof.session_key(kSessionEncryption)->bytes()),
                  same_case(item["K_SesAuthENC"]));
        EXPECT_EQ(to_hex(proof.session_key(kSessionMac)->bytes()), same_case(item["K_SesAuthMAC"]));
    }
}

Ev2Session session_of(const nlohmann::json& item) {
    const bool full = item.contains("K_SesAuthENC");
    return {full ? locked(item["K_SesAuthENC"]) : LockedBytes{16}, locked(item["K_SesAuthMAC"]),
            tests::hex_array<4>(item["ti"]), item["cmd_ctr"]};
}

// An answer without the two bytes of its status.
Buffer without_status(const nlohmann::json& hex) {
    Buffer bytes = tests::hex(hex);
    bytes.resize(bytes.size() - 2);
    return bytes;
}

TEST(Ev2Vectors, ModeMac) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    for (const auto& item : vectors["comm_mac"]) {
        const Buffer plain = tests::hex(item["capdu_plain"]);
        Ev2Session session = session_of(item);
        const Bytes header = Bytes{plain}.subspan(5, plain[4]);
        EXPECT_EQ(hex_of(session.protect(plain[1], header)), same_case(item["capdu"]));
        const Buffer data = tests::hex(item["response_data"]);
        const auto opened = session.open(without_status(item["rapdu"]), data.size());
        ASSERT_TRUE(opened) << item["name"];
        EXPECT_EQ(*opened, data);
    }
}

TEST(Ev2Vectors, ModeFullOfAnAnswer) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const auto& item = vectors["comm_full"][0];
    Ev2Session session = session_of(item);
    EXPECT_EQ(hex_of(session.protect(0x51, {})), same_case(item["capdu"]));
    const auto opened = session.open(without_status(item["rapdu"]), 7);
    ASSERT_TRUE(opened);
    EXPECT_EQ(to_hex(*opened), same_case(item["uid"]));
}

// We never write; the MACs of the example hold all the same.
TEST(Ev2Vectors, ModeFullOfAWriting) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const auto& item = vectors["comm_full"][1];
    Ev2Session session = session_of(item);
    const Buffer data = tests::hex(item["header"]) + tests::hex(item["encrypted"]);
    EXPECT_EQ(hex_of(session.protect(0x8D, data)), same_case(item["capdu"]));
    EXPECT_TRUE(session.open(without_status(item["rapdu"]), 0));
}

TEST(Ev2Session, BelievesNoAnswerThatWasTouched) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const auto& item = vectors["comm_mac"][0];
    const Buffer answer = without_status(item["rapdu"]);
    const std::size_t size = answer.size() - 8;
    for (std::size_t i = 0; i < answer.size() * 8; ++i) {
        Buffer touched = answer;
        touched[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
        EXPECT_FALSE(session_of(item).open(touched, size)) << i;
    }
    for (std::size_t cut = 0; cut < answer.size(); ++cut)
        EXPECT_FALSE(session_of(item).open(Bytes{answer}.first(cut), size)) << cut;
    EXPECT_FALSE(session_of(item).open(answer + Buffer(1, 0), size));
}

TEST(Ev2Session, BelievesAnAnswerOnlyOnceAndInItsTurn) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const auto& item = vectors["comm_mac"][0];
    const Buffer answer = without_status(item["rapdu"]);
    Ev2Session session = session_of(item);
    EXPECT_TRUE(session.open(answer, answer.size() - 8));
    EXPECT_FALSE(session.open(answer, answer.size() - 8));
}

TEST(Ev2Session, BelievesNoAnswerOfAnotherLength) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const Buffer mac = without_status(vectors["comm_mac"][0]["rapdu"]);
    for (const std::size_t size : {0U, 1U, 16U, 24U, 26U, 32U})
        EXPECT_FALSE(session_of(vectors["comm_mac"][0]).open(mac, size)) << size;
    const Buffer full = without_status(vectors["comm_full"][0]["rapdu"]);
    for (const std::size_t size : {0U, 6U, 8U, 15U})
        EXPECT_FALSE(session_of(vectors["comm_full"][0]).open(full, size)) << size;
}

TEST(Ev2Session, EndsBeforeItsCounterBegins) {
    Ev2Session session{LockedBytes{16}, LockedBytes{16}, {}, 0xFFFF};
    EXPECT_FALSE(session.open(Buffer(40, 0), 32));
}

const Buffer kUid = {0x04, 0x78, 0x2E, 0x21, 0x80, 0x1D, 0x80};
constexpr Ev2Random kRandom{0x13, 0xC5, 0xDB};

// A fleet and one of its cards.
class Ev2Dialogue : public testing::Test {
protected:
    Ev2Dialogue() {
        keys.application = bytes_of("D2760000850101");
        keys.file = 3;
        keys.context = bytes_of("3042F54E585020416275");
        const auto master = bytes_of("00112233445566778899AABBCCDDEEFF");
        std::ranges::copy(master, keys.master.span().begin());
        card.key = array_of<16>(diversified_key(array_of<16>(master), kUid, keys.context)->bytes());
        put(gt1_ndef(tests::test_ticket(tests::test_fields(), issuer)));
    }

    void put(const Buffer& message, std::size_t least = 128) {
        card.file = Buffer(2, 0);
        card.file[0] = static_cast<std::uint8_t>(message.size() >> 8U);
        card.file[1] = static_cast<std::uint8_t>(message.size());
        card.file = card.file + message;
        card.file.resize(std::max(least, card.file.size()), 0xEE);
    }

    // Lets the two talk. `touch` may change an answer on its way: number of the command from 1.
    CardStep talk(const std::function<void(std::size_t, Buffer&)>& touch = {}) {
        const auto dialogue = make_ev2(keys, kUid, kRandom);
        CardStep step = dialogue->begin();
        while (std::holds_alternative<CardSend>(step)) {
            Buffer answer = card.answer(tests::command_in(step));
            if (touch) touch(card.commands, answer);
            step = dialogue->take(answer);
        }
        return step;
    }
    // The dialogue when command `at` gets this answer instead.
    std::optional<CardFault> fault_at(std::size_t at, std::string_view instead) {
        return fault_in(talk([&](std::size_t now, Buffer& answer) {
            if (now == at) answer = bytes_of(instead);
        }));
    }
    void expect_ticket(const CardStep& step) {
        const auto* found = tests::finding_in<CardMutual>(step);
        ASSERT_NE(found, nullptr) << step.index();
        EXPECT_EQ(found->uid, kUid);
        EXPECT_TRUE(Verifier{ring}.prove(found->content));
    }

    SigningKey issuer = tests::test_key(1);
    KeyRing ring = tests::ring_of(tests::test_record(issuer));
    Ev2Keys keys;
    Ev2Card card;
};

TEST_F(Ev2Dialogue, EndsWithATicketInFourCommands) {
    EXPECT_EQ(fault_of(keys), "");
    expect_ticket(talk());
    EXPECT_EQ(card.commands, 4U);
    EXPECT_EQ(card.authentications, 1U);
}

TEST_F(Ev2Dialogue, SelectsADesfireApplicationByItsId) {
    keys.application = bytes_of("F53042");
    card.select = "905a000003f5304200";
    expect_ticket(talk());
}

TEST_F(Ev2Dialogue, PutsFramesTogether) {
    card.frame = 59;
    expect_ticket(talk());
    EXPECT_EQ(card.commands, 6U);
}

TEST_F(Ev2Dialogue, ReadsAFileInModeFull) {
    card.mode = Ev2Card::Mode::Full;
    expect_ticket(talk());
    EXPECT_EQ(card.commands, 4U);
}

TEST_F(Ev2Dialogue, ReadsOnWhereAMessageIsLonger) {
    Gt1Fields fields = tests::test_fields();
    fields.seat = InlineText<kGt1MaxSeat>{"Block C, Row 12, Seat 34"};
    for (const auto mode : {Ev2Card::Mode::Mac, Ev2Card::Mode::Full}) {
        card.mode = mode;
        card.commands = 0;
        put(gt1_ndef(tests::test_ticket(fields, issuer)), 256);
        expect_ticket(talk());
        EXPECT_EQ(card.commands, 5U);
    }
}

TEST_F(Ev2Dialogue, ReadsTheLongestMessage) {
    Buffer message = bytes_of("C500000003FA");
    message.resize(1024, 0x11);
    put(message);
    EXPECT_EQ(fault_in(talk()), CardFault::Empty);
    EXPECT_EQ(card.commands, 9U);
}

TEST_F(Ev2Dialogue, RefusesAFileWithoutATicket) {
    put({});
    EXPECT_EQ(fault_in(talk()), CardFault::Empty);
    put(bytes_of("D00000"));
    EXPECT_EQ(fault_in(talk()), CardFault::Empty);
    put(bytes_of("D0000011"));
    EXPECT_EQ(fault_in(talk()), CardFault::Malformed);
    card.file = Buffer(200, 0xFF);
    EXPECT_EQ(fault_in(talk()), CardFault::Unsupported);  // longer than is read
}

TEST_F(Ev2Dialogue, RefusesAFileThatIsNotAsConfigured) {
    card.file.resize(127);
    EXPECT_EQ(fault_in(talk()), CardFault::Unsupported);
    card.file.resize(128);
    card.mode = Ev2Card::Mode::Plain;
    EXPECT_EQ(fault_in(talk()), CardFault::Unsupported);
}

TEST_F(Ev2Dialogue, LeavesOtherCardsToOthers) {
    for (const char* answer : {"", "90", "6A82", "91A0", "6D00", "911C", "6F00"}) {
        card.commands = 0;
        EXPECT_EQ(fault_at(1, answer), CardFault::NotThis) << answer;
    }
    EXPECT_EQ(card.authentications, 0U);
}

TEST_F(Ev2Dialogue, TriesAKeyOnce) {
    card.key[0] ^= 1U;
    EXPECT_EQ(fault_in(talk()), CardFault::WrongKey);
    EXPECT_EQ(card.commands, 3U);
    EXPECT_EQ(card.authentications, 1U);
}

TEST_F(Ev2Dialogue, KnowsACardByItsUidOnly) {
    const Buffer other = {0x04, 0x78, 0x2E, 0x21, 0x80, 0x1D, 0x81};
    const auto dialogue = make_ev2(keys, other, kRandom);
    CardStep step = dialogue->begin();
    while (std::holds_alternative<CardSend>(step))
        step = dialogue->take(card.answer(tests::command_in(step)));
    EXPECT_EQ(fault_in(step), CardFault::WrongKey);
}

TEST_F(Ev2Dialogue, HasNoKeyForARandomUid) {
    EXPECT_EQ(fault_in(make_ev2(keys, bytes_of("08112233"), kRandom)->begin()),
              CardFault::RandomId);
}

TEST_F(Ev2Dialogue, SaysNothingToACardForWhichThereIsNoKey) {
    for (const char* uid : {"", "04112233", "04112233445566778899001122334455667788990011"})
        EXPECT_EQ(fault_in(make_ev2(keys, bytes_of(uid), kRandom)->begin()), CardFault::Unsupported)
            << uid;
}

TEST_F(Ev2Dialogue, TellsWhyAnAuthenticationFailed) {
    for (const std::size_t at : {2U, 3U}) {
        const auto fault = [&](const char* answer) {
            card.commands = 0;
            return fault_at(at, answer);
        };
        EXPECT_EQ(fault("91AD"), CardFault::Delay);
        EXPECT_EQ(fault("91AE"), CardFault::WrongKey);
        EXPECT_EQ(fault("9140"), CardFault::WrongKey);
        EXPECT_EQ(fault("919D"), CardFault::WrongKey);
        for (const char* answer : {"", "91", "9100", "91AF", "917E", "00009100"})
            EXPECT_EQ(fault(answer), CardFault::Malformed) << at << answer;
    }
}

// A phone that plays a Type 4 tag has the application of an NTAG 424, and no key.
TEST_F(Ev2Dialogue, LeavesCardsThatCannotAuthenticateToOthers) {
    for (const char* answer : {"6D00", "6E00", "6700", "9000", "6F00", "911C"}) {
        card.commands = 0;
        EXPECT_EQ(fault_at(2, answer), CardFault::NotThis) << answer;
    }
    card.commands = 0;
    EXPECT_EQ(fault_at(3, "6D00"), CardFault::Malformed);
}

// A recording of another visit, or the reader's own words sent back.
TEST_F(Ev2Dialogue, BelievesNoProofThatIsNotForItsNumber) {
    EXPECT_EQ(fault_in(talk([&](std::size_t now, Buffer& answer) {
                  if (now == 3) answer[0] ^= 1U;
              })),
              CardFault::WrongKey);
    card.commands = 0;
    EXPECT_EQ(fault_at(3, "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100"),
              CardFault::WrongKey);
}

TEST_F(Ev2Dialogue, TellsWhyAReadingFailed) {
    const auto fault = [&](const char* answer) {
        card.commands = 0;
        return fault_at(4, answer);
    };
    EXPECT_EQ(fault("91AD"), CardFault::Delay);
    EXPECT_EQ(fault("91F0"), CardFault::Empty);
    for (const char* answer : {"911C", "917E", "919D", "919E", "91BE"})
        EXPECT_EQ(fault(answer), CardFault::Unsupported) << answer;
    for (const char* answer : {"", "9000", "9100", "91AF", "911E", "91AE", "00112233445566779100"})
        EXPECT_EQ(fault(answer), CardFault::Malformed) << answer;
}

TEST_F(Ev2Dialogue, BelievesNoContentThatWasTouched) {
    for (std::size_t byte = 0; byte < 136; ++byte) {
        card.commands = 0;
        const CardStep step = talk([&](std::size_t now, Buffer& answer) {
            if (now == 4) answer[byte] ^= 0x10U;
        });
        EXPECT_EQ(fault_in(step), CardFault::Malformed) << byte;
    }
}

TEST_F(Ev2Dialogue, TakesNoMoreThanItAskedFor) {
    const std::string frame(2 * 59, 'A');
    const auto dialogue = make_ev2(keys, kUid, kRandom);
    CardStep step = dialogue->begin();
    for (int i = 0; i < 3; ++i)
        step = dialogue->take(card.answer(tests::command_in(step)));
    std::size_t frames = 0;
    while (std::holds_alternative<CardSend>(step)) {
        ++frames;
        step = dialogue->take(bytes_of(frame + "91AF"));
    }
    EXPECT_EQ(fault_in(step), CardFault::Malformed);
    EXPECT_EQ(frames, 3U);
}

TEST_F(Ev2Dialogue, ChecksItsConfiguration) {
    const auto fault = [this](auto change) {
        Ev2Keys other;
        other.application = keys.application;
        other.context = keys.context;
        change(other);
        return std::string{fault_of(other)};
    };
    EXPECT_EQ(fault([](Ev2Keys&) {}), "");
    for (const std::size_t size : {0U, 1U, 2U, 4U, 17U}) {
        EXPECT_NE(fault([&](Ev2Keys& other) { other.application.resize(size); }), "") << size;
    }
    EXPECT_NE(fault([](Ev2Keys& other) { other.key = 14; }), "");
    EXPECT_NE(fault([](Ev2Keys& other) { other.file = 32; }), "");
    EXPECT_NE(fault([](Ev2Keys& other) { other.context.resize(8); }), "");
    EXPECT_NE(fault([](Ev2Keys& other) { other.context.resize(25); }), "");
    EXPECT_NE(fault([](Ev2Keys& other) { other.master = LockedBytes{15}; }), "");
}

}  // namespace
}  // namespace stile::crypto
