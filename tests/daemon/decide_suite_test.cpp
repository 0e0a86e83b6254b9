// SPDX-License-Identifier: Apache-2.0
// Whole scripts of scans against the real decision: our own suite, and the shared one of the
// platform's clients.
#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/stilectl/decide_session.hpp"

namespace stile {
namespace {

// Keeps the order of members: that of events is significant.
using Json = nlohmann::ordered_json;

const std::filesystem::path kOwn{STILE_DECIDE_DATA};
const std::filesystem::path kShared{STILE_SHARED_DIR "/vectors/pretix"};

std::optional<Json> load(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in) return std::nullopt;
    return Json::parse(in);
}

// A session, and what it says to one step.
class Play {
public:
    Play(const std::filesystem::path& fixtures, const std::string& name) {
        auto world = read_world(fixtures, name);
        EXPECT_TRUE(world) << world.error().context;
        if (world) begin(std::move(*world));
    }
    explicit Play(World world) { begin(std::move(world)); }

    Json answer(const Json& step) { return Json::parse(session_->answer(step.dump())); }
    Json check(const Json& lists, const std::string& secret, const std::string& type = "entry",
               const Json& answers = {}) {
        return answer({{"op", "check"},
                       {"lists", lists},
                       {"secret", secret},
                       {"type", type},
                       {"answers", answers}});
    }
    std::string code(const Json& lists, const std::string& secret) {
        return check(lists, secret)["type"];
    }

private:
    void begin(World world) {
        auto session = DecideSession::open(std::move(world));
        ASSERT_TRUE(session) << session.error().context;
        session_.emplace(std::move(*session));
    }
    std::optional<DecideSession> session_;
};

void expect(const Json& step, const Json& answer) {
    const std::string where = step.dump() + "\n" + answer.dump();
    EXPECT_EQ(answer.contains("error"), step.contains("fails")) << where;
    const Json wanted = step.value("expect", Json::object());
    for (const auto& [name, value] : wanted.items())
        EXPECT_EQ(answer.value(name, Json{}), value) << name << "\n" << where;
    if (!step.value("op", "").starts_with("expect_")) return;
    for (const char* name : {"count", "value"}) {
        if (!step.contains(name)) continue;
        EXPECT_EQ(answer.value(name, Json{}), step[name]) << where;
    }
}

void play_all(const std::filesystem::path& scripts, const std::filesystem::path& fixtures) {
    const auto all = load(scripts);
    ASSERT_TRUE(all);
    for (const Json& script : *all) {
        SCOPED_TRACE(script["name"].get<std::string>());
        Play play{fixtures, script["world"]};
        for (const Json& step : script["steps"])
            expect(step, play.answer(step));
    }
}

TEST(DecideSuite, DecidesWhatTheRuleSetDescribes) {
    play_all(kOwn / "suite.json", kOwn / "world.json");
}

TEST(DecideConformance, AgreesWithTheSharedScenarios) {
    if (!load(kShared / "scenarios.json")) GTEST_SKIP() << "no shared vectors";
    play_all(kShared / "scenarios.json", kShared / "fixtures.json");
}

// "INVALID (no crash)", "VALID on demo/1", and the one about two lists.
TEST(DecideConformance, HoldsAgainstEveryHardeningCase) {
    const auto cases = load(kShared / "derived_hardening.json");
    if (!cases) GTEST_SKIP() << "no shared vectors";
    for (const Json& row : *cases) {
        const std::string wanted = row["expected_for_us"];
        Play play{kShared / "fixtures.json", "main"};
        EXPECT_EQ(play.code({{"demo", 1}}, row["secret"]),
                  wanted.starts_with("VALID") ? "VALID" : "INVALID")
            << row["id"];
    }
}

TEST(DecideConformance, RefusesASignedTicketOfAnotherDate) {
    const auto cases = load(kShared / "derived_hardening.json");
    if (!cases) GTEST_SKIP() << "no shared vectors";
    auto world = read_world(kShared / "fixtures.json", "main");
    ASSERT_TRUE(world);
    world->rows.push_back({Resource::Lists, "demo",
                           R"({"id": 12, "name": "Other date", "all_products": true,
                               "limit_products": [], "subevent": 12, "rules": {}})"});
    Play play{std::move(*world)};
    for (const Json& row : *cases) {
        if (row["id"] == "subevent-14") {
            EXPECT_EQ(play.code({{"demo", 12}}, row["secret"]), "INVALID");
        }
    }
}

std::string spelled(const std::string& expected) {
    if (expected == "ok") return "VALID";
    return expected == "incomplete" ? "ANSWERS_REQUIRED" : "USED";
}

TEST(DecideConformance, AgreesWithTheChecksOfTicketsWithoutOrders) {
    const auto cases = load(kShared / "ios_dataless.json");
    const auto tickets = load(kShared / "tickets.json");
    if (!cases || !tickets) GTEST_SKIP() << "no shared vectors";
    for (const Json& one : *cases) {
        const std::string name = one["name"];
        if (!one.contains("steps")) continue;  // told apart above, or of signatures alone
        Play play{kShared / "fixtures.json", "main"};
        const bool asks = name == "testSignedAndValidMissingAnswers";
        for (const char* question : {"questions/question1.json", "questions/question2.json"}) {
            if (asks) play.answer({{"op", "load_question"}, {"fixture", question}});
        }
        for (const Json& step : one["steps"]) {
            if (step["now"].is_string()) play.answer({{"op", "now"}, {"at", step["now"]}});
            const auto ticket = std::ranges::find_if(
                *tickets, [&](const Json& row) { return row["id"] == step["ticket"]; });
            const Json lists{{"demo", name == "testNoEntryAfterExit" ? 3 : 1}};
            const Json answer = play.check(lists, (*ticket)["secret"], step["type"],
                                           asks ? Json{{"1", "True"}} : Json{});
            EXPECT_EQ(answer["type"], spelled(step["expect"])) << name;
            EXPECT_EQ(answer.value("required_answers_count", 0), asks ? 1 : 0);
        }
    }
}

TEST(DecideSuite, RefusesACodeOfAMegabyte) {
    Play play{kOwn / "world.json", "fest"};
    EXPECT_EQ(play.code({{"fest", 1}}, std::string(1U << 20U, 'x')), "INVALID");
    EXPECT_EQ(play.code({{"fest", 1}}, std::string(1U << 20U, 'A')), "INVALID");
    EXPECT_EQ(play.code({{"fest", 1}}, "dayone"), "VALID");
}

TEST(DecideSuite, AnswersEveryBrokenLine) {
    auto world = read_world(kOwn / "world.json", "fest");
    ASSERT_TRUE(world);
    auto session = DecideSession::open(std::move(*world));
    ASSERT_TRUE(session);
    for (const std::string_view line : {"", "{", "[]", "null", "7", "{\"op\": 7}", "\"check\"",
                                        "\xFF\xFE", "{\"op\": \"\\ud800\"}"})
        EXPECT_TRUE(Json::parse(session->answer(line)).contains("error")) << line;
}

TEST(DecideSuite, RefusesFixturesThatAreNone) {
    EXPECT_EQ(read_world(kOwn / "nothing.json", "fest").error().code, Errc::NotFound);
    EXPECT_EQ(read_world(kOwn / "suite.json", "fest").error().code, Errc::Invalid);
    EXPECT_EQ(read_world(kOwn / "world.json", "moon").error().code, Errc::Invalid);
}

// What one ticket was answered, in a script that mixes it with another.
std::vector<std::string> answers_in(const std::vector<std::size_t>& order) {
    const std::array<std::string, 2> secrets{"dayone", "freecar"};
    const std::array<std::string, 4> types{"entry", "exit", "entry", "entry"};
    Play play{kOwn / "world.json", "fest"};
    std::array<std::size_t, 2> next{};
    std::array<std::vector<std::string>, 2> answers;
    for (const std::size_t who : order) {
        answers.at(who).push_back(
            play.check({{"fest", 1}}, secrets.at(who), types.at(next.at(who)++))["type"]);
    }
    answers[0].insert(answers[0].end(), answers[1].begin(), answers[1].end());
    return answers[0];
}

TEST(DecideSuite, DecidesOnEachTicketWhateverOthersDo) {
    std::vector<std::size_t> order{0, 0, 0, 0, 1, 1, 1, 1};
    const auto alone = answers_in(order);
    EXPECT_EQ(alone[0], "VALID");
    EXPECT_EQ(alone[3], "USED");
    for (int i = 0; i < 69; ++i) {
        ASSERT_TRUE(std::ranges::next_permutation(order).found);
        if (i % 10 != 0) continue;
        EXPECT_EQ(answers_in(order), alone);
    }
}

}  // namespace
}  // namespace stile
