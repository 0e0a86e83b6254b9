// SPDX-License-Identifier: Apache-2.0
// The table of fields itself: files that cannot be read, times, and what a caller learns of a key.
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config/document.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

using namespace std::chrono;
using stile::test::TempDir;

// Root may read everything; another user may not.
class AsNobody {
public:
    AsNobody() : was_{::geteuid()} { EXPECT_TRUE(was_ != 0 || ::seteuid(65534) == 0); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
    ~AsNobody() { EXPECT_TRUE(was_ != 0 || ::seteuid(0) == 0); }

private:
    uid_t was_;
};

class ConfigDocument : public testing::Test {
protected:
    // Reads `text`, and fills the one key `x.value`.
    Result<void> fill(std::string_view text, Field field) {
        const auto document = Document::read(folder_.write("x.toml", text));
        if (!document) return std::unexpected{document.error()};
        field.key = "value";
        return document->fill({{"x", [&field] { return Fields{field}; }, Section::Count::One}});
    }
    TempDir folder_;
};

TEST_F(ConfigDocument, SaysWhenThereIsNoFile) {
    EXPECT_EQ(Document::read(folder_.path() / "none.toml").error().code, Errc::NotFound);
    EXPECT_EQ(Document::read(folder_.path() / "no" / "none.toml").error().code, Errc::NotFound);
}

TEST_F(ConfigDocument, RefusesAFolder) {
    const auto document = Document::read(folder_.path());
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, Errc::Config);
    EXPECT_EQ(document.error().context, folder_.path().native() + ": not a file");
}

TEST_F(ConfigDocument, RefusesAPipeWithoutWaitingForIt) {
    const auto pipe = folder_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(Document::read(pipe).error().code, Errc::Config);
    EXPECT_EQ(Document::read("/dev/zero").error().code, Errc::Config);
}

TEST_F(ConfigDocument, SaysWhenItMayNotReadTheFile) {
    const auto file = folder_.write("secret.toml", "[x]\n");
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    ASSERT_EQ(::chmod(file.c_str(), 0), 0);
    const AsNobody nobody;
    EXPECT_EQ(Document::read(file).error().code, Errc::Denied);
}

TEST_F(ConfigDocument, SaysWhenItMayNotEnterTheFolder) {
    const auto file = folder_.write("secret.toml", "[x]\n");
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0), 0);
    {
        const AsNobody nobody;
        EXPECT_EQ(Document::read(file).error().code, Errc::Denied);
    }
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
}

TEST_F(ConfigDocument, RefusesAFileOfMoreThanOneMegabyte) {
    const std::string line = "# a comment that fills the file\n";
    std::string text;
    while (text.size() + line.size() <= 1 << 20)
        text += line;
    text.resize(1 << 20, '\n');
    EXPECT_TRUE(Document::read(folder_.write("full.toml", text)));
    const auto larger = folder_.write("larger.toml", text + "\n");
    EXPECT_EQ(Document::read(larger).error().context, larger.native() + ": larger than 1 MiB");
    const auto largest = folder_.write("largest.toml", text + text);
    EXPECT_EQ(Document::read(largest).error().code, Errc::Config);
}

TEST_F(ConfigDocument, ReadsTimesWithTheirZone) {
    const sys_seconds evening = sys_days{2026y / June / 1} + 18h;
    for (const std::string_view time :
         {"2026-06-01T18:00:00Z", "2026-06-01 20:00:00+02:00", "2026-06-01T08:30:00-09:30"}) {
        sys_seconds value{};
        const auto filled = fill(std::string{"[x]\nvalue = "}.append(time), {.target = &value});
        ASSERT_TRUE(filled) << filled.error().context;
        EXPECT_EQ(value, evening) << time;
    }
}

TEST_F(ConfigDocument, RefusesTimesThatAreNone) {
    for (const std::string_view time :
         {"2026-06-01T18:00:00", "2026-06-01", "18:00:00", "1780336800", "\"2026-06-01T18:00:00Z\"",
          "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-06-31T00:00:00Z",
          "2026-06-00T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T18:60:00Z",
          "2026-06-01T18:00:61Z", "2026-06-01T18:00:00+25:00", "2026-06-01T18:00:00.5Z"}) {
        sys_seconds value{};
        const auto filled = fill(std::string{"[x]\nvalue = "}.append(time), {.target = &value});
        ASSERT_FALSE(filled) << time;
        EXPECT_NE(filled.error().context.find("x.toml:2: "), std::string::npos)
            << filled.error().context;
    }
}

