// SPDX-License-Identifier: Apache-2.0
// The keys file of `ticket inspect`, and times on its command line.
#include "daemon/stilectl/named_keys.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/stilectl/instant.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

std::string key_hex(std::uint8_t number) {
    return to_hex(tests::test_key(number).public_key());
}

crypto::KeyId id_of(std::uint8_t number) {
    return crypto::key_id(crypto::Algorithm::Ed25519, tests::test_key(number).public_key());
}

std::string complaint(std::string_view json) {
    const auto keys = parse_named_keys(json);
    if (keys) return {};
    EXPECT_EQ(keys.error().code, Errc::Config);
    return keys.error().context;
}

std::string complaint_about(std::string_view member) {
    return complaint(fmt::format(R"({{"k":{{"public_key":"{}",{}}}}})", key_hex(1), member));
}

TEST(NamedKeys, KeepsTheNamesOfKeysAndOfListsOfKeys) {
    const auto keys =
        parse_named_keys(fmt::format(R"({{"main":"{}","demo":["{}",{{"public_key":"{}"}}]}})",
                                     key_hex(1), key_hex(2), key_hex(3)));
    ASSERT_TRUE(keys) << keys.error().context;
    EXPECT_EQ(keys->ring.records().size(), 3U);
    EXPECT_EQ(keys->names.at(id_of(1)), "main");
    EXPECT_EQ(keys->names.at(id_of(2)), "demo[0]");
    EXPECT_EQ(keys->names.at(id_of(3)), "demo[1]");
}

TEST(NamedKeys, APlainKeyIsGoodForEverything) {
    const auto keys = parse_named_keys(fmt::format(R"({{"Main key":"{}"}})", key_hex(1)));
    ASSERT_TRUE(keys) << keys.error().context;
    const crypto::KeyRecord& record = keys->ring.records().front();
    EXPECT_EQ(record.scope, crypto::EventScope::Any);
    EXPECT_TRUE(record.products.empty());
    EXPECT_TRUE(crypto::signs_format(record, "gt1"));
    EXPECT_TRUE(crypto::signs_format(record, "pretix_sig1"));
    EXPECT_EQ(record.issuer, "unnamed");
}

TEST(NamedKeys, AnEmptyFileBelievesNobody) {
    const auto keys = parse_named_keys("{}");
    ASSERT_TRUE(keys);
    EXPECT_TRUE(keys->ring.records().empty());
}

TEST(NamedKeys, RefusesWhatIsNoObject) {
    for (const char* text : {"", "[]", "1", "null", "{", R"({"a":1} x)", "\xff"})
        EXPECT_EQ(complaint(text), "not a JSON object of names and public keys") << text;
}

TEST(NamedKeys, RefusesWhatIsNoKey) {
    for (const char* value : {"1", "null", "true", R"("")", R"("00")", R"(["x"])", R"([[]])"})
        EXPECT_NE(complaint(fmt::format(R"({{"k":{}}})", value)), "") << value;
    EXPECT_NE(complaint(fmt::format(R"({{"k":"{}"}})", std::string(64, '0'))).find("weak"),
              std::string::npos);
    EXPECT_NE(complaint(fmt::format(R"({{"a":"{0}","b":"{0}"}})", key_hex(1))).find("twice"),
              std::string::npos);
}

TEST(NamedKeys, RefusesEveryMemberThatIsWrong) {
    for (const char* member : {R"("events":7)",
                               R"("events":[-1])",
                               R"("events":[4294967296])",
                               R"("events":["7"])",
                               R"("events":[])",
                               R"("products":[65536])",
                               R"("products":{})",
                               R"("formats":"gt1")",
                               R"("formats":["gt2"])",
                               R"("formats":[])",
                               R"("status":"on")",
                               R"("status":1)",
                               R"("issuer":1)",
                               R"("issuer":"Ä")",
                               R"("not_before":"x")",
                               R"("not_after":1.5)",
                               R"("not_before":5,"not_after":4)",
                               R"("totp_master":"00")",
                               R"("totp_master":1)",
                               R"("colour":"red")"})
        EXPECT_TRUE(complaint_about(member).starts_with("\"k\": ")) << member;
    EXPECT_EQ(complaint(R"({"k":{}})"), "\"k\": public_key is missing");
    EXPECT_EQ(complaint(R"({"totp_master":"00"})"),
              "\"totp_master\": totp_master is 64 hexadecimal digits");
}

