// SPDX-License-Identifier: Apache-2.0
// Times as people write them.
#include "crypto/issue/time_text.hpp"

#include <gtest/gtest.h>

namespace stile::crypto {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{seconds{1'760'000'000}};

TEST(TimeText, WritesAndReadsRfc3339) {
    EXPECT_EQ(to_rfc3339(kNow), "2025-10-09T08:53:20Z");
    EXPECT_EQ(parse_utc_seconds("2025-10-09T08:53:20Z"), kNow);
    EXPECT_EQ(parse_utc_seconds("1970-01-01T00:00:00Z"), sys_seconds{});
    EXPECT_EQ(parse_utc_seconds("2024-02-29T23:59:59Z"), sys_seconds{seconds{1'709'251'199}});
}

TEST(TimeText, RefusesEveryOtherForm) {
    for (const char* text :
         {"", "2025-10-09", "2025-10-09T08:53:20", "2025-10-09T08:53:20+00:00",
          "2025-10-09t08:53:20z", "2025-10-09 08:53:20Z", "2025-10-09T08:53:20+0",
          "2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
          "2025-10-09T24:00:00Z", "2025-10-09T08:60:00Z", "2025-10-09T08:53:60Z",
          "2025-1a-09T08:53:20Z", "+025-10-09T08:53:20Z", "2025/10/09T08:53:20Z",
          "2025-10-09T08:53:20.5Z"}) {
        EXPECT_FALSE(parse_utc_seconds(text)) << text;
    }
}

TEST(TimeText, ReadsDistancesFromNow) {
    EXPECT_EQ(parse_time("now", kNow), kNow);
    EXPECT_EQ(parse_time("+2h", kNow), kNow + seconds{7200});
    EXPECT_EQ(parse_time("-1h", kNow), kNow - seconds{3600});
    EXPECT_EQ(parse_time("+30m", kNow), kNow + seconds{1800});
    EXPECT_EQ(parse_time("-90s", kNow), kNow - seconds{90});
    EXPECT_EQ(parse_time("+7d", kNow), kNow + seconds{7 * 86400});
}

TEST(TimeText, RefusesOtherDistances) {
    for (const char* text : {"2h", "+h", "+", "-", "+2", "+2w", "+ 2h", "+2.5h", "+-2h", "+2hh",
                             "+99999999999h", "+4000000000d"})
        EXPECT_FALSE(parse_time(text, kNow)) << text;
}

TEST(TimeText, ARefusalNamesWhatItWouldTake) {
    const auto time = parse_time("tomorrow", kNow);
    ASSERT_FALSE(time);
    EXPECT_EQ(time.error().code, Errc::Invalid);
    EXPECT_NE(time.error().context.find("+2h"), std::string::npos);
}

}  // namespace
}  // namespace stile::crypto
