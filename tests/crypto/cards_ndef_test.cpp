// SPDX-License-Identifier: Apache-2.0
// NDEF messages: what is read, which record is a ticket, and that we read what we write.
#include <gtest/gtest.h>

#include "crypto/base45.hpp"
#include "crypto/cards/ndef.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::operator+;

// One short record; `flags` over MB and ME as they are needed.
Buffer record(std::uint8_t flags, std::string_view type, Bytes payload) {
    Buffer out{static_cast<std::uint8_t>(0x10 | flags), static_cast<std::uint8_t>(type.size()),
               static_cast<std::uint8_t>(payload.size())};
    ByteWriter writer{out};
    writer.raw(as_bytes(type));
    writer.raw(payload);
    return out;
}

constexpr std::uint8_t kOnly = 0xC0, kFirst = 0x80, kMiddle = 0x00, kLast = 0x40;
constexpr std::uint8_t kKnown = 0x01, kMime = 0x02, kExternal = 0x04;
constexpr std::string_view kGt1Mime = "application/vnd.gate.gt1";

Buffer text_record(std::uint8_t flags, std::string_view text) {
    Buffer payload{0x02, 'e', 'n'};
    payload.insert(payload.end(), text.begin(), text.end());
    return record(flags | kKnown, "T", payload);
}

Buffer uri_record(std::uint8_t flags) {
    return record(flags | kKnown, "U", bytes_of("046578616D706C652E6F7267"));
}

std::string text_in(Bytes message) {
    const auto ticket = ticket_in(message);
    return ticket ? std::string{as_text(*ticket)} : "fault";
}

void expect_fault(Bytes message, CardFault fault) {
    const auto ticket = ticket_in(message);
    ASSERT_FALSE(ticket) << as_text(*ticket);
    EXPECT_EQ(ticket.error(), fault) << to_hex(message);
}

TEST(CardNdefVectors, AreRead) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& item : vectors["ndef_valid"]) {
        const Buffer bytes = tests::hex(item["hex"]);
        const auto message = NdefMessage::read(bytes);
        ASSERT_TRUE(message) << item["hex"];
        ASSERT_EQ(message->records().size(), item["records"].size()) << item["hex"];
        for (std::size_t i = 0; i < message->records().size(); ++i) {
            const auto& wanted = item["records"][i];
            const NdefRecord& found = message->records()[i];
            EXPECT_EQ(static_cast<int>(found.name), wanted["tnf"]);
            EXPECT_EQ(as_text(found.type), wanted.value("type", ""));
            EXPECT_EQ(found.payload.size(), wanted.value("payload_len", found.payload.size()));
        }
    }
}

TEST(CardNdefVectors, AreRefused) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& item : vectors["ndef_invalid"])
        EXPECT_FALSE(NdefMessage::read(tests::hex(item["hex"]))) << item["why"];
}

TEST(CardNdefVectors, HoldTheTicketsThatTheyShould) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    std::size_t tickets = 0;
    for (const auto& item : vectors["ndef_valid"]) {
        const auto text = text_in(tests::hex(item["hex"]));
        const auto& first = item["records"][0];
        if (first.value("payload_len", 0) == 0) continue;
        EXPECT_TRUE(text.starts_with("GT1:")) << item["hex"];
        EXPECT_EQ(text.size(), 4 + base45_size(first["payload_len"]));
        ++tickets;
    }
    EXPECT_EQ(tickets, 3U);
}

TEST(CardNdef, ReadsWhatTheIssuerWrites) {
    for (std::size_t size = 1; size <= kGt1MaxBytes; ++size) {
        const Buffer ticket(size, 0x5A);
        const Buffer area = type2_area(gt1_ndef(ticket));
        const auto message = message_in_area(area, area.size());
        ASSERT_TRUE(message && *message) << size;
        EXPECT_EQ(text_in(**message), "GT1:" + base45_encode(ticket)) << size;
    }
}

TEST(CardNdef, GivesATicketThatAVerifierProves) {
    const SigningKey issuer = tests::test_key(1);
    const KeyRing ring = tests::ring_of(tests::test_record(issuer));
    const auto text = ticket_in(gt1_ndef(tests::test_ticket(tests::test_fields(), issuer)));
    ASSERT_TRUE(text);
    EXPECT_TRUE(Verifier{ring}.prove(*text));
}

TEST(CardNdef, TakesTheMimeTypeToo) {
    EXPECT_EQ(text_in(record(kOnly | kMime, kGt1Mime, Buffer(96, 1))),
              "GT1:" + base45_encode(Buffer(96, 1)));
}

TEST(CardNdef, TakesATextThatIsATicket) {
    EXPECT_EQ(text_in(text_record(kOnly, "GT1:ABC")), "GT1:ABC");
    EXPECT_EQ(text_in(uri_record(kFirst) + text_record(kLast, "GW1:1:2:3")), "GW1:1:2:3");
}

TEST(CardNdef, TakesALoneTextForASecretOfTheOrders) {
    EXPECT_EQ(text_in(text_record(kOnly, "k24fiuwvu8kxz3y1")), "k24fiuwvu8kxz3y1");
    EXPECT_EQ(text_in(text_record(kOnly, "Grüße")), "Grüße");
}

TEST(CardNdef, SkipsWhatIsNoTicketBesideOne) {
    const Buffer ticket = record(kMiddle | kExternal, kNdefType, Buffer(96, 1));
    const std::string text = "GT1:" + base45_encode(Buffer(96, 1));
    EXPECT_EQ(text_in(uri_record(kFirst) + ticket + text_record(kLast, "Welcome")), text);
    EXPECT_EQ(text_in(text_record(kFirst, "two\nlines") + ticket + uri_record(kLast)), text);
    EXPECT_EQ(text_in(record(kFirst | kExternal, "android.com:pkg", Buffer(8, 'x')) + ticket +
                      uri_record(kLast)),
              text);
}

