// SPDX-License-Identifier: Apache-2.0
// Steps and worlds that are nested without end are answered, and open nothing.
#include <filesystem>

#include <gtest/gtest.h>

#include "daemon/stilectl/decide_session.hpp"
#include "daemon/stilectl/shallow.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

constexpr std::string_view kCheck = R"({"op": "check", "lists": {"fest": 1}, "secret": "dayone"})";

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

std::string rule_of(std::size_t levels) {
    return repeated(R"({"!":[)", levels) + "1" + repeated("]}", levels);
}

DecideSession fest() {
    auto world = read_world(std::filesystem::path{STILE_DECIDE_DATA} / "world.json", "fest");
    EXPECT_TRUE(world);
    auto session = DecideSession::open(std::move(*world));
    EXPECT_TRUE(session);
    return std::move(*session);
}

bool is_refused(std::string_view answer) {
    return answer.starts_with(R"({"type":"RULES")");
}

TEST(Shallow, LeavesAloneWhatIsNotDeep) {
    const std::string limit = repeated("[", kShallow) + repeated("]", kShallow);
    for (const std::string& text :
         {std::string{}, std::string{"]]}x"}, std::string{R"({"a":"[[\"{\\"})"}, limit,
          '"' + repeated("[", 1'000) + '"', R"(["\\)" + repeated("\\\"", 300) + R"("])"})
        EXPECT_EQ(made_shallow(text), text);
}

TEST(Shallow, CutsWhatIsDeep) {
    const std::string above = repeated("[", kShallow);
    const std::string below = repeated("]", kShallow);
    const std::string cut = R"({"nested too deep":null})";
    EXPECT_EQ(made_shallow(above + "[]" + below), above + cut + below);
    EXPECT_EQ(made_shallow(above + R"(1,{"a":"]"},2,[[[]]])" + below),
              above + "1," + cut + ",2," + cut + below);
    EXPECT_EQ(made_shallow(above + "[[["), above + cut);
}

TEST(DecideDeep, RefusesEverybodyUnderARuleThatIsTooDeep) {
    for (const std::size_t levels : {70U, 110U, 1'000U, 10'000U, 300'000U}) {
        DecideSession session = fest();
        EXPECT_EQ(
            session.answer(R"({"op": "set_rule", "list": 1, "rules": )" + rule_of(levels) + "}"),
            R"({"ok": true})")
            << levels;
        EXPECT_TRUE(is_refused(session.answer(kCheck))) << levels;
    }
}

TEST(DecideDeep, RefusesEverybodyUnderARuleThatIsTooLarge) {
    DecideSession session = fest();
    const std::string rule = R"({"==":[1,")" + std::string(2'000'000, 'x') + R"("]})";
    EXPECT_TRUE(session.answer(R"({"op": "set_rule", "list": 1, "rules": )" + rule + "}")
                    .starts_with(R"({"error":)"));
    EXPECT_TRUE(is_refused(session.answer(kCheck)));
    EXPECT_EQ(session.answer(R"({"op": "set_rule", "list": 1, "rules": {}})"), R"({"ok": true})");
    EXPECT_TRUE(session.answer(kCheck).starts_with(R"({"type":"VALID")"));
}

TEST(DecideDeep, AnswersStepsOfEveryDepth) {
    DecideSession session = fest();
    const std::string deep = repeated("[", 300'000) + repeated("]", 300'000);
    for (const std::string& step :
         {R"({"op": )" + deep + "}",
          R"({"op": "check", "secret": "dayone", "lists": )" + deep + "}",
          R"({"op": "check", "secret": "dayone", "lists": {"fest": 1}, "answers": )" + deep + "}",
          deep, repeated("[", 300'000)})
        EXPECT_TRUE(session.answer(step).starts_with(R"({"error":)"));
}

TEST(DecideDeep, LoadsAWorldWithARuleThatIsTooDeepAndRefusesEverybody) {
    const test::TempDir folder;
    for (const std::size_t levels : {1'000U, 100'000U}) {
        const auto file = folder.write(
            "world.json",
            R"({"worlds":{"w":{"events":{"fest":"e"},"items":{"fest":["i"]},)"
            R"("lists":{"fest":["l"]},"orders":{"fest":["o"]}}},)"
            R"("files":{"e":{"slug":"fest","timezone":"UTC","date_from":)"
            R"("2030-01-01T00:00:00Z"},"i":{"id":1,"name":{"en":"Day"}},)"
            R"("o":{"code":"A","status":"p","positions":[{"id":1,"item":1,"secret":"dayone"}]},)"
            R"("l":{"id":1,"name":"All","all_products":true,"rules":)" +
                rule_of(levels) + "}}}");
        auto world = read_world(file, "w");
        ASSERT_TRUE(world);
        auto session = DecideSession::open(std::move(*world));
        ASSERT_TRUE(session);
        EXPECT_TRUE(is_refused(session->answer(kCheck))) << session->answer(kCheck);
    }
}

}  // namespace
}  // namespace stile
