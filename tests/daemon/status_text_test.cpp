// SPDX-License-Identifier: Apache-2.0
// The status page: what stands where, and what is marked.
#include "daemon/stilectl/status_text.hpp"

#include <gtest/gtest.h>

#include "daemon/control/reports.hpp"

namespace stile {
namespace {

GateReport good_gate() {
    GateReport report{.venue = "arena",
                      .gate = "north-1",
                      .software = "stile 1",
                      .clock = {.quality = ClockQuality::Synced},
                      .up = std::chrono::seconds{7'300},
                      .latency_p50_us = 4'400,
                      .latency_p99_us = 9'100,
                      .revocations = {1, 9'999'999, 240}};
    report.backup_age = std::chrono::hours{3};
    report.ledger.seq = 2'431;
    report.ledger.totals.entered = 1'203;
    report.ledger.totals.refused[std::to_underlying(Reason::Used)] = 12;
    report.sync = {.following = true, .link = {.state = protocol::Link::Connected}};
    report.lanes = {{.name = "lane-1"}};
    report.readers = {{.name = "camera-1",
                       .lane = "lane-1",
                       .connected = true,
                       .health = {.state = protocol::ReaderState::Working},
                       .codes = 1'203}};
    return report;
}

std::string page(const GateReport& report, Colour colour = Colour::Off) {
    return status_text(status_json(report), colour);
}

TEST(StatusText, IsAPageForPeople) {
    EXPECT_EQ(page(good_gate()),
              "  arena/north-1   stile 1   up 2 h\n"
              "\n"
              "  LANE    WAY    MODE    TURNSTILE  READER    CODES  STATE\n"
              "  lane-1  entry  normal  locked     camera-1  1,203  working\n"
              "\n"
              "  people    1,203 entered, 0 left; 0 admitted, 0 taken back\n"
              "  refused   12 USED\n"
              "  release   4.4 ms median, 9.1 ms p99, from frame to open turnstile\n"
              "  lists     9,999,999 revocations, 4 min old\n"
              "  ledger    ok, 2,431 entries, 0 KiB\n"
              "  backup    3 h old\n"
              "  broker    connected, 0 entries wait\n"
              "  clock     synced\n");
}

bool marked(const GateReport& report, const std::string& subject) {
    return page(report).find("\n! " + subject) != std::string::npos;
}

TEST(StatusText, MarksNothingWhenAllIsWell) {
    EXPECT_EQ(page(good_gate()).find('!'), std::string::npos);
}

TEST(StatusText, MarksWhatSomebodyShouldLookAt) {
    GateReport report = good_gate();
    report.readers[0].connected = false;
    EXPECT_TRUE(marked(report, "lane-1"));
    report = good_gate();
    report.readers.clear();
    EXPECT_TRUE(marked(report, "lane-1"));
    report = good_gate();
    report.ledger_trouble = "disk full";
    EXPECT_TRUE(marked(report, "ledger"));
    report = good_gate();
    report.sync.following = false;
    EXPECT_TRUE(marked(report, "broker"));
    report = good_gate();
    report.sync.outbox_depth = 5'000;
    EXPECT_TRUE(marked(report, "broker"));
    report = good_gate();
    report.revocations = {};
    EXPECT_TRUE(marked(report, "lists"));
    report = good_gate();
    report.revocations.age_seconds = 3 * 86'400;
    EXPECT_TRUE(marked(report, "lists"));
    report = good_gate();
    report.clock = {.quality = ClockQuality::Wrong, .doubt = ClockDoubt::Behind};
    EXPECT_TRUE(marked(report, "clock     wrong: the system clock is behind"));
}

TEST(StatusText, MarksALaneThatIsNotAsUsual) {
    GateReport report = good_gate();
    report.lanes[0].mode = LaneMode::Locked;
    EXPECT_TRUE(marked(report, "lane-1  entry  locked  locked"));
    report.lanes[0] = {.name = "lane-1", .state = LaneState::Fire};
    EXPECT_TRUE(marked(report, "lane-1  entry  fire  open"));
    report.lanes[0] = {.name = "lane-1", .state = LaneState::OutOfOrder};
    EXPECT_TRUE(marked(report, "lane-1  entry  out-of-order  locked"));
}

TEST(StatusText, IsRedOnlyWhereThereIsColour) {
    GateReport report = good_gate();
    report.ledger_trouble = "disk full";
    EXPECT_NE(page(report, Colour::On).find("\033[31m! ledger"), std::string::npos);
    EXPECT_EQ(page(report).find('\033'), std::string::npos);
}

TEST(StatusText, GivesWhatItDoesNotUnderstandAsItIs) {
    for (const char* odd : {"", "{", "[]", "{}", R"({"info":7})", "words"})
        EXPECT_EQ(status_text(odd, Colour::On), std::string{odd} + "\n");
}

}  // namespace
}  // namespace stile
