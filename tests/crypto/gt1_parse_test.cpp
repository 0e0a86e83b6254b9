// SPDX-License-Identifier: Apache-2.0
// The GT1 parser, byte by byte: what may not stand where.
#include <gtest/gtest.h>

#include "crypto/formats/gt1.hpp"
#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

// Offsets in a ticket (crypto/FORMAT.md).
constexpr std::size_t kFlags = 1;
constexpr std::size_t kNotBefore = 23;
constexpr std::size_t kAdmissions = 31;
constexpr std::size_t kVariable = 32;
constexpr std::size_t kSignature = 64;

Buffer plain() {
    return tests::test_ticket(tests::test_fields(), tests::test_key(1));
}

// A ticket with these flags and this block between the fixed fields and the signature. Whether the
// signature holds does not matter here: the parser does not look.
Buffer with_block(std::uint8_t flags, const Buffer& block) {
    Buffer ticket = plain();
    ticket[kFlags] = flags;
    ticket.insert(ticket.begin() + kVariable, block.begin(), block.end());
    return ticket;
}

std::optional<Fault> fault_of(const Buffer& ticket) {
    const auto parsed = SignedGt1::from_bytes(ticket);
    return parsed ? std::nullopt : std::optional{parsed.error()};
}

Buffer seat_block(std::string_view seat) {
    Buffer block{static_cast<std::uint8_t>(seat.size())};
    block.insert(block.end(), seat.begin(), seat.end());
    return block;
}

Buffer extensions(const Buffer& content) {
    Buffer block{0, static_cast<std::uint8_t>(content.size())};
    block.insert(block.end(), content.begin(), content.end());
    return block;
}

Buffer holder_block(std::uint8_t kind) {
    Buffer block(33, 7);
    block[0] = kind;
    return block;
}

TEST(Gt1, AStaticTicketIs96Bytes) {
    EXPECT_EQ(plain().size(), 96U);
    EXPECT_FALSE(fault_of(plain()));
}

TEST(Gt1, KeepsTheSignedBytesInOnePiece) {
    const auto ticket = SignedGt1::from_bytes(plain());
    ASSERT_TRUE(ticket);
    EXPECT_EQ(as_text(ticket->signed_message().first(11)), kGt1Label);
    EXPECT_EQ(to_hex(ticket->core()), to_hex(plain()));
    EXPECT_EQ(ticket->signed_message().size(), 11U + 32U);
}

TEST(Gt1, ACopyHoldsItsOwnBytes) {
    auto first = SignedGt1::from_bytes(plain());
    const SignedGt1 copy = *first;
    first = SignedGt1::from_bytes(with_block(0x02, seat_block("A")));
    EXPECT_EQ(to_hex(copy.core()), to_hex(plain()));
}

TEST(Gt1, RefusesNothingAtAll) {
    EXPECT_EQ(fault_of({}), Fault::Truncated);
}

TEST(Gt1, RefusesEveryShorterLength) {
    Buffer ticket = plain();
    while (!ticket.empty()) {
        ticket.pop_back();
        EXPECT_EQ(fault_of(ticket), Fault::Truncated) << ticket.size();
    }
}

TEST(Gt1, RefusesEveryShorterLengthOfATicketWithEveryBlock) {
    Buffer blocks = holder_block(0x02);
    for (const Buffer& block : {seat_block("Row 1"), extensions({0x01, 1, 7})})
        blocks.insert(blocks.end(), block.begin(), block.end());
    Buffer ticket = with_block(0x07, blocks);
    EXPECT_FALSE(fault_of(ticket));
    while (!ticket.empty()) {
        ticket.pop_back();
        EXPECT_EQ(fault_of(ticket), Fault::Truncated) << ticket.size();
    }
}

TEST(Gt1, RefusesATicketWithATrailingByte) {
    Buffer ticket = plain();
    ticket.push_back(0);
    EXPECT_EQ(fault_of(ticket), Fault::TrailingData);
}

TEST(Gt1, RefusesEveryOtherVersion) {
    Buffer ticket = plain();
    for (const int version : {0, 2, 3, 255}) {
        ticket[0] = static_cast<std::uint8_t>(version);
        EXPECT_EQ(fault_of(ticket), Fault::Version);
    }
}

TEST(Gt1, RefusesEachUnknownFlag) {
    Buffer ticket = plain();
    for (const int flag : {0x20, 0x40, 0x80}) {
        ticket[kFlags] = static_cast<std::uint8_t>(flag);
        EXPECT_EQ(fault_of(ticket), Fault::ReservedFlag);
    }
}

TEST(Gt1, RefusesNoAdmissions) {
    Buffer ticket = plain();
    ticket[kAdmissions] = 0;
    EXPECT_EQ(fault_of(ticket), Fault::BadField);
}

TEST(Gt1, RefusesAnInvertedWindow) {
    Buffer ticket = plain();
    ticket[kNotBefore] = 0xFF;
    EXPECT_EQ(fault_of(ticket), Fault::BadField);
}

