// SPDX-License-Identifier: Apache-2.0
// The gate's rules are evaluated without memory: this program counts every allocation of its C++.
#include <gtest/gtest.h>

#include "tests/daemon/rules_fixture.hpp"
#include "tests/support/allocations.hpp"

namespace stile::test {
namespace {

std::size_t allocations_of(const std::string& rule, Guest& guest) {
    const auto program = rules::compile_rule(rule);
    EXPECT_TRUE(program) << rule;
    guest.facts.visits = guest.visits;
    const std::size_t before = allocations;
    const auto verdict = rules::evaluate(*program, guest.facts);
    const std::size_t after = allocations;
    EXPECT_TRUE(verdict) << rule << rules::describe(verdict.error());
    return after - before;
}

TEST(RuleAllocation, TheCounterCounts) {
    const std::size_t before = allocations;
    const auto text = std::make_unique<std::string>(100, 'a');
    EXPECT_GE(allocations - before, 2U);
    Guest guest;
    EXPECT_GT(allocations_of(R"({"cat":["a",{"var":"entry_status"}]})", guest), 0U);
}

TEST(RuleAllocation, IsNoneForEveryVariableAndOperatorOfTheEditor) {
    Guest guest;
    guest.entry("2020-01-01T08:00:00Z");
    guest.exit("2020-01-01T09:00:00Z");
    const std::string time = R"({"buildTime":["custom","2020-01-01T08:00:00.000Z"]})";
    for (const std::string& rule : std::vector<std::string>{
             R"({"and":[{"<":[{"var":"entries_today"},3]},{"<=":[{"var":"entries_days"},3]}]})",
             R"({"or":[false,{">":[{"var":"minutes_since_last_entry"},5]}]})",
             R"({"!":[{"==":[{"var":"entry_status"},"present"]}]})",
             R"({"inList":[{"var":"product"},{"objectList":[{"lookup":["product","1","A"]},
                {"lookup":["product","2","B"]}]}]})",
             R"({"inList":[{"var":"gate"},{"objectList":[{"lookup":["gate","2","B"]}]}]})",
             R"({">=":[{"var":"now_isoweekday"},1]})",
             R"({"!=":[{"var":"minutes_since_first_entry"},7]})",
             R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","14:00"]},null]})",
             R"({"isBefore":[{"var":"now"},{"buildTime":["date_to"]},600]})",
             R"({"isAfter":[{"var":"now"},)" + time + "]}",
             R"({"<":[{"entries_since":[)" + time + "]},3]}",
             R"({"<":[{"entries_days_since":[)" + time + "]},3]}",
             R"({"<":[{"entries_before":[)" + time + "]},3]}",
             R"({"<":[{"entries_days_before":[)" + time + "]},3]}", R"({"var":"variation"})", "{}"})
        EXPECT_EQ(allocations_of(rule, guest), 0U) << rule;
}

}  // namespace
}  // namespace stile::test
