// SPDX-License-Identifier: Apache-2.0
// Answers at check-in, good and bad, of every type of question.
#include "daemon/core/answers.hpp"

#include <map>

#include <gtest/gtest.h>

#include "daemon/core/email.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile {
namespace {

using Type = QuestionType;
enum class Is : std::uint8_t { Optional, Required };

Question question(Type type, Is is = Is::Optional) {
    Question asked;
    asked.type = type;
    asked.required = is == Is::Required;
    asked.options = {{3, "AAA1", "One"}, {12, "BBB2", "Two"}};
    return asked;
}

std::string answer(Type type, std::string_view input) {
    const auto cleaned = clean_answer(question(type), input, Demand::AsAsked);
    return cleaned ? *cleaned : "fault: " + std::string{fault_text(cleaned.error())};
}

void expect_faults(Type type, AnswerFault fault, std::initializer_list<std::string_view> inputs) {
    for (const std::string_view input : inputs) {
        const auto cleaned = clean_answer(question(type), input, Demand::AsAsked);
        ASSERT_FALSE(cleaned) << input << " became " << *cleaned;
        EXPECT_EQ(cleaned.error(), fault) << input;
    }
}

Type type_of(const std::string& letters) {
    static const std::map<std::string, Type> table{
        {"N", Type::Number}, {"S", Type::Line},      {"T", Type::Text},
        {"B", Type::YesNo},  {"C", Type::Choice},    {"M", Type::MultipleChoice},
        {"D", Type::Date},   {"H", Type::TimeOfDay}, {"EMAIL", Type::Email}};
    return table.at(letters);
}

TEST(Answers, HoldTheSharedCases) {
    STILE_LOAD_OR_SKIP(vectors, "pretix/question_answers.json");
    for (const auto& entry : vectors["cases"]) {
        const auto cleaned = clean_answer(question(type_of(entry["type"])),
                                          entry["input"].get<std::string>(), Demand::AsAsked);
        EXPECT_EQ(cleaned ? nlohmann::json(*cleaned) : nlohmann::json{}, entry["expected"])
            << entry;
    }
    for (const auto& entry : vectors["required_cases"]) {
        const bool optional = entry.value("all_optional", false);
        const auto cleaned = clean_answer(question(type_of(entry["type"]), Is::Required),
                                          entry["input"].get<std::string>(),
                                          optional ? Demand::AllOptional : Demand::AsAsked);
        EXPECT_EQ(cleaned.has_value(), entry["ok"].get<bool>()) << entry;
    }
}

TEST(Answers, AreNothingWhereNothingIsGivenAndNothingIsRequired) {
    for (const Type type : {Type::Number, Type::Line, Type::Choice, Type::MultipleChoice,
                            Type::Date, Type::Email, Type::File, Type::Phone}) {
        EXPECT_EQ(answer(type, ""), "");
        EXPECT_EQ(answer(type, " \t\n"), "");
    }
    EXPECT_EQ(answer(Type::YesNo, ""), "False");
}

TEST(Answers, AreMissingWhereTheyAreRequired) {
    for (const Type type : {Type::Number, Type::Line, Type::Text, Type::Choice, Type::Date}) {
        for (const char* input : {"", "  "}) {
            EXPECT_EQ(clean_answer(question(type, Is::Required), input, Demand::AsAsked).error(),
                      AnswerFault::Missing);
            EXPECT_EQ(clean_answer(question(type, Is::Required), input, Demand::AllOptional), "");
        }
    }
    for (const char* no : {"", "False", "false", "0", "1", "TRUE", "yes", "True "})
        EXPECT_EQ(clean_answer(question(Type::YesNo, Is::Required), no, Demand::AsAsked).error(),
                  AnswerFault::Missing);
    EXPECT_EQ(clean_answer(question(Type::YesNo, Is::Required), "true", Demand::AsAsked), "True");
}

TEST(Answers, AreStillCheckedWhereAllAreOptional) {
    EXPECT_EQ(clean_answer(question(Type::Number, Is::Required), "x", Demand::AllOptional).error(),
              AnswerFault::NotANumber);
}

TEST(Answers, WriteNumbersInFull) {
    const std::map<std::string, std::string> table{
        {"3", "3"},          {"2.56", "2.56"},
        {"-4", "-4"},        {"+4", "4"},
        {".5", "0.5"},       {"3.", "3"},
        {"007", "7"},        {"2.50", "2.50"},
        {"1e3", "1000"},     {"1.5E+2", "150"},
        {"12e-4", "0.0012"}, {"-0", "0"},
        {"-0.0", "0.0"},     {"0e5", "0"},
        {"00.10", "0.10"},   {"1.25e1", "12.5"},
        {"-.5", "-0.5"},     {"0.00", "0.00"},
        {"1e0", "1"},        {"123456789012345678901234567890", "123456789012345678901234567890"}};
    for (const auto& [input, full] : table)
        EXPECT_EQ(answer(Type::Number, input), full) << input;
    expect_faults(
        Type::Number, AnswerFault::NotANumber,
        {"abc", "1,5", "1.2.3", "--1",      "+-1", "1e",     "e5",    ".",    "-",     "1 2",
         " 1",  "1 ",  "0x10",  "Infinity", "NaN", "1e9999", "1e+-5", "1e5x", "1_000", "١"});
    EXPECT_EQ(clean_answer(question(Type::Number), std::string(2000, '9'), Demand::AsAsked).error(),
              AnswerFault::NotANumber);
}

TEST(Answers, KeepTextsAsTheyStand) {
    EXPECT_EQ(answer(Type::Line, " a b "), " a b ");
    EXPECT_EQ(answer(Type::Text, "one\ntwo ü"), "one\ntwo ü");
    expect_faults(Type::Text, AnswerFault::NotText, {"\xff", "\xc3"});
    expect_faults(Type::Line, AnswerFault::NotAFile, {"file:///etc/passwd"});
    EXPECT_EQ(clean_answer(question(Type::Text), std::string(20'000, 'a'), Demand::AsAsked).error(),
              AnswerFault::NotText);
}

TEST(Answers, AreYesOnlyIfTheySayTrue) {
    EXPECT_EQ(answer(Type::YesNo, "true"), "True");
    for (const char* no : {"0", "1", "no", "TRUE", "anything", "file:///x"})
        EXPECT_EQ(answer(Type::YesNo, no), "False") << no;
}

TEST(Answers, ChooseByIdOrIdentifier) {
    EXPECT_EQ(answer(Type::Choice, "12"), "12");
    EXPECT_EQ(answer(Type::Choice, "BBB2"), "12");
    expect_faults(Type::Choice, AnswerFault::NotAChoice,
                  {"A", "1", "03", "3,12", "3 ", "bbb2", "One", "-3", ","});
    Question without = question(Type::Choice);
    without.options = {{5, "", "x"}};
    EXPECT_FALSE(clean_answer(without, "x", Demand::AsAsked));
}

TEST(Answers, ChooseSeveral) {
    EXPECT_EQ(answer(Type::MultipleChoice, "3,12"), "3,12");
    EXPECT_EQ(answer(Type::MultipleChoice, "12,AAA1"), "12,3");
    EXPECT_EQ(answer(Type::MultipleChoice, "3,3,"), "3");
    expect_faults(Type::MultipleChoice, AnswerFault::NotAChoice,
                  {"3,4", "3, 12", ",", ",3", "3,,12", "3;12", "x", "[3]"});
}

TEST(Answers, KnowTheCalendarAndTheClock) {
    EXPECT_EQ(answer(Type::Date, "2024-02-29"), "2024-02-29");
    expect_faults(Type::Date, AnswerFault::NotADate,
                  {"2023-02-29", "2018-13-01", "2018-00-10", "2018-04-31", "19.01.2018", "today",
                   "2018-1-9", "2018-01-19T12:20"});
    EXPECT_EQ(answer(Type::TimeOfDay, "00:00"), "00:00");
    EXPECT_EQ(answer(Type::TimeOfDay, "23:59:59"), "23:59:59");
    expect_faults(Type::TimeOfDay, AnswerFault::NotATime,
                  {"Foo", "24:00", "12:60", "12", "12:20 pm", "1220", "-1:00"});
    for (const char* good : {"2018-01-19T12:20", "2018-01-19T12:20:30", "2018-01-19T12:20:00Z",
                             "2018-01-19T12:20:00+01:00"})
        EXPECT_EQ(answer(Type::DateTime, good), good);
    expect_faults(
        Type::DateTime, AnswerFault::NotATime,
        {"2018-01-19", "12:20", "2018-02-30T12:20", "2018-01-19T24:20", "2018-01-19 12:20", "Foo"});
}

TEST(Answers, KnowCountriesTelephonesAndFiles) {
    EXPECT_EQ(answer(Type::Country, "de"), "DE");
    EXPECT_EQ(answer(Type::Country, "ZW"), "ZW");
    EXPECT_EQ(answer(Type::Country, "AD"), "AD");
    expect_faults(Type::Country, AnswerFault::NotACountry,
                  {"D", "DEU", "D1", "Germany", "ü", "XX", "ZZ", "DD", "DA", "EU"});
    EXPECT_EQ(answer(Type::Phone, "+49 (6221) 32177-50"), "+49 (6221) 32177-50");
    expect_faults(Type::Phone, AnswerFault::NotAPhone, {"12", "call me", "+49x6221", "+++"});
    EXPECT_EQ(answer(Type::File, "file:///tmp/a.png"), "file:///tmp/a.png");
    EXPECT_EQ(answer(Type::File, "https://example.org/a"), "https://example.org/a");
    expect_faults(Type::File, AnswerFault::NotAFile, {"/tmp/a.png", "a", "ftp://example.org"});
}

TEST(Email, TakesAddresses) {
    const std::string label(63, 'a');
    for (const std::string& good : std::vector<std::string>{"foobar@example.org",
                                                            "a.b+c@sub.example.co.uk",
                                                            "weird!#$%&'*/=?^_`{|}~@example.org",
                                                            "1234567890@example.com",
                                                            "a@b-c.io",
                                                            "a@xn--bcher-kva.example",
                                                            "a@bücher.example",
                                                            "a@उदाहरण.परीक्षा",
                                                            "a@example.museum",
                                                            "\"quoted@local\"@example.org",
                                                            "\"with\\ space\"@example.org",
                                                            "\"\"@example.org",
                                                            "\"\\\"\"@example.org",
                                                            "\"\\\t\"@example.org",
                                                            "a@" + label + ".org",
                                                            "a@x." + label,
                                                            "a@many-----hyphens.com",
                                                            "UPPER@EXAMPLE.ORG",
                                                            "a@1.example.org",
                                                            "_@example.org",
                                                            "joe@example.x1"})
        EXPECT_TRUE(is_email(good)) << good;
}

TEST(Email, RefusesEverythingElse) {
    const std::string label(64, 'a');
    for (const std::string& bad : std::vector<std::string>{"",
                                                           "@",
                                                           "abc",
                                                           "abc@",
                                                           "abc@bar",
                                                           "@example.org",
                                                           "a @x.cz",
                                                           "abc@.com",
                                                           "a@example..org",
                                                           "a@example.org.",
                                                           ".a@example.org",
                                                           "a.@example.org",
                                                           "a..b@example.org",
                                                           "something@@somewhere.com",
                                                           "a@127.0.0.1",
                                                           "a@-example.org",
                                                           "a@example-.org",
                                                           "a@inv-.alid-.org",
                                                           "a@inv-.-alid.org",
                                                           "a@example.c",
                                                           "a@example.org\n",
                                                           "a@example.org\n\n<script>",
                                                           "\"\\\n\"@example.org",
                                                           "\"a b\"@example.org",
                                                           "\"a\"b\"@example.org",
                                                           "\"a\\\"@example.org",
                                                           "\"a@example.org",
                                                           "a b@example.org",
                                                           "a@exam ple.org",
                                                           "a@example_x.org",
                                                           "a@" + label + ".org",
                                                           "a@x." + label,
                                                           std::string(320, 'a') + "@example.org",
                                                           "a@exam\xffple.org",
                                                           "a@\xe3\x80\x82.org",
                                                           "ü@example.org",
                                                           "a,b@example.org",
                                                           "(a)@example.org",
                                                           "a@example.-x",
                                                           "a@.",
                                                           "a@..",
                                                           "a\\@example.org",
                                                           "\"\xc3\xbc\"@example.org"})
        EXPECT_FALSE(is_email(bad)) << bad;
}

// A platform may have taken such an answer long ago: the gate does not ask for another.
TEST(Email, TakesMachines) {
    for (const std::string_view host :
         {"localhost", "[127.0.0.1]", "[255.255.255.255]", "[::]", "[::1]", "[2001:dB8::1]",
          "[2001:dB8:0:0:0:0:0:1]", "[1::8]", "[1:2:3:4:5:6:7::]", "[::fffF:127.0.0.1]",
          "[1:2:3:4:5:6:127.0.0.1]"})
        EXPECT_TRUE(is_email("a@" + std::string{host})) << host;
}

TEST(Email, RefusesWhatIsNoMachine) {
    for (const std::string_view host : {"localhost.",
                                        "LOCALHOSTS",
                                        "[]",
                                        "[",
                                        "]",
                                        "[localhost]",
                                        "[127.0.0.1",
                                        "127.0.0.1]",
                                        "[127.0.0.256]",
                                        "[127.0.0]",
                                        "[127.0.0.1.1]",
                                        "[127.0.0.01]",
                                        "[127.0.0.-1]",
                                        "[1]",
                                        "[:]",
                                        "[:::]",
                                        "[1:::2]",
                                        "[::1::]",
                                        "[2001:db8::12345]",
                                        "[2001:db8:0:0:0:0:1]",
                                        "[1:2:3:4:5:6:7:8:9]",
                                        "[1:2:3:4:5:6:7:8::]",
                                        "[2001:dg8::1]",
                                        "[:1]",
                                        "[1:]",
                                        "[1::2:]",
                                        "[::ffff:127.0.0.256]",
                                        "[127.0.0.1::1]",
                                        "[1:2:3:4:5:6:7:127.0.0.1]",
                                        "[::1]\n",
                                        "[::1]x"})
        EXPECT_FALSE(is_email("a@" + std::string{host})) << host;
}

}  // namespace
}  // namespace stile
