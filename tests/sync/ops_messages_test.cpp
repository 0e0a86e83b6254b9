// SPDX-License-Identifier: Apache-2.0
// The collector's messages byte by byte, and what it makes of those of others.
#include "sync/collector/ops_messages.hpp"

#include <gtest/gtest.h>

#include "sync/collector/heard.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using ops::at;
using ops::GateBook;
using ops::ticket;

const Asker kAsker{"page-1", "7", "ticket"};

TEST(TheMessage, AckNamesTheEpochAndTheLastEntry) {
    const GateProgress gate{.ledger = {"north-1", 0x006900000100002A}, .seq = 4711};
    EXPECT_EQ(ack_json("main", gate, at(0)),
              R"({"v":1,"collector":"main","epoch":"006900000100002a","seq":4711,)"
              R"("time":"2026-05-01T18:00:00.000Z"})");
}

TEST(TheMessage, ReplayNamesWhatIsMissing) {
    EXPECT_EQ(replay_json("main", {{"north-1", 0x006900000100002A}, {4001, 4096}}),
              R"({"v":1,"from_whom":"main","epoch":"006900000100002a","from":4001,"to":4096})");
}

TEST(TheMessage, StatusHasNoTimeInTheWill) {
    EXPECT_EQ(ops_status_json("main", "00ff", OpsState::Online, "", at(0)),
              R"({"v":1,"collector":"main","boot":"00ff","state":"online",)"
              R"("time":"2026-05-01T18:00:00.000Z"})");
    EXPECT_EQ(ops_lost_json("main", "00ff"),
              R"({"v":1,"collector":"main","boot":"00ff","state":"lost"})");
}

TEST(TheMessage, GatesTellsWhatIsMissing) {
    const std::vector<GateProgress> gates{{{"north-1", 7}, 10, 15, 3, at(1)}, {{"south-1", 7}}};
    EXPECT_EQ(gates_json(gates, at(2)),
              R"({"v":1,"time":"2026-05-01T18:00:02.000Z","gates":[{"gate":"north-1",)"
              R"("epoch":"0000000000000007","seq":10,"newest":15,"missing":3,)"
              R"("last":"2026-05-01T18:00:01.000Z"},{"gate":"south-1",)"
              R"("epoch":"0000000000000007","seq":0,"newest":0,"missing":0}]})");
}

TEST(TheMessage, OccupancyHasEveryAreaThatIsConfigured) {
    OccupancyView view{.total = {5, 1, 4}, .areas = {{1, {3, 0, 3}}}, .free = 2};
    view.gates["north-1"] = {5, 1, 0};
    const std::vector<AreaConfig> areas{{.number = 0, .name = "Arena", .capacity = 100},
                                        {.number = 2, .name = "Hall"}};
    EXPECT_EQ(occupancy_json(view, areas, at(0)),
              R"({"v":1,"time":"2026-05-01T18:00:00.000Z",)"
              R"("total":{"inside":4,"entered":5,"left":1,"capacity":100,"free":2},)"
              R"("areas":[{"area":1,"name":"","inside":3,"entered":3,"left":0},)"
              R"({"area":2,"name":"Hall","inside":0,"entered":0,"left":0}],)"
              R"("gates":[{"gate":"north-1","entered":5,"left":1}]})");
}

TEST(TheMessage, ConflictsNameBothEntries) {
    Movement first{.time = at(0), .entry = {{"north-1", 7}, 2}, .lane = "a"};
    Movement second{.time = at(9), .entry = {{"south-1", 8}, 4}, .lane = "b"};
    const ConflictsView view{1, {{ticket(0xAB), {first, second}}}};
    EXPECT_EQ(conflicts_json(view, at(10)),
              R"({"v":1,"time":"2026-05-01T18:00:10.000Z","count":1,"last":[)"
              R"({"ticket":"ab000000000000000000000000000001","at":[{"gate":"north-1","lane":"a",)"
              R"("epoch":"0000000000000007","seq":2,"time":"2026-05-01T18:00:00.000Z"},)"
              R"({"gate":"south-1","lane":"b","epoch":"0000000000000008","seq":4,)"
              R"("time":"2026-05-01T18:00:09.000Z"}]}]})");
}

