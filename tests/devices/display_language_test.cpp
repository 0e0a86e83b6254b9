// SPDX-License-Identifier: Apache-2.0
// The languages of the display: complete, in step with the one table of reasons, and strict.
#include <functional>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/core/reason.hpp"
#include "devices/display/embedded.hpp"
#include "devices/display/language.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::json;

Json built_in(std::string_view code) {
    for (const EmbeddedLanguage& language : embedded_languages()) {
        if (language.code == code) return Json::parse(language.json);
    }
    return {};
}

// What is wrong with English after this change.
std::string mistake(const std::function<void(Json&)>& change) {
    Json file = built_in("en");
    change(file);
    const auto read = read_language(file.dump(), "en");
    return read ? "" : read.error().context;
}

TEST(DisplayLanguages, AreEightAndComplete) {
    const auto all = Languages::load({});
    ASSERT_TRUE(all) << all.error().context;
    std::set<std::string> codes;
    for (const Language& language : all->all()) {
        codes.insert(language.code);
        EXPECT_EQ(language.missing, std::vector<std::string>{}) << language.code;
    }
    EXPECT_EQ(codes,
              (std::set<std::string>{"ar", "de", "en", "es", "fr", "ja", "zh-Hans", "zh-Hant"}));
    EXPECT_TRUE(gaps_in(*all).empty());
    EXPECT_EQ(all->find("ar")->direction, "rtl");
    EXPECT_EQ(all->find("nl"), nullptr);
}

TEST(DisplayLanguages, SayInEnglishWhatTheTableOfReasonsSays) {
    const Json english = built_in("en");
    std::size_t reasons = 0;
    for (unsigned number = 0; number < 256; ++number) {
        const auto reason = reason_from(static_cast<std::uint8_t>(number));
        if (!reason) continue;
        const ReasonText& text = text_of(*reason);
        const Json& words = english["reasons"][std::string{text.code}];
        EXPECT_EQ(words, (Json{text.headline, text.advice})) << text.code;
        ++reasons;
    }
    EXPECT_EQ(english["reasons"].size(), reasons);
}

TEST(DisplayLanguages, DifferFromEnglishInEveryText) {
    const Json english = built_in("en");
    for (const EmbeddedLanguage& language : embedded_languages()) {
        if (language.code == "en") continue;
        const Json other = Json::parse(language.json);
        for (const char* section : {"signs", "reasons"}) {
            for (const auto& [key, words] : english[section].items())
                EXPECT_NE(other[section][key], words) << language.code << " " << key;
        }
    }
}

TEST(DisplayLanguages, AreEnglishWhereSomethingIsMissing) {
    Json file = built_in("de");
    file["reasons"].erase("USED");
    file["words"].erase("seat");
    file.erase("signs");
    const auto read = read_language(file.dump(), "de");
    ASSERT_TRUE(read) << read.error().context;
    const Json texts = Json::parse(read->texts);
    EXPECT_EQ(texts["reasons"]["USED"], built_in("en")["reasons"]["USED"]);
    EXPECT_EQ(texts["signs"], built_in("en")["signs"]);
    EXPECT_EQ(texts["reasons"]["INVALID"], built_in("de")["reasons"]["INVALID"]);
    EXPECT_EQ(read->missing.size(), 2 + built_in("en")["signs"].size());
}

TEST(DisplayLanguages, HaveNoUnknownKeys) {
    EXPECT_EQ(mistake([](Json& file) { file["reasons"]["USD"] = Json{"a", "b"}; }),
              "language en: reasons.USD: unknown key");
    EXPECT_EQ(mistake([](Json& file) { file["colour"] = "red"; }),
              "language en: colour: unknown key");
    EXPECT_EQ(mistake([](Json& file) { file["signs"]["stop"] = Json{"a", "b"}; }),
              "language en: signs.stop: unknown key");
}

TEST(DisplayLanguages, HaveTextsOfAReadableLength) {
    const std::string wrong = "language en: reasons.USED: must be two texts of 1 to 400 bytes";
    for (const Json& words :
         {Json{"a"}, Json{"a", "b", "c"}, Json{"a", ""}, Json{"a", 1}, Json{"a", nullptr},
          Json{"a", std::string(401, 'x')}, Json("a"), Json(1), Json::object()})
        EXPECT_EQ(mistake([&](Json& file) { file["reasons"]["USED"] = words; }), wrong) << words;
    EXPECT_EQ(mistake([](Json& file) { file["words"]["seat"] = Json{"a", "b"}; }),
              "language en: words.seat: must be a text of 1 to 400 bytes");
}

TEST(DisplayLanguages, SayWhoTheyAre) {
    for (const char* key : {"language", "name", "direction"}) {
        EXPECT_EQ(mistake([key](Json& file) { file.erase(key); }),
                  std::string{"language en: "} + key + ": missing key");
        EXPECT_EQ(mistake([key](Json& file) { file[key] = 1; }),
                  std::string{"language en: "} + key + ": must be a text");
    }
    EXPECT_EQ(mistake([](Json& file) { file["language"] = "fr"; }),
              "language en: language: is not the name of the file");
    EXPECT_EQ(mistake([](Json& file) { file["direction"] = "up"; }),
              "language en: direction: must be ltr or rtl");
    EXPECT_EQ(mistake([](Json& file) { file["words"]["welcome"] = "Hello"; }),
              "language en: words.welcome: must have {name} in it");
    EXPECT_EQ(mistake([](Json& file) { file["signs"] = 7; }),
              "language en: signs: must be an object");
}

TEST(DisplayLanguages, AreJson) {
    for (const char* text : {"", "{", "[]", "null", "\"en\"", "{\"language\":\"en\"", "\xff\xfe"})
        EXPECT_FALSE(read_language(text, "en")) << text;
}

TEST(DisplayLanguages, ComeFromAFolderAsWell) {
    const test::TempDir folder;
    Json dutch = built_in("en");
    dutch["language"] = "nl";
    dutch["reasons"].erase("USED");
    folder.write("nl.json", dutch.dump());
    Json german = built_in("de");
    german["name"] = "Unser Deutsch";
    folder.write("de.json", german.dump());
    folder.write("notes.txt", "no language");
    const auto all = Languages::load(folder.path());
    ASSERT_TRUE(all) << all.error().context;
    EXPECT_EQ(all->all().size(), 9U);
    EXPECT_EQ(all->find("de")->name, "Unser Deutsch");
    EXPECT_EQ(gaps_in(*all),
              std::vector<std::string>{"language nl: missing, and shown in English: reasons.USED"});
}

TEST(DisplayLanguages, NameTheFileThatIsWrong) {
    const test::TempDir folder;
    folder.write("nl.json", "{}");
    const auto all = Languages::load(folder.path());
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code, Errc::Config);
    EXPECT_NE(all.error().context.find("nl.json: language nl: language: missing key"),
              std::string::npos)
        << all.error().context;
    EXPECT_EQ(Languages::load(folder.path() / "nowhere").error().code, Errc::Config);
}

}  // namespace
}  // namespace stile::devices
