// SPDX-License-Identifier: Apache-2.0
// Ledger entries as people read them.
#include "daemon/stilectl/entry_text.hpp"

#include <gtest/gtest.h>

namespace stile {
namespace {

// The line without number and time.
std::string said(EntryBody body, Colour colour = Colour::Off) {
    Entry entry{.epoch = 1, .seq = 1234, .body = std::move(body)};
    std::string line = entry_line(entry, colour);
    EXPECT_TRUE(line.starts_with("   1234  "));
    EXPECT_TRUE(line.ends_with("\n"));
    line.pop_back();
    return line.substr(std::string_view{"   1234  2026-05-01 18:00:00.250  "}.size());
}

Decided decided(Verdict verdict, Reason reason) {
    Decided body{.verdict = verdict, .reason = reason, .decided_us = 4'321, .lane = "a"};
    body.ticket.fill(0xAB);
    return body;
}

TEST(EntryText, TellsWhoWasAdmittedAndWhoWasNot) {
    EXPECT_EQ(said(decided(Verdict::Admit, Reason::Valid)),
              "a         admitted VALID, ticket abababababababab, 4.3 ms");
    EXPECT_EQ(said(decided(Verdict::Refuse, Reason::Used)),
              "a         refused USED, ticket abababababababab, 4.3 ms");
    EXPECT_EQ(said(Decided{.reason = Reason::Invalid, .lane = "a"}),
              "a         refused INVALID, 0.0 ms");
}

TEST(EntryText, TellsHowManyAGroupIsAndWhoOverrodeTheRules) {
    Decided group = decided(Verdict::Admit, Reason::Valid);
    group.people = 5;
    EXPECT_NE(said(group).find(", 5 people"), std::string::npos);
    group.flags = kFlagOverride;
    EXPECT_EQ(said(group), "a         admitted by the staff, ticket abababababababab, 5 people");
}

TEST(EntryText, TellsWhatBecameOfAnAdmission) {
    Passage passage{.result = PassageResult::Entered, .admission = 7, .lane = "a"};
    EXPECT_EQ(said(passage), "a         entered (admission 7)");
    passage.result = PassageResult::Released;
    EXPECT_EQ(said(passage), "a         nobody passed, the ticket is good again (admission 7)");
    passage.result = PassageResult::PresumedEntered;
    EXPECT_NE(said(passage).find("counts as entered"), std::string::npos);
}

TEST(EntryText, NamesThePersonTheActAndTheReason) {
    EXPECT_EQ(said(Act{.what = ActKind::SetMode,
                       .mode = std::to_underlying(LaneMode::Locked),
                       .person = "mia",
                       .role = "security",
                       .reason = "crush at the front",
                       .lane = "b"}),
              "b         mia (security): mode locked: \"crush at the front\"");
    EXPECT_EQ(said(Act{.what = ActKind::Backup, .person = "mia"}), "          mia: backup");
    EXPECT_EQ(said(Annulled{.admission = 7, .person = "mia", .reason = "wrong guest", .lane = "b"}),
              "b         admission 7 was taken back by mia: \"wrong guest\"");
}

TEST(EntryText, TellsEventsOfLanesAndOfTheGate) {
    EXPECT_EQ(said(LaneEvent{.what = LaneEventKind::Tailgating, .count = 2, .lane = "a"}),
              "a         tailgating, 2 times");
    EXPECT_EQ(said(LaneEvent{.what = LaneEventKind::Tailgating, .count = 0, .lane = "a"}),
              "a         tailgating, at a lane in test");
    EXPECT_EQ(said(DaemonStarted{.unresolved = 2, .software = "stile 1"}),
              "          stile 1 started; 2 admissions were open");
    EXPECT_EQ(said(EpochStarted{}), "          a new ledger begins");
    EXPECT_EQ(said(NotStored{.refusals = 3}), "          3 refusals could not be stored");
    EXPECT_EQ(said(ListChanged{.records = 9, .list = "revocation"}),
              "          a new revocation list of 9 lines is in use");
}

TEST(EntryText, HasColoursOnlyForATerminal) {
    const Decided body = decided(Verdict::Refuse, Reason::Used);
    EXPECT_EQ(said(body).find('\033'), std::string::npos);
    EXPECT_NE(said(body, Colour::On).find("\033[31mrefused"), std::string::npos);
    EXPECT_TRUE(said(body, Colour::On).ends_with("\033[0m"));
}

TEST(EntryText, LetsNoTextOfAnEntrySteerTheTerminal) {
    const std::string line = said(Act{.person = "m\033[2Jia",
                                      .reason = "a\nb\x7F\xC2\x9B"
                                                "31m\xC3\xA9",
                                      .lane = "\r"});
    EXPECT_EQ(line, "?         m?[2Jia: open: \"a?b???31m\xC3\xA9\"");
    EXPECT_EQ(unreadable_line(9, "kind \033"), "      9  cannot be read by this version: kind ?\n");
}

TEST(EntryText, NamesTheLaneWhereThereIsOne) {
    EXPECT_EQ(lane_of({.body = LaneEvent{.lane = "a"}}), "a");
    EXPECT_EQ(lane_of({.body = DaemonStarted{}}), "");
}

}  // namespace
}  // namespace stile
