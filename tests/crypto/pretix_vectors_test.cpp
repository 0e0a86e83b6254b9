// SPDX-License-Identifier: Apache-2.0
// The shared pretix tickets and hardening cases, and keys as the platform lists them.
#include <gtest/gtest.h>

#include "crypto/formats/pretix_sig1.hpp"
#include "tests/crypto/pretix.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

// Both keys of the event "demo", number 1, and the one of "demo2", number 2.
KeyRing ring_of_vectors(const nlohmann::json& keys) {
    KeyRing ring;
    for (const auto& entry : keys) {
        KeyRecord record;
        record.public_key = tests::hex_array<32>(entry["raw_public_key_hex"]);
        record.issuer = "pretix";
        record.formats = {"pretix_sig1"};
        record.events = {entry["event"] == "demo" ? 1U : 2U};
        EXPECT_TRUE(ring.add(record));
    }
    return ring;
}

TEST(PretixVectors, EveryTicketIsReadAsItsMakersReadIt) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    STILE_LOAD_OR_SKIP(tickets, "pretix/tickets.json");
    const KeyRing ring = ring_of_vectors(keys);
    for (const auto& entry : tickets) {
        const std::string text = entry["secret"];
        const auto parsed = SignedPretix::from_text(as_bytes(text));
        ASSERT_TRUE(parsed) << entry["id"];
        EXPECT_EQ(to_hex(parsed->payload()), entry["payload_hex"].get<std::string>());
        EXPECT_EQ(to_hex(parsed->signature()), entry["signature_hex"].get<std::string>());
        const PretixMessage message = parsed->message();
        const auto& said = entry["parsed"];
        EXPECT_EQ(message.seed, said["seed"].get<std::string>());
        EXPECT_EQ(message.item, said["item"].get<std::uint64_t>());
        EXPECT_EQ(message.subevent, said.value("subevent", std::uint64_t{0}));
        EXPECT_EQ(message.valid_from.has_value(), said.contains("validFromUnixTime"));
        const bool genuine = !entry["signature_valid_with"].empty();
        EXPECT_EQ(Verifier{ring}.prove(as_bytes(text)).has_value(), genuine) << entry["id"];
    }
}

TEST(PretixVectors, EveryHardeningCaseHolds) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    STILE_LOAD_OR_SKIP(cases, "pretix/derived_hardening.json");
    const KeyRing ring = ring_of_vectors(keys);
    for (const auto& entry : cases) {
        const bool valid = entry["expected_for_us"].get<std::string>().starts_with("VALID");
        const Proof proof = Verifier{ring}.prove(as_bytes(entry["secret"].get<std::string>()));
        EXPECT_EQ(proof.has_value(), valid) << entry["id"];
    }
}

TEST(PretixVectors, ReadsKeysAsThePlatformListsThem) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    for (const auto& entry : keys) {
        const auto key =
            parse_public_key(entry["valid_keys_entry_base64_of_pem"].get<std::string>());
        ASSERT_TRUE(key) << entry["id"];
        EXPECT_EQ(to_hex(*key), entry["raw_public_key_hex"].get<std::string>());
    }
    // A private key is no public one.
    EXPECT_FALSE(parse_public_key(keys[1]["private_key_base64_of_pem"].get<std::string>()));
}

std::string pem(std::string_view body) {
    return tests::base64(as_bytes("-----BEGIN PUBLIC KEY-----\n" + std::string{body} +
                                  "\n-----END PUBLIC KEY-----\n"));
}

TEST(PublicKeyText, TakesHexadecimalDigits) {
    EXPECT_EQ(parse_public_key(std::string(64, 'a')),
              PublicKey(tests::hex_array<32>(std::string(64, 'a'))));
    EXPECT_FALSE(parse_public_key(std::string(64, 'g')));
    EXPECT_FALSE(parse_public_key(std::string(63, 'a')));
    EXPECT_FALSE(parse_public_key(""));
}

TEST(PublicKeyText, RefusesEverythingElse) {
    Buffer der = from_hex("302a300506032b6570032100").value();
    der.resize(44, 7);
    EXPECT_TRUE(parse_public_key(pem(tests::base64(der))));
    EXPECT_FALSE(parse_public_key(tests::base64(der)));
    EXPECT_FALSE(parse_public_key(pem(tests::base64(der) + "\nAAAA")));
    EXPECT_FALSE(parse_public_key(pem("")));
    EXPECT_FALSE(parse_public_key(tests::base64(as_bytes("-----BEGIN PUBLIC KEY-----\n"))));
    EXPECT_FALSE(parse_public_key(
        tests::base64(as_bytes("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"))));
    der[8] = 0x6E;  // X25519
    EXPECT_FALSE(parse_public_key(pem(tests::base64(der))));
    der.pop_back();
    EXPECT_FALSE(parse_public_key(pem(tests::base64(der))));
}

}  // namespace
}  // namespace stile::crypto
