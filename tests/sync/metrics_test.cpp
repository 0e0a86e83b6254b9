// SPDX-License-Identifier: Apache-2.0
// What monitoring is told, and whether Prometheus' own tool likes it.
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "sync/metrics/gate_metrics.hpp"
#include "sync/prometheus/text.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync {
namespace {

GateFacts good_gate() {
    return {
        .venue = "arena",
        .gate = "north-1",
        .daemon_connected = true,
        .broker_connected = true,
        .link = {.broker = "tcp://b:1",
                 .in_flight = 3,
                 .held = 7,
                 .reconnects = 2,
                 .resent = 4,
                 .collectors = {{"main", EntryKey{1, 7}, 3}, {"spare", {}, {}}}},
        .health =
            R"({"uptime_s":61,"clock":"synced","ledger":"ok","ledger_bytes":4096,"outbox_depth":5,
                "outbox_age_s":7,"ledger_map_bytes":8192,"disk_free_bytes":1000,
                "temperature_c":51.5,"orders":[{"event":"summer","age_s":42},{"event":"autumn"}],
                "scans":12,"revocations":{"generation":1,"records":99,"age_s":30},
                "release":{"bounds_us":[5000,10000],"counts":[1,3,4],"sum_us":42000},
                "readers":[{"name":"cam-1","lane":"a","state":"working","frames_total":900,
                            "codes_total":12,"dropped_total":1,"decode_us":3200,
                            "frames_per_s":29.9}]})",
        .count = R"({"seq":40,"admitted":10,"entered":9,"left":2,"released":1,
                     "refused":{"USED":4,"INVALID":2}})"};
}

std::string text(const GateFacts& facts) {
    return prometheus_text(gate_metrics(facts));
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, TellWhoAndHowMany) {
    const auto all = text(good_gate());
    for (const char* line :
         {R"(stile_info{venue="arena",gate="north-1",version=")" STILE_VERSION R"("} 1)",
          "stile_daemon_connected 1",
          "stile_broker_connected 1",
          R"(stile_people_total{direction="in"} 9)",
          R"(stile_people_total{direction="out"} 2)",
          "stile_admissions_total 10",
          "stile_admissions_taken_back_total 1",
          R"(stile_refusals_total{reason="USED"} 4)",
          "stile_ledger_entries_total 40",
          "stile_ledger_working 1",
          "stile_outbox_entries 5",
          "stile_scans_total 12",
          "stile_outbox_age_seconds 7",
          "stile_ledger_limit_bytes 8192",
          "stile_disk_free_bytes 1000",
          "stile_temperature_celsius 51.5",
          R"(stile_orders_age_seconds{event="summer"} 42)",
          "stile_revocation_list_records 99",
          "stile_revocation_list_age_seconds 30",
          "stile_broker_reconnects_total 2",
          "stile_broker_in_flight_messages 3",
          "stile_broker_held_entries 7",
          "stile_entries_resent_total 4",
          "stile_collector_behind_entries{collector=\"main\"} 3"}) {
        EXPECT_TRUE(has_line(all, line)) << line << "\n" << all;
    }
}

TEST(Metrics, TellTheLatencyAsAHistogramInSeconds) {
    const auto all = text(good_gate());
    for (const char* line :
         {R"(stile_release_duration_seconds_bucket{le="0.005"} 1)",
          R"(stile_release_duration_seconds_bucket{le="0.01"} 3)",
          R"(stile_release_duration_seconds_bucket{le="+Inf"} 4)",
          "stile_release_duration_seconds_count 4", "stile_release_duration_seconds_sum 0.042"}) {
        EXPECT_TRUE(has_line(all, line)) << line << "\n" << all;
    }
}

