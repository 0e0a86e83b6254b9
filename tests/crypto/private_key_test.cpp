// SPDX-License-Identifier: Apache-2.0
// The private key file: comes back as it was written, and refuses everything else by its line.
#include "crypto/issue/private_key.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/crypto/issuer.hpp"
#include "tests/crypto/temporary_folder.hpp"

namespace stile::crypto {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

IssuerKey test_issuer_key() {
    IssuerKey key{tests::test_record(tests::test_key(1)), tests::test_key(1)};
    key.record.events = {7, 8};
    key.record.products = {1, 2};
    key.record.dense = SerialRange{.first = 0, .last = 99};
    key.record.not_before = sys_seconds{seconds{1'767'225'600}};
    key.record.not_after = sys_seconds{seconds{1'798'761'600}};
    return key;
}

LockedBytes locked(std::string_view text) {
    LockedBytes bytes{text.size()};
    std::ranges::copy(as_bytes(text), bytes.span().begin());
    return bytes;
}

Result<LockedBytes> nobody_asks() {
    ADD_FAILURE() << "asked for a pass phrase without need";
    return fail(Errc::Denied, "");
}

std::string plain_text() {
    return private_key_text(test_issuer_key(), nullptr).value();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

void expect_refused(const std::string& text, Errc code, std::string_view word) {
    const auto key = parse_private_key(text, nobody_asks);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, code);
    EXPECT_NE(key.error().context.find(word), std::string::npos) << key.error().context;
}

TEST(PrivateKey, ComesBackAsItWasWritten) {
    const auto key = parse_private_key(plain_text(), nobody_asks);
    ASSERT_TRUE(key) << key.error().context;
    const KeyRecord expected = test_issuer_key().record;
    EXPECT_EQ(key->record.issuer, expected.issuer);
    EXPECT_EQ(key->record.events, expected.events);
    EXPECT_EQ(key->record.products, expected.products);
    EXPECT_EQ(key->record.dense, expected.dense);
    EXPECT_EQ(key->record.not_before, expected.not_before);
    EXPECT_EQ(key->record.not_after, expected.not_after);
    EXPECT_EQ(key->key.sign(as_bytes("a")), tests::test_key(1).sign(as_bytes("a")));
}

TEST(PrivateKey, TheEmptyScopeComesBackToo) {
    const IssuerKey key{tests::test_record(tests::test_key(1)), tests::test_key(1)};
    const auto back = parse_private_key(private_key_text(key, nullptr).value(), nobody_asks);
    ASSERT_TRUE(back) << back.error().context;
    EXPECT_TRUE(back->record.products.empty());
    EXPECT_FALSE(back->record.dense);
    EXPECT_EQ(back->record.not_after, KeyRecord{}.not_after);
}

TEST(PrivateKey, ASealedOneDoesNotShowItsSeed) {
    const LockedBytes passphrase = locked("open sesame");
    const std::string text = private_key_text(test_issuer_key(), &passphrase).value();
    EXPECT_EQ(text.find(to_hex(tests::test_key(1).seed())), std::string::npos);
    const auto key =
        parse_private_key(text, [] { return Result<LockedBytes>{locked("open sesame")}; });
    ASSERT_TRUE(key) << key.error().context;
    EXPECT_EQ(key->key.public_key(), tests::test_key(1).public_key());
}

TEST(PrivateKey, RefusesAWrongPassphrase) {
    const LockedBytes passphrase = locked("open sesame");
    const std::string text = private_key_text(test_issuer_key(), &passphrase).value();
    const auto key = parse_private_key(text, [] { return Result<LockedBytes>{locked("sesame")}; });
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Errc::Denied);
}

TEST(PrivateKey, RefusesOtherFiles) {
    expect_refused("", Errc::Invalid, "line 1");
    expect_refused("\n\n", Errc::Invalid, "line 1");
    expect_refused("-----BEGIN PRIVATE KEY-----\n", Errc::Invalid, "line 1");
    expect_refused(replaced(plain_text(), "stile-private-key 1", "stile-private-key 2"),
                   Errc::Invalid, "line 1");
}

TEST(PrivateKey, RefusesEveryLineThatIsWrongAndNamesIt) {
    const std::string text = plain_text();
    expect_refused(replaced(text, "issuer ", "Issuer "), Errc::Invalid, "line 2");
    expect_refused(replaced(text, "ed25519", "p256"), Errc::Invalid, "line 3");
    expect_refused(replaced(text, "public_key ", "public_key 00"), Errc::Invalid, "line 4");
    expect_refused(replaced(text, "events 7 8", "events 7  8"), Errc::Invalid, "line 5");
    expect_refused(replaced(text, "events 7 8", "events "), Errc::Invalid, "line 5");
    expect_refused(replaced(text, "products 1 2", "products 65536"), Errc::Invalid, "line 6");
    expect_refused(replaced(text, "dense_serials 0 99", "dense_serials 0"), Errc::Invalid,
                   "line 7");
    expect_refused(replaced(text, "2026-01-01T", "2026-01-01 "), Errc::Invalid, "line 8");
    expect_refused(replaced(text, "2027-01-01T", "2027-01-99T"), Errc::Invalid, "line 9");
    expect_refused(replaced(text, "protection none", "protection rot13"), Errc::Invalid, "line 10");
    expect_refused(replaced(text, "secret 0", "secret x"), Errc::Invalid, "line 11");
    expect_refused(text + "\n", Errc::Invalid, "line 12");
}

TEST(PrivateKey, RefusesAFileCutShort) {
    const std::string text = plain_text();
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_private_key(text.substr(0, size), nobody_asks)) << size;
}

TEST(PrivateKey, RefusesAKeyThatIsNotTheOneTheFileSpeaksOf) {
    const std::string mine = to_hex(tests::test_key(1).public_key());
    const std::string other = to_hex(tests::test_key(2).public_key());
    expect_refused(replaced(plain_text(), mine, other), Errc::Corrupt, "does not belong");
    expect_refused(replaced(plain_text(), "secret 01", "secret "), Errc::Corrupt, "32 bytes");
}

TEST(PrivateKey, RefusesAScopeThatNoGateWouldTake) {
    expect_refused(replaced(plain_text(), "test-issuer", "Test Issuer"), Errc::Invalid, "issuer");
    expect_refused(replaced(plain_text(), "0 99", "99 0"), Errc::Invalid, "serials");
}

TEST(PrivateKey, RefusesProtectionWithBadNumbers) {
    const std::string salt(32, '0');
    const std::string nonce(48, '0');
    for (const std::string& numbers :
         {fmt::format("x 8 {} {}", salt, nonce), fmt::format("1 x {} {}", salt, nonce),
          fmt::format("1 8 00 {}", nonce), fmt::format("1 8 {} 00", salt),
          fmt::format("1 8 {}", salt)})
        expect_refused(replaced(plain_text(), "protection none", "protection argon2id " + numbers),
                       Errc::Invalid, "line 10");
}

TEST(PrivateKeyFile, IsReadOnlyIfNobodyElseMayReadIt) {
    const tests::TemporaryFolder folder;
    const std::string path = folder / "a.key";
    tests::write_text(path, plain_text());
    for (const int mode : {0644, 0640, 0660, 0604}) {
        ASSERT_EQ(::chmod(path.c_str(), static_cast<mode_t>(mode)), 0);
        const auto key = read_private_key(path, nobody_asks);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().code, Errc::Denied);
        EXPECT_NE(key.error().context.find("chmod 600"), std::string::npos);
    }
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_TRUE(read_private_key(path, nobody_asks));
}

TEST(PrivateKeyFile, ThatIsMissingIsNotFound) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(read_private_key(folder / "none", nobody_asks).error().code, Errc::NotFound);
}

TEST(PrivateKeyFile, ThatIsHugeIsRefused) {
    const tests::TemporaryFolder folder;
    tests::write_text(folder / "huge", std::string(100'000, 'a'));
    ASSERT_EQ(::chmod((folder / "huge").c_str(), 0600), 0);
    EXPECT_EQ(read_private_key(folder / "huge", nobody_asks).error().code, Errc::Invalid);
}

TEST(PrivateKeyFile, ThatIsAFolderIsRefused) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(read_private_key(folder / "", nobody_asks).error().code, Errc::Io);
}

}  // namespace
}  // namespace stile::crypto
