// SPDX-License-Identifier: Apache-2.0
// The public record of a key, read back by a TOML parser.
#include "crypto/issue/key_record_text.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

KeyRecord full_record() {
    KeyRecord record = tests::test_record(tests::test_key(1));
    record.events = {7, 4'294'967'295};
    record.products = {1, 65535};
    record.dense = SerialRange{.first = 0, .last = 99'999'999};
    record.not_before = sys_seconds{seconds{1'767'225'600}};
    record.not_after = sys_seconds{seconds{1'798'761'600}};
    return record;
}

TEST(KeyRecordText, ATomlParserReadsEveryField) {
    const toml::table file = toml::parse(key_record_toml(full_record()));
    const auto key = file["key"][0];
    EXPECT_EQ(key["issuer"].value<std::string>(), "test-issuer");
    EXPECT_EQ(key["algorithm"].value<std::string>(), "ed25519");
    EXPECT_EQ(key["public_key"].value<std::string>(), to_hex(tests::test_key(1).public_key()));
    EXPECT_EQ(key["events"][1].value<std::int64_t>(), 4'294'967'295);
    EXPECT_EQ(key["products"][1].value<std::int64_t>(), 65535);
    EXPECT_EQ(key["dense_serials"][1].value<std::int64_t>(), 99'999'999);
    EXPECT_EQ(key["not_before"].value_or(toml::date_time{}).date, (toml::date{2026, 1, 1}));
    EXPECT_EQ(key["not_after"].value_or(toml::date_time{}).date, (toml::date{2027, 1, 1}));
    EXPECT_EQ(key["status"].value<std::string>(), "active");
}

TEST(KeyRecordText, LeavesOutWhatIsNotSet) {
    const std::string text = key_record_toml(tests::test_record(tests::test_key(1)));
    for (const char* name : {"dense_serials", "not_before", "not_after"})
        EXPECT_EQ(text.find(name), std::string::npos) << name;
    EXPECT_NE(text.find("products = []"), std::string::npos);
}

TEST(KeyRecordText, SeveralRecordsMakeOneFile) {
    const std::string text =
        key_record_toml(full_record()) + key_record_toml(tests::test_record(tests::test_key(2)));
    EXPECT_EQ(toml::parse(text)["key"].as_array()->size(), 2U);
}

TEST(KeyRecordText, SaysThatAKeyIsRevoked) {
    KeyRecord record = full_record();
    record.status = KeyStatus::Revoked;
    EXPECT_NE(key_record_toml(record).find("status = \"revoked\""), std::string::npos);
}

}  // namespace
}  // namespace stile::crypto