TEST_F(ConfigDocument, TellsWhetherAKeyWasThere) {
    std::string value;
    bool present = false;
    ASSERT_TRUE(fill("[x]\n", {.target = &value, .present = &present}));
    EXPECT_FALSE(present);
    ASSERT_TRUE(fill("[x]\nvalue = \"\"\n", {.target = &value, .present = &present}));
    EXPECT_TRUE(present);
}

TEST_F(ConfigDocument, LeavesTheDefaultWhereAKeyIsMissing) {
    std::string value = "as before";
    ASSERT_TRUE(fill("[x]\n", {.target = &value}));
    EXPECT_EQ(value, "as before");
}

TEST_F(ConfigDocument, ReplacesADefaultListInsteadOfAddingToIt) {
    std::vector<std::string> value{"default"};
    ASSERT_TRUE(fill("[x]\nvalue = [\"a\", \"b\"]\n", {.target = &value}));
    EXPECT_EQ(value, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ConfigDocument, TakesTheSmallestAndTheLargestNumber) {
    std::int64_t value = 0;
    EXPECT_TRUE(fill("[x]\nvalue = -9223372036854775808\n", {.target = &value}));
    EXPECT_EQ(value, INT64_MIN);
    EXPECT_TRUE(fill("[x]\nvalue = 0x7FFF_FFFF_FFFF_FFFF\n", {.target = &value}));
    EXPECT_EQ(value, INT64_MAX);
    EXPECT_FALSE(fill("[x]\nvalue = 9223372036854775808\n", {.target = &value}));
}

TEST_F(ConfigDocument, MissesARequiredKeyOfASectionThatIsThere) {
    std::string value;
    const auto filled = fill("\n[x]\n", {.target = &value, .need = Need::Required});
    ASSERT_FALSE(filled);
    EXPECT_TRUE(filled.error().context.ends_with("x.toml:2: x.value: missing"))
        << filled.error().context;
}

TEST_F(ConfigDocument, TellsTheLineOfAKey) {
    std::string value;
    std::size_t line = 0;
    ASSERT_TRUE(fill("[x]\n", {.target = &value, .line = &line}));
    EXPECT_EQ(line, 0U);
    ASSERT_TRUE(fill("\n\n[x]\n\nvalue = \"\"\n", {.target = &value, .line = &line}));
    EXPECT_EQ(line, 5U);
}

TEST(ConfigMistakes, AreAllToldInTheOrderOfTheirLines) {
    const std::string text =
        "[b]\nnumber = 11\nother = 1\n\n[a]\nnumber = \"x\"\n\n[c]\n[[b.deep]]\n";
    const auto document = Document::parse("x.toml", text);
    ASSERT_TRUE(document);
    std::int64_t number = 0;
    const auto open = [&number] {
        return Fields{{.key = "number", .target = &number, .most = 10},
                      {.key = "name", .target = &number, .need = Need::Required}};
    };
    std::vector<std::string> told;
    for (const Mistake& mistake : document->mistakes_in(
             {{"a", open, Section::Count::One}, {"b", open, Section::Count::One}}))
        told.push_back(text_of(mistake, "x.toml"));
    EXPECT_EQ(told, (std::vector<std::string>{
                        "x.toml:1: b.name: missing",
                        "x.toml:2: b.number: 11 is not between -9223372036854775808 and 10",
                        "x.toml:3: b.other: unknown key",
                        "x.toml:5: a.name: missing",
                        "x.toml:6: a.number: must be a whole number",
                        "x.toml:8: c: unknown section",
                        "x.toml:9: b.deep: unknown key",
                    }));
}

TEST(ConfigMistakes, InTheSyntaxEndTheReading) {
    const auto document = Document::parse("x.toml", "[a]\nx = 1\nx = 2\ny = = 3\n");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().line, 3U);
    EXPECT_EQ(document.error().key, "");
    EXPECT_FALSE(document.error().what.empty());
}

TEST(ConfigMistakes, AreToldWithoutALineWhereThereIsNone) {
    EXPECT_EQ(text_of({.what = "empty"}, "x.toml"), "x.toml: empty");
    EXPECT_EQ(text_of({.line = 3, .what = "odd"}, "x.toml"), "x.toml:3: odd");
}

}  // namespace
}  // namespace stile::config