TEST(Gt1, TakesAWindowOfOneSecond) {
    Gt1Fields fields = tests::test_fields();
    fields.not_after = fields.not_before;
    EXPECT_FALSE(fault_of(tests::test_ticket(fields, tests::test_key(1))));
}

TEST(Gt1, RefusesAMandatoryProofThatNobodyCouldMake) {
    Buffer ticket = plain();
    ticket[kFlags] = 0x08;
    EXPECT_EQ(fault_of(ticket), Fault::BadField);
}

TEST(Gt1, TakesTheThreeKindsOfHolderKey) {
    for (const int kind : {0x02, 0x03, 0xED})
        EXPECT_FALSE(fault_of(with_block(0x01, holder_block(static_cast<std::uint8_t>(kind)))));
}

TEST(Gt1, RefusesOtherKindsOfHolderKey) {
    for (const int kind : {0x00, 0x01, 0x04, 0xEC, 0xFF})
        EXPECT_EQ(fault_of(with_block(0x01, holder_block(static_cast<std::uint8_t>(kind)))),
                  Fault::BadHolderKey);
}

TEST(Gt1, TakesASeatOfExactly24Bytes) {
    EXPECT_FALSE(fault_of(with_block(0x02, seat_block(std::string(24, 'A')))));
}

TEST(Gt1, RefusesASeatOf25Bytes) {
    EXPECT_EQ(fault_of(with_block(0x02, seat_block(std::string(25, 'A')))), Fault::BadField);
}

TEST(Gt1, RefusesAnEmptySeat) {
    EXPECT_EQ(fault_of(with_block(0x02, seat_block(""))), Fault::BadField);
}

TEST(Gt1, RefusesASeatThatIsNoUtf8) {
    EXPECT_EQ(fault_of(with_block(0x02, seat_block("A\xC3"))), Fault::BadField);
    EXPECT_EQ(fault_of(with_block(0x02, seat_block("\xED\xA0\x80"))), Fault::BadField);
    EXPECT_EQ(fault_of(with_block(0x02, seat_block("\xC0\x80"))), Fault::BadField);
}

TEST(Gt1, RefusesControlCharactersInASeat) {
    for (const char* seat : {"A\n", "\x1b[1m", "A\x7F"})
        EXPECT_EQ(fault_of(with_block(0x02, seat_block(seat))), Fault::BadField);
    EXPECT_EQ(fault_of(with_block(0x02, seat_block(std::string_view{"\0", 1}))), Fault::BadField);
}

TEST(Gt1, IgnoresAnExtensionThatIsNotCritical) {
    EXPECT_FALSE(fault_of(with_block(0x04, extensions({0x01, 0x02, 0xAA, 0xBB, 0x7F, 0x00}))));
}

TEST(Gt1, RefusesACriticalExtensionWhereverItStands) {
    EXPECT_EQ(fault_of(with_block(0x04, extensions({0x80, 0x00}))), Fault::CriticalExtension);
    EXPECT_EQ(fault_of(with_block(0x04, extensions({0xFF, 0x01, 0x00, 0x01, 0x00}))),
              Fault::CriticalExtension);
    EXPECT_EQ(fault_of(with_block(0x04, extensions({0x01, 0x01, 0x00, 0x82, 0x00}))),
              Fault::CriticalExtension);
}

TEST(Gt1, RefusesAnEmptyBlockOfExtensions) {
    EXPECT_EQ(fault_of(with_block(0x04, extensions({}))), Fault::BadField);
}

TEST(Gt1, RefusesAnExtensionThatRunsOverItsBlock) {
    EXPECT_EQ(fault_of(with_block(0x04, extensions({0x01, 0x02, 0xAA}))), Fault::BadField);
    EXPECT_EQ(fault_of(with_block(0x04, extensions({0x01}))), Fault::BadField);
}

TEST(Gt1, TakesExactly128BytesOfExtensionsAndNoMore) {
    Buffer content(128, 0);
    content[0] = 0x01;
    content[1] = 126;
    EXPECT_FALSE(fault_of(with_block(0x04, extensions(content))));
    content.push_back(0);
    content[1] = 127;
    EXPECT_EQ(fault_of(with_block(0x04, extensions(content))), Fault::BadField);
}

TEST(Gt1, RefusesALengthOfExtensionsAbove255) {
    EXPECT_EQ(fault_of(with_block(0x04, {0x01, 0x02})), Fault::BadField);
}

TEST(Gt1, TakesTheLargestTicketOfAll) {
    Buffer block = holder_block(0x02);
    const Buffer seat = seat_block(std::string(24, 'A'));
    block.insert(block.end(), seat.begin(), seat.end());
    Buffer content(128, 0);
    content[0] = 0x01;
    content[1] = 126;
    const Buffer tail = extensions(content);
    block.insert(block.end(), tail.begin(), tail.end());
    Buffer ticket = with_block(0x07, block);
    EXPECT_EQ(ticket.size(), kGt1MaxCore);
    ticket.push_back(0x10);
    ticket.resize(kGt1MaxBytes);
    EXPECT_FALSE(fault_of(ticket));
    ticket.push_back(0);
    EXPECT_EQ(fault_of(ticket), Fault::TrailingData);
    EXPECT_EQ(SignedGt1::from_text(as_bytes(gt1_text(ticket))).error(), Fault::TrailingData);
}

