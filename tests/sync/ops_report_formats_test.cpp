// SPDX-License-Identifier: Apache-2.0
// The formats of the report, with names that somebody invented to do harm.
#include <algorithm>

#include <gtest/gtest.h>

#include "sync/collector/report_charts.hpp"
#include "sync/collector/report_formats.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kBegin = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + 16h;

Report odd_names() {
    Report out;
    out.names.venue = "<b>arena</b>";
    out.names.products = {{1, "=1+1"}};
    out.first = out.last = kBegin;
    Counts counts;
    counts.entered = 12'345;
    counts.refused = {{"=HYPERLINK(\"http://x\")", 3}, {"USED", 2}};
    out.total = counts;
    out.gates = {{"@gate", "", counts}, {"a\"b,c", "", counts}, {"x\x1b[2Jy", "", counts}};
    out.products = {{"1", "=1+1", counts}, {"2", "-2", counts}, {"3", "+3", counts}};
    out.channels = {{"\tweb", "", counts}, {"\"><script>alert(1)</script>", "", counts}};
    out.quarters = {{kBegin, counts}, {kBegin + 45min, counts}};
    return out;
}

TEST(ReportCsv, LetsNoSpreadsheetCompute) {
    const std::string csv = report_csv(odd_names());
    EXPECT_NE(csv.find("product,1,'=1+1,12345"), std::string::npos) << csv;
    EXPECT_NE(csv.find("product,2,'-2,"), std::string::npos);
    EXPECT_NE(csv.find("product,3,'+3,"), std::string::npos);
    EXPECT_NE(csv.find("gate,'@gate,"), std::string::npos);
    EXPECT_NE(csv.find("channel,'\tweb,"), std::string::npos);
}

TEST(ReportCsv, QuotesAsTheStandardSays) {
    const std::string csv = report_csv(odd_names());
    EXPECT_NE(csv.find("gate,\"a\"\"b,c\",,12345"), std::string::npos) << csv;
    EXPECT_NE(csv.find(",\"refused =HYPERLINK(\"\"http://x\"\")\",refused USED\r\n"),
              std::string::npos);
    EXPECT_EQ(std::ranges::count(csv, '\n'), std::ranges::count(csv, '\r'));
    EXPECT_TRUE(csv.ends_with("\r\n"));
}

TEST(ReportText, SendsNoControlCharactersToATerminal) {
    EXPECT_EQ(report_text(odd_names()).find('\x1b'), std::string::npos);
}

TEST(ReportHtml, LetsNobodyWriteMarkup) {
    const std::string html = report_html(odd_names());
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("<b>"), std::string::npos);
    EXPECT_EQ(html.find('\x1b'), std::string::npos);
    EXPECT_NE(html.find("&lt;b&gt;arena&lt;/b&gt;"), std::string::npos);
}

TEST(ReportHtml, LoadsNothing) {
    const std::string html = report_html(odd_names());
    for (const char* word : {"src=", "href=", "url(", "@import", "http-equiv"})
        EXPECT_EQ(html.find(word), std::string::npos) << word;
}

TEST(ReportJson, LeavesOutWhatIsTooLong) {
    const Report report = odd_names();
    const std::string whole = report_json(report);
    EXPECT_NE(whole.find("\"quarters\""), std::string::npos);
    const std::string shorter = report_json(report, whole.size() - 1);
    EXPECT_EQ(shorter.find("\"quarters\""), std::string::npos);
    EXPECT_NE(shorter.find("\"hours\""), std::string::npos);
    EXPECT_EQ(report_json(report, 10).find("\"hours\""), std::string::npos);
}

TEST(ReportCharts, AreDrawnOfNothingAndOfHugeNumbers) {
    EXPECT_NE(column_chart({}, "x").find("</svg>"), std::string::npos);
    EXPECT_NE(bar_chart({}, "x").find("</svg>"), std::string::npos);
    const std::string huge = column_chart({{"a", ~std::uint64_t{0}, 1}}, "x");
    EXPECT_EQ(huge.find("nan"), std::string::npos);
    EXPECT_LT(huge.size(), 5000U);
}

TEST(ReportCharts, CutLongNamesBetweenCharacters) {
    std::string name;
    for (int i = 0; i < 40; ++i)
        name += "\u00E9";
    const std::string chart = bar_chart({{name, 1}}, "x");
    EXPECT_NE(chart.find("\u00E9\u2026</text>"), std::string::npos) << chart;
}

TEST(ReportCharts, GroupsDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'234'567), "1\u202F234\u202F567");
}

}  // namespace
}  // namespace stile::sync