TEST(Metrics, TellStatesOneByOne) {
    const auto all = text(good_gate());
    EXPECT_TRUE(has_line(all, R"(stile_clock_state{state="synced"} 1)"));
    EXPECT_TRUE(has_line(all, R"(stile_clock_state{state="wrong"} 0)"));
    EXPECT_TRUE(has_line(all, R"(stile_reader_state{reader="cam-1",lane="a",state="working"} 1)"));
    EXPECT_TRUE(has_line(all, R"(stile_reader_state{reader="cam-1",lane="a",state="absent"} 0)"));
    EXPECT_TRUE(has_line(all, R"(stile_reader_frames_total{reader="cam-1",lane="a"} 900)"));
    EXPECT_TRUE(has_line(all, R"(stile_reader_frames_per_second{reader="cam-1",lane="a"} 29.9)"));
    EXPECT_TRUE(has_line(all, R"(stile_reader_decode_seconds{reader="cam-1",lane="a"} 0.0032)"));
}

TEST(Metrics, LeaveOutWhatNobodyKnows) {
    GateFacts facts = good_gate();
    facts.daemon_connected = false;
    const auto all = text(facts);
    EXPECT_TRUE(has_line(all, "stile_daemon_connected 0"));
    EXPECT_EQ(all.find("stile_people_total"), std::string::npos);
    EXPECT_EQ(all.find("stile_ledger_working"), std::string::npos);
    facts.daemon_connected = true;
    facts.health = R"({"revocations":{"generation":0,"records":0,"age_s":0}})";
    EXPECT_EQ(text(facts).find("stile_revocation"), std::string::npos);
}

class OddReports : public testing::TestWithParam<const char*> {};

TEST_P(OddReports, AreReadAsFarAsTheyGo) {
    GateFacts facts = good_gate();
    facts.health = facts.count = GetParam();
    EXPECT_TRUE(has_line(text(facts), "stile_daemon_connected 1"));
    EXPECT_NE(health_answer(facts).body.find("status"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Metrics, OddReports,
    testing::Values("", "{", "[]", "7", "null", R"({"refused":[1,2],"readers":{"a":1}})",
                    R"({"release":{"bounds_us":[1],"counts":["x","y"],"sum_us":1}})",
                    R"({"release":{"bounds_us":[1,2],"counts":[1],"sum_us":1}})",
                    R"({"release":{"bounds_us":["1"],"counts":[1,2],"sum_us":"1"}})",
                    R"({"release":7,"revocations":[],"clock":5,"ledger":{},"scans":"many"})",
                    R"({"orders":[7,{"event":1,"age_s":"x"}],"uptime_s":-1e300})",
                    R"({"readers":[7,{"name":5},{"state":"dancing"}]})"));

TEST(Metrics, PassTheCheckOfPrometheus) {
    if (!testbed::have_program("promtool")) GTEST_SKIP() << "promtool is not installed";
    const testbed::TempFolder folder;
    const auto file = folder.write("metrics", text(good_gate()));
    const auto check = folder.write("check", "exec promtool check metrics <" + file + " 2>&1\n");
    testbed::Child promtool{{"sh", check}, testbed::Child::Stream::Output};
    const auto code = promtool.wait();
    std::string said;
    for (const std::string& line : promtool.lines().all())
        said += line + "\n";
    EXPECT_EQ(code, 0) << said;
    EXPECT_EQ(said, "");
}

TEST(Health, IsOkWhenAllIsWell) {
    const auto answer = health_answer(good_gate());
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body,
              "{\"status\":\"ok\",\"daemon\":\"connected\",\"ledger\":\"ok\","
              "\"broker\":\"connected\",\"clock\":\"synced\",\"detail\":\"\"}\n");
}

TEST(Health, IsDegradedWithoutABrokerBecauseTheGateGoesOn) {
    GateFacts facts = good_gate();
    facts.broker_connected = false;
    const auto answer = health_answer(facts);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_NE(answer.body.find(R"("status":"degraded")"), std::string::npos);
}

TEST(Health, FailsWithoutADaemon) {
    GateFacts facts = good_gate();
    facts.daemon_connected = false;
    EXPECT_EQ(health_answer(facts).status, 503U);
}

TEST(Health, FailsWhenNobodyCanBeAdmitted) {
    GateFacts facts = good_gate();
    facts.health = R"({"ledger":"failing","clock":"synced"})";
    EXPECT_EQ(health_answer(facts).status, 503U);
}

}  // namespace
}  // namespace stile::sync