TEST(NamedKeys, AKeyKeepsItsOwnSecretBeforeTheCommonOne) {
    const auto keys = parse_named_keys(fmt::format(
        R"({{"totp_master":"{}","a":"{}","b":{{"public_key":"{}","totp_master":"{}"}}}})",
        std::string(64, '1'), key_hex(1), key_hex(2), std::string(64, '2')));
    ASSERT_TRUE(keys) << keys.error().context;
    EXPECT_EQ(keys->ring.find(id_of(1))->totp_master->front(), 0x11);
    EXPECT_EQ(keys->ring.find(id_of(2))->totp_master->front(), 0x22);
}

TEST(NamedKeys, TakesTheKeyFileOfAGate) {
    const test::TempDir folder;
    const auto file = folder.write(
        "keys.toml", fmt::format("[[key]]\nissuer = \"fest\"\nalgorithm = \"ed25519\"\n"
                                 "public_key = \"{}\"\nevents = [7]\n",
                                 key_hex(1)));
    const auto keys = load_named_keys(file);
    ASSERT_TRUE(keys) << keys.error().context;
    EXPECT_EQ(keys->names.at(id_of(1)), "fest/" + to_hex(id_of(1)));
}

TEST(NamedKeys, SaysWhichFileIsWrong) {
    const test::TempDir folder;
    EXPECT_EQ(load_named_keys(folder.path() / "none.json").error().code, Errc::NotFound);
    EXPECT_FALSE(load_named_keys(folder.path()));
    const auto big = folder.write("big.json", std::string(1'100'000, ' ') + "{}");
    EXPECT_EQ(load_named_keys(big).error().code, Errc::Config);
    const auto bad = load_named_keys(folder.write("bad.json", "[]"));
    EXPECT_TRUE(
        bad.error().context.ends_with("bad.json: not a JSON object of names and public keys"));
    EXPECT_FALSE(load_named_keys(folder.write("bad.toml", "x")));
}

std::optional<std::int64_t> instant(std::string_view text) {
    const auto time = parse_instant(text);
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

TEST(Instant, ReadsRfc3339AndUnixSeconds) {
    EXPECT_EQ(instant("2023-02-03T22:59:59Z"), 1675465199);
    EXPECT_EQ(instant("2023-02-03t22:59:59z"), 1675465199);
    EXPECT_EQ(instant("2023-02-03 22:59:59Z"), 1675465199);
    EXPECT_EQ(instant("2023-02-03T22:59:59.999Z"), 1675465199);
    EXPECT_EQ(instant("2023-02-04T07:59:59+09:00"), 1675465199);
    EXPECT_EQ(instant("2023-02-03T17:29:59-05:30"), 1675465199);
    EXPECT_EQ(instant("1760000000"), 1760000000);
    EXPECT_EQ(instant("-1"), -1);
    EXPECT_EQ(instant("2024-02-29T00:00:00Z"), 1709164800);
}

TEST(Instant, RefusesEverythingElse) {
    for (const char* text : {"",
                             "now",
                             "2023-02-03",
                             "2023-02-03T22:59:59",
                             "2023-2-3T22:59:59Z",
                             "2023-02-29T00:00:00Z",
                             "2023-13-01T00:00:00Z",
                             "2023-00-01T00:00:00Z",
                             "2023-01-00T00:00:00Z",
                             "2023-02-03T24:00:00Z",
                             "2023-02-03T23:60:00Z",
                             "2023-02-03T23:59:60Z",
                             "2023-02-03T22:59:59.Z",
                             "2023-02-03T22:59:59Z ",
                             " 2023-02-03T22:59:59Z",
                             "2023-02-03T-1:59:59Z",
                             "+1",
                             "1.5",
                             "1e9",
                             "253402300800",
                             "99999999999999999999",
                             "2023-02-03T22:59:59+09:0"})
        EXPECT_EQ(instant(text), std::nullopt) << text;
}

}  // namespace
}  // namespace stile