TEST(CardNdef, SkipsTheIdOfARecord) {
    Buffer with_id{0xD4 | 0x08, 16, 4, 3};
    ByteWriter out{with_id};
    out.raw(as_bytes(kNdefType));
    out.raw(as_bytes("idX"));
    out.raw(Buffer(4, 9));
    EXPECT_EQ(text_in(with_id), "GT1:" + base45_encode(Buffer(4, 9)));
}

TEST(CardNdef, IsEmptyWithoutATicket) {
    expect_fault({}, CardFault::Empty);
    expect_fault(bytes_of("D00000"), CardFault::Empty);
    expect_fault(uri_record(kOnly), CardFault::Empty);
    expect_fault(record(kOnly | kExternal, "gate.example:gt2", Buffer(96, 1)), CardFault::Empty);
    expect_fault(record(kOnly | kExternal, "GATE.example:gt1", Buffer(96, 1)), CardFault::Empty);
    expect_fault(record(kOnly | kMime, "text/plain", Buffer(9, 'a')), CardFault::Empty);
    expect_fault(record(kOnly | kMime, kNdefType, Buffer(96, 1)), CardFault::Empty);
    expect_fault(record(kOnly | kExternal, kGt1Mime, Buffer(96, 1)), CardFault::Empty);
    expect_fault(text_record(kFirst, "one") + text_record(kLast, "two"), CardFault::Empty);
}

TEST(CardNdef, RefusesTwoTickets) {
    const Buffer one = record(kFirst | kExternal, kNdefType, Buffer(96, 1));
    expect_fault(one + record(kLast | kExternal, kNdefType, Buffer(96, 2)), CardFault::Malformed);
    expect_fault(one + record(kLast | kExternal, kNdefType, Buffer(96, 1)), CardFault::Malformed);
    expect_fault(one + record(kLast | kMime, kGt1Mime, Buffer(96, 1)), CardFault::Malformed);
    expect_fault(one + text_record(kLast, "GT1:ABC"), CardFault::Malformed);
    expect_fault(text_record(kFirst, "GT1:ABC") + text_record(kLast, "GT1:ABC"),
                 CardFault::Malformed);
}

TEST(CardNdef, RefusesASmartPosterEvenBesideATicket) {
    const Buffer nested = record(kOnly | kExternal, kNdefType, Buffer(96, 1));
    expect_fault(record(kOnly | kKnown, "Sp", nested), CardFault::Unsupported);
    expect_fault(
        record(kFirst | kExternal, kNdefType, Buffer(96, 1)) + record(kLast | kKnown, "Sp", nested),
        CardFault::Unsupported);
}

TEST(CardNdef, RefusesChunksAndAFifthRecord) {
    expect_fault(bytes_of("B40102") + bytes_of("610102") + bytes_of("560001AA"),
                 CardFault::Unsupported);
    const Buffer four =
        uri_record(kFirst) + uri_record(kMiddle) + uri_record(kMiddle) + uri_record(kMiddle);
    expect_fault(four + uri_record(kLast), CardFault::Unsupported);
}

TEST(CardNdef, RefusesAMessageThatIsTooLong) {
    Buffer largest = bytes_of("C500000003FA");
    largest.resize(kNdefMost, 0x11);
    EXPECT_TRUE(NdefMessage::read(largest));
    largest[5] = 0xFB;
    largest.push_back(0x11);
    expect_fault(largest, CardFault::Unsupported);
}

TEST(CardNdef, RefusesWhatStandsBehindTheLastRecord) {
    expect_fault(uri_record(kOnly) + Buffer(1, 0), CardFault::Malformed);
    expect_fault(uri_record(kOnly) + uri_record(kOnly), CardFault::Malformed);
}

TEST(CardNdef, RefusesATicketOfNoOrTooManyBytes) {
    expect_fault(record(kOnly | kExternal, kNdefType, {}), CardFault::Malformed);
    expect_fault(gt1_ndef(Buffer(kGt1MaxBytes + 1, 1)), CardFault::Malformed);
}

TEST(CardNdef, RefusesALoneTextThatIsNone) {
    expect_fault(record(kOnly | kKnown, "T", {}), CardFault::Malformed);
    expect_fault(record(kOnly | kKnown, "T", bytes_of("02656E")), CardFault::Malformed);
    expect_fault(record(kOnly | kKnown, "T", bytes_of("05656E41")), CardFault::Malformed);
    expect_fault(record(kOnly | kKnown, "T", bytes_of("82656E0041")), CardFault::Malformed);
    expect_fault(record(kOnly | kKnown, "T", bytes_of("42656E41")), CardFault::Malformed);
    expect_fault(record(kOnly | kKnown, "T", bytes_of("02656EC328")), CardFault::Malformed);
    expect_fault(text_record(kOnly, "a\x01z"), CardFault::Malformed);
    expect_fault(text_record(kOnly, "a\x7Fz"), CardFault::Malformed);
}

TEST(CardNdef, BoundsALoneText) {
    const auto of = [](std::size_t size) {
        Buffer payload{0x02, 'e', 'n'};
        payload.resize(3 + size, 'a');
        Buffer out{0xC1, 1};
        ByteWriter writer{out};
        writer.number(static_cast<std::uint32_t>(payload.size()));
        writer.raw(as_bytes("T"));
        writer.raw(payload);
        return out;
    };
    EXPECT_EQ(text_in(of(512)), std::string(512, 'a'));
    expect_fault(of(513), CardFault::Malformed);
}

}  // namespace
}  // namespace stile::crypto
