// SPDX-License-Identifier: Apache-2.0
// What is told of an entry, and what is noticed when it is told wrongly.
#include "tests/simulate/told_entry.hpp"

#include <gtest/gtest.h>

namespace stile::simulate {
namespace {

const std::string kDecision =
    R"({"gate":"north","epoch":"000000000000002a","seq":7,"kind":"decision","lane":"a",)"
    R"("reader":"a-qr","direction":"entry","verdict":"admit","reason":"VALID","people":3,)"
    R"("ticket":"abababababababababababababababab"})";

Entry decision() {
    Decided body;
    body.verdict = Verdict::Admit;
    body.reason = Reason::Valid;
    body.people = 3;
    body.ticket.fill(0xab);
    body.lane = "a";
    body.reader = "a-qr";
    return {.epoch = 42, .seq = 7, .time = {}, .body = body};
}

std::string with(std::string_view from, std::string_view to) {
    std::string text = kDecision;
    return text.replace(text.find(from), from.size(), to);
}

TEST(ToldEntry, SaysWhatStandsInTheLedger) {
    EXPECT_EQ(wrong_field(kDecision, "north", decision()), "");
}

TEST(ToldEntry, IsWrongInAnyFieldThatCounts) {
    const std::string_view changes[][3] = {{"gate", "north", "south"},
                                           {"epoch", "2a", "2b"},
                                           {"seq", ":7", ":8"},
                                           {"kind", "decision", "passage"},
                                           {"lane", "\"a\"", "\"b\""},
                                           {"reader", "a-qr", "b-qr"},
                                           {"direction", "entry", "exit"},
                                           {"verdict", "admit", "refuse"},
                                           {"reason", "VALID", "USED"},
                                           {"people", ":3", ":2"},
                                           {"people", "\"people\":3,", ""},
                                           {"ticket", "ab\"}", "ac\"}"},
                                           {"all of it", "{", "["}};
    for (const auto& [field, from, to] : changes)
        EXPECT_EQ(wrong_field(with(from, to), "north", decision()), field);
}

TEST(ToldEntry, HasNoTicketThatTheLedgerDoesNotKnow) {
    Entry entry = decision();
    std::get<Decided>(entry.body).ticket.fill(0);
    EXPECT_EQ(wrong_field(kDecision, "north", entry), "ticket");
}

TEST(ToldEntry, TellsWhatBecameOfAnAdmission) {
    const std::string passage =
        R"({"gate":"north","epoch":"000000000000002a","seq":8,"kind":"passage","lane":"a",)"
        R"("result":"released","admission":7})";
    Passage body;
    body.result = PassageResult::Released;
    body.admission = 7;
    body.people = 0;
    body.lane = "a";
    Entry entry{.epoch = 42, .seq = 8, .time = {}, .body = body};
    EXPECT_EQ(wrong_field(passage, "north", entry), "");
    std::get<Passage>(entry.body).result = PassageResult::Entered;
    EXPECT_EQ(wrong_field(passage, "north", entry), "result");
    std::get<Passage>(entry.body).result = PassageResult::Released;
    std::get<Passage>(entry.body).admission = 6;
    EXPECT_EQ(wrong_field(passage, "north", entry), "admission");
}

}  // namespace
}  // namespace stile::simulate