TEST(TheMessage, AlarmIsReadAsItWasWritten) {
    const AlarmOnBoard alarm{.alarm = {.code = "double-entry-ab00000000000000",
                                       .severity = Severity::Critical,
                                       .detail = "twice",
                                       .gate = "north-1",
                                       .lane = "a",
                                       .ticket = "ab000000000000000000000000000001",
                                       .issuer = "acme"},
                             .since = at(1),
                             .changed = at(2)};
    const auto json = alarm_json(alarm);
    EXPECT_EQ(json,
              R"({"v":1,"time":"2026-05-01T18:00:02.000Z","code":"double-entry-ab00000000000000",)"
              R"("severity":"critical","state":"raised","since":"2026-05-01T18:00:01.000Z",)"
              R"("detail":"twice","gate":"north-1","lane":"a",)"
              R"("ticket":"ab000000000000000000000000000001","issuer":"acme"})");
    EXPECT_EQ(read_alarm(alarm.alarm.code, json), alarm);
}

TEST(TheMessage, ForecastSaysWhenItWillBeFull) {
    const EventConfig event{.number = 42,
                            .name = "Summer",
                            .starts = std::chrono::floor<std::chrono::seconds>(at(7200))};
    Forecast forecast;
    forecast.arrived = 10;
    forecast.expected = {100, 90, 120};
    const Minute minute = std::chrono::floor<std::chrono::minutes>(at(0));
    forecast.full_at = FullAt{minute, minute, std::nullopt};
    forecast.from = minute;
    forecast.past = {10};
    forecast.coming = {{20, 15, 30}};
    EXPECT_EQ(forecast_json(event, 200, forecast, at(0)),
              R"({"v":1,"time":"2026-05-01T18:00:00.000Z","event":42,"name":"Summer",)"
              R"("starts":"2026-05-01T20:00:00.000Z","sold":200,"arrived":10,)"
              R"("expected":{"mid":100,"low":90,"high":120},)"
              R"("full_at":{"mid":"2026-05-01T18:00:00.000Z","low":"2026-05-01T18:00:00.000Z",)"
              R"("high":null},"level":0.8,"method":"fitted-curve",)"
              R"("error":{"mape":0.0,"covered":0.0},"step_s":300,)"
              R"("from":"2026-05-01T18:00:00.000Z","past":[10],"coming":[[20,15,30]]})");
    forecast.full_at.reset();
    EXPECT_NE(forecast_json(event, 200, forecast, at(0)).find(R"("full_at":null)"),
              std::string::npos);
}

