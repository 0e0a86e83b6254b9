// SPDX-License-Identifier: Apache-2.0
// Watermarks and requests from a network: read to the last digit, or refused.
#include "sync/publish/requests.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

// The example of OPS.md with one part replaced.
std::string with(std::string text, std::string_view part, std::string_view by) {
    const auto at = text.find(part);
    EXPECT_NE(at, text.npos) << part;
    return text.replace(at, part.size(), by);
}

const std::string kAck = R"({"v":1,"collector":"main","epoch":"006900000100002a","seq":4711,)"
                         R"("time":"2026-05-01T18:00:00.250Z"})";
const std::string kReplay =
    R"({"v":1,"from_whom":"main","epoch":"006900000100002a","from":4001,"to":4096})";

struct Case {
    std::string_view part;
    std::string_view by;
};

TEST(Watermarks, AreReadAsSpecified) {
    const auto mark = parse_watermark("main", kAck);
    ASSERT_TRUE(mark) << mark.error().context;
    EXPECT_EQ(*mark, (EntryKey{0x006900000100002a, 4711}));
}

TEST(Watermarks, MayHaveFieldsOfALaterVersionAndNone) {
    EXPECT_TRUE(parse_watermark("main", with(kAck, R"("seq")", R"("more":{"a":[1]},"seq")")));
    EXPECT_TRUE(parse_watermark("main", with(kAck, R"(,"time":"2026-05-01T18:00:00.250Z")", "")));
    EXPECT_EQ(parse_watermark("main", with(kAck, "4711", "0"))->seq, 0U);
    EXPECT_TRUE(parse_watermark("main", with(kAck, "4711", "9007199254740992")));
}

TEST(Watermarks, OfAnotherFormAreRefused) {
    for (const auto& [part, by] : std::initializer_list<Case>{
             {R"("v":1)", R"("v":2)"},
             {R"("v":1)", R"("v":"1")"},
             {R"("v":1)", R"("v":1.0)"},
             {R"("v":1)", R"("v":true)"},
             {R"("v":1,)", ""},
             {R"("main")", R"("spare")"},
             {R"("main")", "7"},
             {R"("collector":"main",)", ""},
             {R"("006900000100002a")", R"("6900000100002a")"},
             {R"("006900000100002a")", R"("006900000100002A")"},
             {R"("006900000100002a")", R"("0x6900000100002a")"},
             {R"("006900000100002a")", R"("006900000100002a0")"},
             {R"("006900000100002a")", R"("")"},
             {R"("006900000100002a")", "29554872554618922"},
             {"4711", "-1"},
             {"4711", "47.5"},
             {"4711", "4e3"},
             {"4711", "9007199254740993"},
             {"4711", "18446744073709551616"},
             {"4711", R"("4711")"},
             {"4711", "null"},
             {"4711", "[4711]"},
             {R"("seq":4711,)", ""},
             {"}", ""},
             {"}", "}}"},
             {"{", "[{"},
         })
        EXPECT_FALSE(parse_watermark("main", with(kAck, part, by))) << part << " -> " << by;
}

TEST(Watermarks, OfAnotherKindAreRefused) {
    for (const std::string_view text :
         {"", "null", "[]", "1", "\"main\"", "{}", "\xFF\xFE", "{\"v\""})
        EXPECT_FALSE(parse_watermark("main", text)) << text;
    EXPECT_FALSE(parse_watermark("main", kAck + std::string(kMaxRequestBytes, ' ')));
    EXPECT_FALSE(parse_watermark("main", std::string(kMaxRequestBytes, '[')));
}

TEST(ReplayRequests, AreReadAsSpecified) {
    const auto wanted = parse_replay(kReplay);
    ASSERT_TRUE(wanted) << wanted.error().context;
    EXPECT_EQ(wanted->from_whom, "main");
    EXPECT_EQ(wanted->epoch, 0x006900000100002aU);
    EXPECT_EQ(wanted->from, 4001U);
    EXPECT_EQ(wanted->to, 4096U);
}

TEST(ReplayRequests, MayBeForOneEntryAndForTenThousand) {
    EXPECT_TRUE(parse_replay(with(kReplay, "4096", "4001")));
    EXPECT_TRUE(parse_replay(with(kReplay, "4096", "14000")));
    EXPECT_FALSE(parse_replay(with(kReplay, "4096", "14001")));
}

TEST(ReplayRequests, OfAnotherFormAreRefused) {
    for (const auto& [part, by] : std::initializer_list<Case>{
             {R"("v":1)", R"("v":0)"},
             {R"("main")", R"("")"},
             {R"("main")", R"("a/b")"},
             {R"("main")", R"("Main")"},
             {R"("main")", R"("+")"},
             {R"("from_whom":"main",)", ""},
             {R"("006900000100002a")", R"("z06900000100002a")"},
             {"4001", "0"},
             {"4001", "-4"},
             {"4001", "4097"},
             {"4001", "1.5"},
             {"4096", "18446744073709551615"},
             {"4096", "null"},
             {R"(,"to":4096)", ""},
         })
        EXPECT_FALSE(parse_replay(with(kReplay, part, by))) << part << " -> " << by;
}

}  // namespace
}  // namespace stile::sync
