// SPDX-License-Identifier: Apache-2.0
// CSV as spreadsheets write it, and as they should not.
#include "crypto/issue/csv/csv.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/temporary_folder.hpp"

namespace stile::crypto {
namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> rows_of(CsvReader csv) {
    std::vector<CsvRow> rows;
    for (auto row = csv.next(); row && *row; row = csv.next())
        rows.push_back(std::move(**row));
    return rows;
}

std::vector<CsvRow> rows_of(std::string text) {
    return rows_of(CsvReader::of(std::move(text)));
}

TEST(Csv, ReadsCells) {
    const auto rows = rows_of("a,b,c\n1,,3\n");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].cells, (Cells{"a", "b", "c"}));
    EXPECT_EQ(rows[1].cells, (Cells{"1", "", "3"}));
}

TEST(Csv, ReadsQuotesSeparatorsAndLineEndsInsideACell) {
    const auto rows = rows_of("a,b\n\"x \"\"y\"\", z\",\"two\r\nlines\"\nlast,row\n");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].cells, (Cells{"x \"y\", z", "two\r\nlines"}));
    EXPECT_EQ(rows[2].line, 4U);
}

TEST(Csv, SkipsAByteOrderMark) {
    EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                      "a,b\n1,2\n")[0]
                  .cells,
              (Cells{"a", "b"}));
}

TEST(Csv, ReadsWhatSpreadsheetsOfOtherCountriesWrite) {
    EXPECT_EQ(rows_of("a;b\n1,5;2\n")[1].cells, (Cells{"1,5", "2"}));
    EXPECT_EQ(rows_of("a\tb\n1\t2\n")[1].cells, (Cells{"1", "2"}));
}

TEST(Csv, ReadsEveryLineEndAndNone) {
    EXPECT_EQ(rows_of("a,b\r\n1,2\r\n").size(), 2U);
    EXPECT_EQ(rows_of("a,b\n1,2")[1].cells, (Cells{"1", "2"}));
    EXPECT_TRUE(rows_of("").empty());
}

TEST(Csv, CountsLinesAsAnEditorDoes) {
    const auto rows = rows_of("a\n\n\n1\n\"x\n\ny\"\n\n2\n");
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[1].line, 4U);
    EXPECT_EQ(rows[2].line, 5U);
    EXPECT_EQ(rows[3].line, 9U);
}

TEST(Csv, ABadRowCostsNoOther) {
    const auto rows = rows_of("a,b\n1,x\"y\n\"p\"q,2\n3,4\n");
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_NE(rows[1].fault.find("quote"), std::string::npos);
    EXPECT_EQ(rows[1].line, 2U);
    EXPECT_NE(rows[2].fault, "");
    EXPECT_EQ(rows[2].line, 3U);
    EXPECT_EQ(rows[3].cells, (Cells{"3", "4"}));
    EXPECT_EQ(rows[3].line, 4U);
}

TEST(Csv, ARowThatIsNotUtf8IsBad) {
    const auto rows = rows_of("a\n\xFC\n\xC3\xBC\n");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_NE(rows[1].fault.find("UTF-8"), std::string::npos);
    EXPECT_EQ(rows[2].cells, Cells{"\u00FC"});
}

TEST(Csv, AnOpenQuoteIsNamedWhereItBegan) {
    const auto rows = rows_of("a,b\n1,2\n\"open,3\n4,5\n");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].line, 3U);
    EXPECT_NE(rows[2].fault.find("open"), std::string::npos);
}

TEST(Csv, AnOpenQuoteDoesNotEatTheMemory) {
    std::string text = "a,b\n\"open,3\n";
    for (int i = 0; i < 20'000; ++i)
        text += "4,5,6,7,8,9\n";
    const auto rows = rows_of(text);
    ASSERT_GT(rows.size(), 2U);
    EXPECT_EQ(rows[1].line, 2U);
    EXPECT_NE(rows[1].fault.find("left open"), std::string::npos);
    EXPECT_EQ(rows.back().cells.size(), 6U);
}

TEST(Csv, AFileThatIsMissingIsNotFound) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(CsvReader::open(folder / "none.csv").error().code, Errc::NotFound);
    EXPECT_FALSE(CsvReader::open(folder / "")->next());  // a folder opens, but does not read
}

TEST(Csv, WritesCellsThatComeBack) {
    for (const std::string text : {"plain", "a,b", "a;b", "\"", "two\nlines", "GT1: $%*+-./"}) {
        const auto rows = rows_of("x,y\n" + csv_cell(text) + ",1\n");
        ASSERT_EQ(rows.size(), 2U) << text;
        EXPECT_EQ(rows[1].cells, (Cells{text, "1"})) << text;
    }
    EXPECT_EQ(csv_cell("plain"), "plain");
}

}  // namespace
}  // namespace stile::crypto