Buffer with_proof(std::uint8_t kind, std::size_t size) {
    Buffer ticket = with_block(0x01, holder_block(0x02));
    ticket.push_back(kind);
    ticket.resize(ticket.size() + size);
    return ticket;
}

TEST(Gt1, DescribesEveryField) {
    const auto words_of = [](const Buffer& bytes) {
        std::string words;
        for (const auto& [name, value] : describe_gt1(SignedGt1::from_bytes(bytes).value())) {
            const auto* text = std::get_if<std::string>(&value);
            const auto* number = std::get_if<std::uint64_t>(&value);
            words += std::string{name} + "=" + (text ? *text : std::to_string(*number)) + " ";
        }
        return words;
    };
    const std::string fixed = words_of(plain());
    EXPECT_TRUE(fixed.starts_with("version=1 flags=0 key_id=")) << fixed;
    EXPECT_TRUE(
        fixed.ends_with(" event=7 serial=1234 reissue=0 product=3 profile=18 not_before=1760000000 "
                        "not_after=1760086400 admissions=1 proof=none "))
        << fixed;
    EXPECT_NE(words_of(with_block(0x02, seat_block("A 1"))).find("seat=A 1 "), std::string::npos);
    EXPECT_NE(words_of(with_proof(0x20, kSignature)).find("proof=nonce "), std::string::npos);
    const std::string proven = words_of(with_proof(0x10, 4 + kSignature));
    EXPECT_NE(proven.find("holder_key=" + to_hex(holder_block(0x02))), std::string::npos) << proven;
    EXPECT_NE(proven.find("proof=time proof_time="), std::string::npos) << proven;
    EXPECT_FALSE(describe_gt1_scan(as_bytes("GT1:")));
}

TEST(Gt1, ReadsAProof) {
    Buffer ticket = with_proof(0x10, 4 + kSignature);
    ticket[ticket.size() - kSignature - 1] = 9;
    const auto parsed = SignedGt1::from_bytes(ticket);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->proof(), Gt1Proof::Time);
    EXPECT_EQ(parsed->proof_time(), 9U);
    EXPECT_EQ(parsed->core().size(), 96U + 33U);
    EXPECT_EQ(SignedGt1::from_bytes(with_proof(0x20, kSignature))->proof(), Gt1Proof::Nonce);
}

TEST(Gt1, RefusesAnUnknownKindOfProof) {
    for (const int kind : {0x00, 0x11, 0x30, 0xFF})
        EXPECT_EQ(fault_of(with_proof(static_cast<std::uint8_t>(kind), 4 + kSignature)),
                  Fault::TrailingData);
}

TEST(Gt1, RefusesAShortProof) {
    for (std::size_t size = 0; size < 4 + kSignature; ++size)
        EXPECT_EQ(fault_of(with_proof(0x10, size)), Fault::Truncated) << size;
    EXPECT_EQ(fault_of(with_proof(0x20, kSignature - 1)), Fault::Truncated);
}

TEST(Gt1, RefusesASecondProof) {
    EXPECT_EQ(fault_of(with_proof(0x10, 2 * (4 + kSignature))), Fault::TrailingData);
    EXPECT_EQ(fault_of(with_proof(0x20, kSignature + 1)), Fault::TrailingData);
}

TEST(Gt1, RefusesAProofWithoutAHolder) {
    Buffer ticket = plain();
    ticket.push_back(0x10);
    ticket.resize(ticket.size() + 4 + kSignature);
    EXPECT_EQ(fault_of(ticket), Fault::BadProof);
}

TEST(Gt1, RefusesATextThatIsNoBase45) {
    EXPECT_EQ(SignedGt1::from_text(as_bytes("GT1:abc")).error(), Fault::BadEncoding);
    EXPECT_EQ(SignedGt1::from_text(as_bytes("GT1:" + std::string(1, '0'))).error(),
              Fault::BadEncoding);
}

TEST(Gt1, RefusesATextWithAnythingAroundIt) {
    const std::string text = gt1_text(plain());
    for (const std::string& spelled :
         {" " + text, text + "\n", text + " ", "gt1:" + text.substr(4)})
        EXPECT_FALSE(SignedGt1::from_text(as_bytes(spelled))) << spelled;
}

TEST(Gt1, RefusesAnEmptyText) {
    EXPECT_EQ(SignedGt1::from_text(as_bytes("GT1:")).error(), Fault::Truncated);
    EXPECT_EQ(SignedGt1::from_text({}).error(), Fault::UnknownFormat);
}

TEST(Gt1, RefusesAKilobyteOfRubbish) {
    EXPECT_FALSE(SignedGt1::from_text(as_bytes("GT1:" + std::string(1020, 'Z'))));
}

}  // namespace
}  // namespace stile::crypto
