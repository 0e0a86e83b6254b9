// SPDX-License-Identifier: Apache-2.0
// Custom rules and check-in questions, as the decision asks them.
#include <gtest/gtest.h>

#include "daemon/core/open_questions.hpp"
#include "daemon/rules/rule_text.hpp"
#include "decide_guest.hpp"

namespace stile {
namespace {

using test::Guest;

Question question(std::uint64_t id, QuestionType type = QuestionType::Line) {
    return {.id = id,
            .event = 7,
            .type = type,
            .required = true,
            .ask_at_checkin = true,
            .products = {1}};
}

// A guest whom these questions are asked.
struct Asked {
    std::vector<Question> questions;
    std::vector<GivenAnswer> answers;
    Guest guest;

    Reason reason(Direction direction = Direction::Entry) {
        guest.at.questions = questions;
        guest.at.answers = answers;
        return guest.reason(direction);
    }
};

TEST(DecideQuestions, AsksWhatHasNoAnswer) {
    Asked asked{.questions = {question(1)}};
    EXPECT_EQ(asked.reason(), Reason::AnswersRequired);
    EXPECT_EQ(asked.reason(Direction::Exit), Reason::Valid);
    asked.answers = {{1, "blue", {}}};
    EXPECT_EQ(asked.reason(), Reason::Valid);
}

TEST(DecideQuestions, AsksNobodyWhereNobodyCanAnswer) {
    Asked asked{.questions = {question(1)}};
    asked.guest.at.asking = ListFacts::Asking::Skip;
    EXPECT_EQ(asked.reason(), Reason::Valid);
}

TEST(DecideQuestions, LetsANewAnswerCountBeforeAnEarlierOne) {
    Asked asked{.questions = {question(1, QuestionType::Number)}};
    asked.guest.position.answers = {{1, "3", {}}};
    EXPECT_EQ(asked.reason(), Reason::Valid);
    asked.answers = {{1, "three", {}}};
    EXPECT_EQ(asked.reason(), Reason::AnswersRequired);
}

TEST(DecideQuestions, TakesTheOptionsOfAnEarlierAnswerAndNotItsWords) {
    Question meal = question(1, QuestionType::Choice);
    meal.options = {{41, "FISH", "Fish"}};
    Asked asked{.questions = {meal}};
    asked.guest.position.answers = {{1, "Fish, as it was called then", "FISH"}};
    EXPECT_EQ(asked.reason(), Reason::Valid);
}

TEST(DecideQuestions, IgnoresAnswersToOtherQuestions) {
    Asked asked{.questions = {question(1)}, .answers = {{2, "blue", {}}}};
    EXPECT_EQ(asked.reason(), Reason::AnswersRequired);
}

TEST(DecideQuestions, AsksWhatAnAnswerLeadsTo) {
    Question second = question(2);
    second.depends_on = 1;
    second.depends_values = {"True"};
    Question first = question(1, QuestionType::YesNo);
    first.required = false;
    Asked asked{.questions = {first, second}, .answers = {{1, "False", {}}}};
    EXPECT_EQ(asked.reason(), Reason::Valid);
    asked.answers = {{1, "True", {}}};
    EXPECT_EQ(asked.reason(), Reason::AnswersRequired);
}

TEST(DecideQuestions, LeavesOutWhatDependsOnNothingOrOnItself) {
    Question lost = question(1);
    lost.depends_on = 99;
    Question circle = question(2);
    circle.depends_on = 2;
    circle.depends_values = {"a"};
    Asked asked{.questions = {lost, circle}, .answers = {{2, "a", {}}}};
    EXPECT_EQ(asked.reason(), Reason::Valid);
}

TEST(DecideRules, RefusesEverybodyWhereTheRuleCannotBeCompiled) {
    Guest guest;
    guest.at.rule = nullptr;
    guest.at.event = &guest.event;
    guest.at.list = &guest.list;
    guest.at.product = &guest.product;
    EXPECT_EQ(guest.asked(), Reason::Rules);
    EXPECT_EQ(guest.asked(Direction::Exit), Reason::Valid);
}

TEST(DecideRules, AsksEntriesAlone) {
    const auto never = rules::compile_rule(R"({"==": [1, 2]})");
    ASSERT_TRUE(never);
    Guest guest;
    guest.rule = &*never;
    EXPECT_EQ(guest.reason(), Reason::Rules);
    EXPECT_EQ(guest.exit(), Reason::Valid);
}

TEST(DecideRules, RefusesADateWhoseTimesAreNotKnown) {
    const auto rule =
        rules::compile_rule(R"({"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}]})");
    ASSERT_TRUE(rule);
    Guest guest;
    guest.rule = &*rule;
    guest.event.times.from = test::kNoon - std::chrono::hours{1};
    EXPECT_EQ(guest.reason(), Reason::Valid);
    guest.position.subevent = 77;
    EXPECT_EQ(guest.reason(), Reason::Rules);
}

TEST(DecideRules, ComeAfterThePaymentAndBeforeTheQuestions) {
    const auto never = rules::compile_rule(R"({"==": [1, 2]})");
    Asked asked{.questions = {question(1)}};
    asked.guest.rule = &*never;
    EXPECT_EQ(asked.reason(), Reason::Rules);
    asked.guest.position.status = OrderStatus::Pending;
    EXPECT_EQ(asked.reason(), Reason::Unpaid);
}

}  // namespace
}  // namespace stile