TEST(TheMessage, AnswerIsNeverTooLong) {
    GateBook gate{"north-1"};
    std::vector<TicketAnswer> tickets(20);
    for (TicketAnswer& one : tickets) {
        for (int i = 0; i < 100; ++i)
            one.entries.push_back(gate.admit(1, i));
    }
    const auto answer = tickets_answer(kAsker, tickets, at(0));
    EXPECT_LE(answer.size(), kMostAnswerBytes);
    EXPECT_NE(answer.find(R"("ok":true)"), std::string::npos);
    const std::vector<std::string> long_ones(100,
                                             R"({"v":1,"x":")" + std::string(1000, 'x') + R"("})");
    EXPECT_LE(recent_answer(kAsker, long_ones, at(0)).size(), kMostAnswerBytes);
    EXPECT_NE(value_answer(kAsker, "report", std::string(70'000, 'x'), at(0)).find("too long"),
              std::string::npos);
}

TEST(TheMessage, AnswerKeepsJsonAsJsonAndTextAsText) {
    EXPECT_EQ(value_answer(kAsker, "receipt", R"({"a":1})", at(0)),
              R"({"v":1,"ask":"ticket","id":"7","time":"2026-05-01T18:00:00.000Z","ok":true,)"
              R"("receipt":{"a":1}})");
    EXPECT_NE(value_answer(kAsker, "receipt", "signed", at(0)).find(R"("receipt":"signed")"),
              std::string::npos);
}

TEST(ATopic, IsReadWithItsGate) {
    const auto topic = read_topic("arena", "stile/v1/arena/north-1/alarm/lane-a-tamper");
    ASSERT_TRUE(topic);
    EXPECT_EQ(topic->gate, "north-1");
    EXPECT_EQ(topic->rest, "alarm/lane-a-tamper");
    EXPECT_TRUE(read_topic("arena", "stile/v1/arena/_ops/ask"));
}

TEST(ATopic, OfSomethingElseIsNone) {
    for (const char* topic :
         {"", "stile/v1/arena", "stile/v1/arena/", "stile/v1/arena/north-1",
          "stile/v1/arenas/north-1/entry", "stile/v2/arena/north-1/entry",
          "stile/v1/arena/NORTH/entry", "stile/v1/arena//entry", "stile/v1/arena/_sys/entry"})
        EXPECT_FALSE(read_topic("arena", topic)) << topic;
}

TEST(AStatus, IsReadLooselyInWhatItDoesNotNeed) {
    const auto lost = read_status(R"({"v":1,"gate":"g","boot":"ab","state":"lost","new":[1]})");
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->presence, GatePresence::Lost);
    EXPECT_EQ(read_status(R"({"v":1,"boot":"ab","state":"degraded"})")->presence,
              GatePresence::Present);
    EXPECT_EQ(read_status(R"({"v":1,"boot":"ab","state":"offline"})")->presence,
              GatePresence::Stopped);
}

TEST(AStatus, ThatIsNoneIsIgnored) {
    for (const char* payload :
         {"", "null", "[]", "{}", R"({"v":1,"state":"lost"})", R"({"v":1,"boot":7,"state":"lost"})",
          R"({"v":2,"boot":"ab","state":"lost"})", R"({"v":1,"boot":"ab"})", "{\"v\":1,"})
        EXPECT_FALSE(read_status(payload)) << payload;
}

TEST(ACount, TellsWhereTheLedgerEnds) {
    EXPECT_EQ(read_count(R"({"v":1,"epoch":"006900000100002a","seq":9,"entered":3})"),
              (LedgerEnd{0x006900000100002A, 9}));
    for (const char* payload :
         {R"({"v":1,"epoch":"6900000100002a","seq":9})", R"({"v":1,"epoch":12,"seq":9})",
          R"({"v":1,"epoch":"006900000100002a","seq":-1})",
          R"({"v":1,"epoch":"006900000100002a","seq":1.5})", R"({"v":1,"seq":9})"})
        EXPECT_FALSE(read_count(payload)) << payload;
}

TEST(AnAlarmOfAGate, ThatIsDeletedIsNone) {
    EXPECT_FALSE(read_alarm("fire-input-gone", ""));
    EXPECT_FALSE(read_alarm("fire-input-gone", R"({"v":1,"state":"perhaps"})"));
    EXPECT_FALSE(read_alarm("Bad Code", R"({"v":1,"state":"raised"})"));
}

TEST(AnAlarmOfTheVenue, MayHaveAWholeNameInItsCode) {
    const auto code = "entries-missing-" + std::string(63, 'g');
    EXPECT_TRUE(read_alarm(code, R"({"v":1,"state":"raised"})"));
    EXPECT_TRUE(read_question(R"({"v":1,"ask":"acknowledge","reply":"a","alarm":"_ops/)" + code +
                              R"(","since":"2026-05-01T18:00:00.000Z","person":"Ada"})"));
    for (const std::string& bad : {std::string(96, 'g'), std::string(63, 'g') + "/x",
                                   std::string(64, 'g') + "#", std::string{}})
        EXPECT_FALSE(read_alarm(bad, R"({"v":1,"state":"raised"})")) << bad;
}

std::string error_of(std::string_view payload) {
    const auto question = read_question(payload);
    return question ? "" : question.error().error;
}

