// SPDX-License-Identifier: Apache-2.0
// The key file of a gate: what each key may do, and that each mistake is named with its place.
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/config/key_file.hpp"
#include "tests/crypto/pretix.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

std::string key_hex(std::uint8_t number) {
    return to_hex(tests::test_key(number).public_key());
}

// A table with the keys that must be there, and more lines.
std::string table(std::uint8_t number, std::string_view more = {}) {
    return fmt::format(
        "[[key]]\nissuer = \"fest\"\nalgorithm = \"ed25519\"\npublic_key = \"{}\"\n"
        "events = [7]\n{}\n",
        key_hex(number), more);
}

class KeyFile : public testing::Test {
protected:
    Result<crypto::KeyRing> load(std::string_view text) const {
        return load_keys(folder_.write("keys.toml", text));
    }
    // The error text without the folder; empty when the file is taken.
    std::string complaint(std::string_view text) const {
        const auto ring = load(text);
        if (ring) return {};
        EXPECT_EQ(ring.error().code, Errc::Config);
        const std::string prefix = folder_.path().native() + "/";
        EXPECT_TRUE(ring.error().context.starts_with(prefix)) << ring.error().context;
        return ring.error().context.substr(prefix.size());
    }
    void write_secret(std::string_view text, std::filesystem::perms perms) const {
        std::filesystem::permissions(folder_.write("fest.totp", text), perms);
    }
    test::TempDir folder_;
};

constexpr auto kOwner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

TEST_F(KeyFile, AKeySignsGt1UnlessItSaysMore) {
    const auto ring = load(table(1));
    ASSERT_TRUE(ring) << ring.error().context;
    const crypto::KeyRecord& record = ring->records().front();
    EXPECT_EQ(record.issuer, "fest");
    EXPECT_EQ(record.formats, std::vector<std::string>{"gt1"});
    EXPECT_EQ(record.scope, crypto::EventScope::Listed);
    EXPECT_EQ(record.status, crypto::KeyStatus::Active);
    EXPECT_FALSE(record.totp_master);
}

TEST_F(KeyFile, ReadsEverythingThatAKeyCanSay) {
    write_secret(std::string(64, 'a') + "\n", kOwner);
    const auto ring = load(table(1,
                                 "formats = [\"gt1\", \"pretix_sig1\"]\nproducts = [1, 65535]\n"
                                 "dense_serials = [5, 9]\nnot_before = 2026-01-01T00:00:00Z\n"
                                 "not_after = 2026-01-01T00:00:01Z\nstatus = \"revoked\"\n"
                                 "totp_secret = \"fest.totp\""));
    ASSERT_TRUE(ring) << ring.error().context;
    const crypto::KeyRecord& record = ring->records().front();
    EXPECT_EQ(record.formats, (std::vector<std::string>{"gt1", "pretix_sig1"}));
    EXPECT_EQ(record.products, (std::vector<std::uint16_t>{1, 65535}));
    EXPECT_EQ(record.dense, (crypto::SerialRange{5, 9}));
    EXPECT_EQ(record.not_before, tests::at(1'767'225'600));
    EXPECT_EQ(record.not_after, tests::at(1'767'225'601));
    EXPECT_EQ(record.status, crypto::KeyStatus::Revoked);
    ASSERT_TRUE(record.totp_master);
    EXPECT_EQ(record.totp_master->front(), 0xAA);
}

TEST_F(KeyFile, TakesAKeyAsPretixListsIt) {
    Buffer der = from_hex("302a300506032b6570032100").value();
    const auto key = tests::test_key(1).public_key();
    der.insert(der.end(), key.begin(), key.end());
    const std::string pem =
        "-----BEGIN PUBLIC KEY-----\n" + tests::base64(der) + "\n-----END PUBLIC KEY-----\n";
    const auto ring = load(
        fmt::format("[[key]]\nissuer = \"fest\"\nalgorithm = \"ed25519\"\npublic_key = \"{}\"\n"
                    "formats = [\"pretix_sig1\"]\nevents = [7]\n",
                    tests::base64(as_bytes(pem))));
    ASSERT_TRUE(ring) << ring.error().context;
    EXPECT_EQ(ring->records().front().public_key, key);
}

TEST_F(KeyFile, KeysThatRotateStandSideBySide) {
    const auto ring = load(table(1) + table(2) + table(3, "status = \"revoked\""));
    ASSERT_TRUE(ring) << ring.error().context;
    EXPECT_EQ(ring->records().size(), 3U);
}

TEST_F(KeyFile, NamesWhatIsWrongAndWhere) {
    const std::string place = "keys.toml: key 1 (fest): ";
    const auto place_of = [](int line, std::string_view key) {
        return fmt::format("keys.toml:{}: key.{}: ", line, key);
    };
    EXPECT_EQ(complaint(table(1, "formats = [\"gt2\"]")),
              place_of(6, "formats") + "\"gt2\" is not one of: gt1, pretix_sig1");
    EXPECT_EQ(complaint(table(1, "formats = []")), place + "the key names no format");
    EXPECT_EQ(complaint(table(1, "formats = \"gt1\"")),
              place_of(6, "formats") + "must be a list of texts in quotes");
    EXPECT_EQ(complaint(table(1, "totp = \"x\"")), place_of(6, "totp") + "unknown key");
    EXPECT_EQ(complaint(table(1, "totp_secret = \"\"")),
              place_of(6, "totp_secret") + "must not be empty");
    EXPECT_EQ(complaint(table(1) + table(1)),
              fmt::format("keys.toml: key 2 (fest): key {} is there twice",
                          to_hex(crypto::key_id(crypto::Algorithm::Ed25519,
                                                tests::test_key(1).public_key()))));
    EXPECT_EQ(complaint(""), "keys.toml: no [[key]]; without one, no ticket is genuine");
    std::string weak = table(1);
    weak.replace(weak.find(key_hex(1)), 64, std::string(64, '0'));
    EXPECT_EQ(complaint(weak), place + "the public key is no Ed25519 key, or a weak one");
    weak.replace(weak.find(std::string(64, '0')), 64, "AAAA");
    EXPECT_EQ(complaint(weak),
              place + "public_key must be 64 hexadecimal digits, or a key as pretix lists it");
}

TEST_F(KeyFile, APretixKeyNamesOneEvent) {
    std::string two = table(1, "formats = [\"pretix_sig1\"]");
    two.replace(two.find("[7]"), 3, "[7, 8]");
    EXPECT_EQ(complaint(two),
              "keys.toml: key 1 (fest): a key for pretix_sig1 names exactly one event");
}

TEST_F(KeyFile, RefusesATotpSecretThatIsNoneOrNoSecret) {
    const std::string with_secret = table(1, "totp_secret = \"fest.totp\"");
    EXPECT_NE(complaint(with_secret).find("the TOTP secret cannot be read"), std::string::npos);
    write_secret(std::string(64, 'a'), kOwner | std::filesystem::perms::others_read);
    EXPECT_NE(complaint(with_secret).find("others may read the TOTP secret"), std::string::npos);
    for (const std::string& text : {std::string{}, std::string(63, 'a'), std::string(64, 'g'),
                                    std::string(66, 'a'), std::string(64, 'a') + "\n\n"}) {
        write_secret(text, kOwner);
        EXPECT_NE(complaint(with_secret).find("64 hexadecimal digits"), std::string::npos) << text;
    }
    EXPECT_EQ(complaint(table(1, "formats = [\"pretix_sig1\"]\ntotp_secret = \"fest.totp\"")),
              "keys.toml: key 1 (fest): totp_secret is for keys of the format gt1");
}

}  // namespace
}  // namespace stile::config
