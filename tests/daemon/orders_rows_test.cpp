// SPDX-License-Identifier: Apache-2.0
// Files to rows: lists, pages, lines, and texts that are none of these.
#include <fmt/format.h>

#include "daemon/catalog/pretix/fields.hpp"
#include "daemon/catalog/pretix/rows.hpp"
#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

using pretix::RowReader;

// The rows joined by '|', then '!' and the error if there is one.
std::string rows_of(std::string_view text) {
    const UniqueFd file = file_of(text);
    RowReader reader{file.get(), 0, text.size()};
    std::string out;
    for (;;) {
        const auto row = reader.next();
        if (!row) return out + "!" + row.error().context;
        if (!*row) return out;
        out += (out.empty() ? "" : "|") + std::string{**row};
    }
}

TEST(OrdersRows, AnObjectIsARow) {
    EXPECT_EQ(rows_of(R"({"a": [1, "]"]})"), R"({"a":[1, "]"]})");
}

TEST(OrdersRows, AListHoldsRows) {
    EXPECT_EQ(rows_of(" [ {\"a\":1} , {\"b\":\"}\\\"\"} ] "), "{\"a\":1}|{\"b\":\"}\\\"\"}");
    EXPECT_EQ(rows_of("[]"), "");
    EXPECT_EQ(rows_of("[1,null,\"x\"]"), "1|null|\"x\"");
}

TEST(OrdersRows, LinesAreRows) {
    EXPECT_EQ(rows_of("{\"a\":1}\n{\"b\":2}\r\n\n{}"), "{\"a\":1}|{\"b\":2}|{}");
}

TEST(OrdersRows, PagesHoldRows) {
    const std::string page = R"({"count": 2, "next": null, "results": [{"a":1}, {"b":2}], "x": 1})";
    EXPECT_EQ(rows_of(page), "{\"a\":1}|{\"b\":2}");
    EXPECT_EQ(rows_of(page + "\n" + page), "{\"a\":1}|{\"b\":2}|{\"a\":1}|{\"b\":2}");
}

TEST(OrdersRows, ThePageIsKeptWithoutItsRows) {
    const std::string text = R"({"count":1,"next":"http:\/\/x","results":[{"a":1}],"z":{}})";
    const UniqueFd file = file_of(text);
    RowReader reader{file.get(), 0, text.size()};
    ASSERT_TRUE(reader.next()->has_value());
    ASSERT_FALSE(reader.next()->has_value());
    EXPECT_EQ(reader.page(), R"({"count":1,"next":"http:\/\/x","results":[],"z":{}})");
}

TEST(OrdersRows, TheWordResultsElsewhereIsNoPage) {
    EXPECT_EQ(rows_of(R"({"a":"results","b":{"results":[1]}})"),
              R"({"a":"results","b":{"results":[1]}})");
    EXPECT_EQ(rows_of(R"({"results":{"a":1}})"), R"({"results":{"a":1}})");
}

TEST(OrdersRows, AByteOrderMarkIsSkipped) {
    EXPECT_EQ(rows_of("\xEF\xBB\xBF{}"), "{}");
}

TEST(OrdersRows, OnlyTheGivenBytesAreRead) {
    const UniqueFd file = file_of("xxx[1,2]yyy");
    RowReader reader{file.get(), 3, 5};
    EXPECT_EQ(*reader.next().value(), "1");
    EXPECT_EQ(*reader.next().value(), "2");
    EXPECT_FALSE(reader.next().value().has_value());
}

TEST(OrdersRows, RowsAcrossBlocksStayWhole) {
    std::string text = "[";
    std::string expected;
    for (int i = 0; i < 3'000; ++i) {
        const std::string row = fmt::format(R"({{"id":{},"text":"{}"}})", i, std::string(40, 'x'));
        text += (i == 0 ? "" : ",") + row;
        expected += (i == 0 ? "" : "|") + row;
    }
    EXPECT_EQ(rows_of(text + "]"), expected);
}

TEST(OrdersRows, ATextThatEndsTooEarlyIsAnErrorEverywhere) {
    const std::string whole =
        R"({"next":null,"results":[{"a":"b\"c"},[1]],"more":{"x":1}} [{"y":2}])";
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const std::string got = rows_of(whole.substr(0, size));
        const bool ends_between = size == whole.find(" [") || size == whole.find(" [") + 1;
        EXPECT_EQ(got.find('!') == std::string::npos, ends_between) << size << ": " << got;
    }
}

TEST(OrdersRows, WhatIsNoJsonIsAnError) {
    for (const std::string_view text :
         {"x", "1", "\"a\"", "[1 2]", "[,]", "[1,]", "{,}", "{\"a\" 1}", "]", "}", "{\"a\":]}",
          "{\"results\":[1}", "{\"results\":[1]]", "[}", "PK\x03\x04"})
        EXPECT_NE(rows_of(text).find('!'), std::string::npos) << text;
}

TEST(OrdersRows, ARowWithoutEndIsRefusedAtItsLimit) {
    const std::string big(RowReader::kMaxRowBytes + 1, 'x');
    for (const std::string& text : {"{\"" + big, "[" + std::string(big.size() + 1, '[')})
        EXPECT_NE(rows_of(text).find("!row 1: too large"), std::string::npos);
}

TEST(OrdersTimes, AreReadToTheMillisecond) {
    const auto time = pretix::wall_time("2026-01-31T19:00:00.5678+01:30");
    ASSERT_TRUE(time);
    EXPECT_EQ(time->time_since_epoch().count(), 1'769'880'600'567);
    EXPECT_EQ(pretix::wall_time("1970-01-01T00:00:00Z"), WallTime{});
    EXPECT_TRUE(pretix::wall_time("2106-02-07T06:28:15Z"));
    EXPECT_EQ(pretix::wall_time("2026-01-31T19:00Z"), pretix::wall_time("2026-01-31T19:00:00Z"));
}

TEST(OrdersTimes, OutsideTheYearsThatFitAreNone) {
    for (const std::string_view text :
         {"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "2106-02-07T06:28:16Z",
          "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"})
        EXPECT_FALSE(pretix::wall_time(text)) << text;
}

TEST(OrdersTimes, InAnyOtherFormAreNone) {
    for (const std::string_view text :
         {"", "now", "2026-01-31", "2026-01-31T19:00:00", "2026-01-31T19:00",
          "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z",
          "2026-01-31T23:59:60Z", "2026-01-31T19:00:00.Z", "2026-01-31T19:00:00Zx",
          "2026-1-31T19:00:00Z", "2026-01-31T19:00:00+24:00", "-026-01-31T19:00:00Z",
          "2026-01-31T19:00:00+1:00"})
        EXPECT_FALSE(pretix::wall_time(text)) << text;
}

}  // namespace
}  // namespace stile::test
