// SPDX-License-Identifier: Apache-2.0
// The shared GT1 cases, as far as crypto decides them: times, replays and re-issues are the
// decision's.
#include <map>

#include <gtest/gtest.h>

#include "crypto/base45.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using Outcome = std::optional<Fault>;  // nothing: a genuine ticket

const std::map<std::string, Outcome>& outcomes() {
    static const std::map<std::string, Outcome> table{
        {"accept", std::nullopt},
        {"accept within future window 30 s", std::nullopt},
        // Genuine as far as signatures go; the decision refuses them by its clock and its memory.
        {"reject: stale proof", std::nullopt},
        {"reject: proof from the future", std::nullopt},
        {"reject: too early", std::nullopt},
        {"reject: expired", std::nullopt},
        {"reject: superseded", std::nullopt},
        {"second: reject replay", std::nullopt},
        {"reject", Fault::BadSignature},  // its issuer signature is wrong before its holder key is
        {"reject: unknown critical TLV", Fault::CriticalExtension},
        {"reject: proof required", Fault::ProofMissing},
        {"reject: bad issuer signature", Fault::BadSignature},
        {"reject: bad proof", Fault::BadProof},
        {"reject: bad holder key", Fault::BadHolderKey},
        {"reject: trailing data", Fault::TrailingData},
        {"reject: truncated", Fault::Truncated},
        {"reject: version", Fault::Version},
        {"reject: reserved flag", Fault::ReservedFlag},
        {"reject: malformed window", Fault::BadField},
        {"reject: malformed", Fault::BadField},
        {"reject: unknown key", Fault::UnknownKey},
    };
    return table;
}

KeyRing vector_ring(const nlohmann::json& vectors) {
    KeyRecord record;
    record.public_key = tests::hex_array<32>(vectors["keys"]["issuer_public"]);
    record.issuer = "demo-issuer";
    record.events = {10597059};
    return tests::ring_of(record);
}

std::expected<VerifiedTicket, Fault> prove(const nlohmann::json& vectors, std::size_t number) {
    const KeyRing ring = vector_ring(vectors);
    return Verifier{ring}.prove(as_bytes(vectors["vectors"][number]["qr"].get<std::string>()));
}

std::size_t find_case(const nlohmann::json& vectors, std::string_view name) {
    for (std::size_t i = 0; i < vectors["vectors"].size(); ++i)
        if (vectors["vectors"][i]["name"] == name) return i;
    ADD_FAILURE() << "no case " << name;
    return 0;
}

TEST(Gt1Vectors, EveryCaseHasItsOutcome) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    EXPECT_EQ(vectors["vectors"].size(), 31U);
    for (std::size_t i = 0; i < vectors["vectors"].size(); ++i) {
        const auto& entry = vectors["vectors"][i];
        const auto expected = outcomes().find(entry["expect"].get<std::string>());
        ASSERT_NE(expected, outcomes().end()) << entry["expect"];
        const auto proof = prove(vectors, i);
        const Outcome outcome = proof ? std::nullopt : Outcome{proof.error()};
        EXPECT_EQ(outcome, expected->second)
            << entry["name"] << ": " << (proof ? "genuine" : fault_text(proof.error()));
    }
}

TEST(Gt1Vectors, TheTextIsTheSpellingOfTheBytes) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    for (const auto& entry : vectors["vectors"])
        EXPECT_EQ(gt1_text(tests::hex(entry["hex"])), entry["qr"].get<std::string>());
}

TEST(Gt1Vectors, BytesAndTextParseAlike) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    for (const auto& entry : vectors["vectors"]) {
        const auto text = SignedGt1::from_text(as_bytes(entry["qr"].get<std::string>()));
        const auto bytes = SignedGt1::from_bytes(tests::hex(entry["hex"]));
        ASSERT_EQ(text.has_value(), bytes.has_value()) << entry["name"];
        if (text) {
            EXPECT_EQ(to_hex(text->core()), to_hex(bytes->core()));
        } else {
            EXPECT_EQ(text.error(), bytes.error());
        }
    }
}

TEST(Gt1Vectors, ReadsTheFieldsOfTheStaticTicket) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto proof = prove(vectors, find_case(vectors, "static, no holder"));
    ASSERT_TRUE(proof);
    const Ticket& ticket = proof->ticket();
    EXPECT_EQ(ticket.event, 10597059U);
    EXPECT_EQ(ticket.serial, 1234U);
    EXPECT_EQ(ticket.product, 7);
    EXPECT_EQ(ticket.profile, 18);
    EXPECT_EQ(ticket.reissue, 0);
    EXPECT_EQ(ticket.admissions, 1);
    EXPECT_EQ(ticket.not_before.time_since_epoch().count(), 0x68e5f160);
    EXPECT_EQ(ticket.not_after.time_since_epoch().count(), 0x68e8fea0);
    EXPECT_EQ(ticket.assurance, Assurance::StaticCopy);
    EXPECT_FALSE(ticket.proof_time);
    EXPECT_EQ(ticket.seat.view(), "");
    EXPECT_EQ(ticket.issuer, issuer_id("demo-issuer"));
    EXPECT_EQ(ticket.identity, identity_of(issuer_id("demo-issuer"), 10597059, 1234));
}

TEST(Gt1Vectors, ReadsTheSeatOfTheGroupTicket) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto proof = prove(vectors, find_case(vectors, "static group of 10 with seat block"));
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().seat.view(), "BLOCK C");
    EXPECT_EQ(proof->ticket().admissions, 10);
}

TEST(Gt1Vectors, AProofByEitherHolderKeyRaisesTheAssurance) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    for (const char* name : {"dynamic P-256, fresh", "dynamic Ed25519 holder"}) {
        const auto proof = prove(vectors, find_case(vectors, name));
        ASSERT_TRUE(proof) << name;
        EXPECT_EQ(proof->ticket().assurance, Assurance::HolderTimeProof);
        EXPECT_EQ(proof->ticket().proof_time, tests::at(1760000000));
    }
}

TEST(Gt1Vectors, TheHighSTwinIsTheSamePresentation) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto one = prove(vectors, find_case(vectors, "dynamic P-256, fresh"));
    const auto twin =
        prove(vectors, find_case(vectors,
                                 "proof with high-S twin (valid ECDSA; Secure Enclave and "
                                 "Android Keystore do not normalise S)"));
    ASSERT_TRUE(one && twin);
    EXPECT_EQ(one->ticket().identity, twin->ticket().identity);
    EXPECT_EQ(one->ticket().proof_time, twin->ticket().proof_time);
}

TEST(Gt1Vectors, ANonceProofInAScannedTextIsRefused) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    Buffer answer = tests::hex(vectors["nfc"]["response"]);
    answer.resize(answer.size() - 2);  // without the card's status word
    const KeyRing ring = vector_ring(vectors);
    const auto proof = Verifier{ring}.prove(as_bytes(gt1_text(answer)));
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error(), Fault::ProofUnsupported);
}

}  // namespace
}  // namespace stile::crypto