TEST(AQuestion, IsRead) {
    const auto question = read_question(
        R"({"v":1,"ask":"acknowledge","reply":"page-1","id":"x","alarm":"_ops/full-1",)"
        R"("since":"2026-05-01T18:00:00.000Z","person":"Ada"})");
    ASSERT_TRUE(question);
    EXPECT_EQ(question->asker.reply, "page-1");
    EXPECT_EQ(question->asker.id, "x");
    const auto& body = std::get<AcknowledgeQuestion>(question->body);
    EXPECT_EQ(body.alarm, "_ops/full-1");
    EXPECT_EQ(body.since, at(0));
    EXPECT_TRUE(read_question(R"({"v":1,"ask":"ticket","reply":"a","ticket":"abcdef01"})"));
    EXPECT_TRUE(read_question(R"({"v":1,"ask":"recent","reply":"a","gate":"n","count":100})"));
    EXPECT_TRUE(read_question(R"({"v":1,"ask":"report","reply":"a","event":42})"));
}

TEST(AQuestion, ThatNobodyAskedIsNotAnswered) {
    for (const char* payload :
         {"", "{", "[]", R"({"v":1,"ask":"ticket","ticket":"abcdef01"})",
          R"({"v":1,"ask":"ticket","reply":"../x","ticket":"abcdef01"})",
          R"({"v":1,"ask":"ticket","reply":"#","ticket":"abcdef01"})",
          R"({"v":1,"ask":"ticket","reply":"","ticket":"abcdef01"})", R"({"reply":"a"})"}) {
        const auto question = read_question(payload);
        ASSERT_FALSE(question) << payload;
        EXPECT_FALSE(question.error().asker) << payload;
    }
    const std::string huge = R"({"v":1,"ask":"ticket","reply":"a","x":")" +
                             std::string(kMostQuestionBytes, 'x') + R"("})";
    EXPECT_FALSE(read_question(huge));
    EXPECT_FALSE(read_question(R"({"v":1,"reply":"a","x":[[[[[[[[[[[]]]]]]]]]]]})"));
}

TEST(AQuestion, ThatIsWrongIsAnsweredWithASentence) {
    EXPECT_EQ(error_of(R"({"v":1,"ask":"hello","reply":"a"})"),
              "ask: one of ticket, receipt, acknowledge, recent, report");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"ticket","reply":"a","ticket":"abc"})"),
              "ticket: 8 to 32 hexadecimal digits");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"ticket","reply":"a","ticket":12345678})"),
              "ticket: 8 to 32 hexadecimal digits");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"receipt","reply":"a","ticket":"abcdef01"})"),
              "ticket: 32 hexadecimal digits");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"recent","reply":"a","gate":"n","count":101})"),
              "count: 1 to 100");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"recent","reply":"a","gate":"N","count":1})"),
              "gate: its name");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"report","reply":"a","event":"42"})"), "event: its number");
    for (const char* alarm : {"full-1", "_ops/", "/x", "_ops/a/b", "_ops/A", "n/a b"}) {
        const std::string payload =
            std::string{R"({"v":1,"ask":"acknowledge","reply":"a","alarm":")"} + alarm +
            R"(","since":"2026-05-01T18:00:00Z","person":"Ada"})";
        EXPECT_EQ(error_of(payload), "alarm: GATE/CODE or _ops/CODE") << alarm;
    }
    EXPECT_EQ(error_of(R"({"v":1,"ask":"acknowledge","reply":"a","alarm":"_ops/full-1",)"
                       R"("since":"now","person":"Ada"})"),
              "since: a time, as the alarm has it");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"acknowledge","reply":"a","alarm":"_ops/full-1",)"
                       R"("since":"2026-05-01T18:00:00Z","person":""})"),
              "person: a name of at most 63 bytes");
    EXPECT_EQ(error_of(R"({"v":1,"ask":"ticket","reply":"a","ticket":"abcdef01","id":")" +
                       std::string(64, 'i') + R"("})"),
              "id: at most 63 bytes");
}

}  // namespace
}  // namespace stile::sync
