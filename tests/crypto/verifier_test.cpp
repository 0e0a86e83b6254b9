// SPDX-License-Identifier: Apache-2.0
// The format table: a scan goes to one row and to no other, and a new format is one row.
#include "crypto/verifier.hpp"

#include <set>

#include <gtest/gtest.h>

#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

// A whole new format: a claim, a verifier and a row.
bool claims_toy(Bytes scan) {
    return as_text(scan).starts_with("TOY:");
}
std::expected<Ticket, Fault> prove_toy(Bytes scan, const KeyRing& /*keys*/) {
    if (as_text(scan) != "TOY:open") return std::unexpected{Fault::BadEncoding};
    Ticket ticket;
    ticket.event = 99;
    return ticket;
}
bool claims_all(Bytes /*scan*/) {
    return true;
}

std::expected<Description, Fault> describe_toy(Bytes scan) {
    return Description{{"word", std::string{as_text(scan.subspan(4))}}};
}

constexpr std::array kRows{Format{"toy", claims_toy, prove_toy, describe_toy}};

TEST(Verifier, ANewFormatIsOneRow) {
    const KeyRing keys;
    const Proof proof = Verifier{keys, kRows}.prove(as_bytes("TOY:open"));
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().event, 99U);
    EXPECT_EQ((*proof)->event, 99U);
}

TEST(Verifier, TheFaultIsThatOfTheFormat) {
    const KeyRing keys;
    EXPECT_EQ((Verifier{keys, kRows}.prove(as_bytes("TOY:shut")).error()), Fault::BadEncoding);
}

TEST(Verifier, AScanGoesToTheFirstRowThatClaimsItAndToNoOther) {
    const std::array rows{Format{"toy", claims_toy, prove_toy, describe_toy},
                          Format{"all", claims_all, prove_toy, describe_toy}};
    const KeyRing keys;
    // The second row would refuse it for its own reason; the first one's refusal stands.
    EXPECT_EQ((Verifier{keys, rows}.prove(as_bytes("TOY:shut")).error()), Fault::BadEncoding);
}

TEST(Verifier, RefusesWhatNoFormatClaims) {
    const KeyRing keys;
    for (const char* scan :
         {"", "G", "GT1", "gt1:ABC", "GT2:ABC", "https://example.org/", "TOY:open"})
        EXPECT_EQ(Verifier{keys}.prove(as_bytes(scan)).error(), Fault::UnknownFormat) << scan;
}

TEST(Verifier, RefusesRubbishOfEverySize) {
    const KeyRing keys;
    for (std::size_t size = 0; size < 1100; size += 7)
        EXPECT_FALSE(Verifier{keys}.prove(Buffer(size, 0xA5)));
}

TEST(Verifier, KnowsNoKeyWhenThereIsNone) {
    const KeyRing keys;
    const Buffer ticket = tests::test_ticket(tests::test_fields(), tests::test_key(1));
    EXPECT_EQ(Verifier{keys}.prove(as_bytes(gt1_text(ticket))).error(), Fault::UnknownKey);
}

TEST(Formats, HaveDifferentNames) {
    std::set<std::string_view> names;
    for (const Format& format : formats())
        EXPECT_TRUE(names.insert(format.name).second);
    EXPECT_TRUE(names.contains("gt1"));
}

TEST(Faults, HaveDifferentWords) {
    std::set<std::string_view> words;
    for (int fault = 1; fault <= static_cast<int>(Fault::KeyRevoked); ++fault)
        EXPECT_TRUE(words.insert(fault_text(static_cast<Fault>(fault))).second) << fault;
}

}  // namespace
}  // namespace stile::crypto
