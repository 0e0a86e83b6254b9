// SPDX-License-Identifier: Apache-2.0
// Reports of the daemon become messages, or are refused.
#include "sync/publish/report.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using protocol::Report;
using protocol::Subject;

constexpr Stamp kStamp{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + 1ms,
                       ClockQuality::Synced};

Result<Outgoing> write(const Report& report) {
    const ReportWriter writer{Topics{"arena", "north-1"}, 30s};
    return writer.message(report, kStamp, {.broker = "tcp://b:1883", .in_flight = 3, .held = 5});
}

TEST(Report, CompletesInfo) {
    const auto message = write({Subject::Info, "", R"({"lanes":["a"]})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "stile/v1/arena/north-1/info");
    EXPECT_EQ(message->payload,
              R"({"v":1,"gate":"north-1","time":"2026-05-01T00:00:00.001Z","clock":"synced",)"
              R"("lanes":["a"]})");
    EXPECT_EQ(message->qos, Qos::AtLeastOnce);
    EXPECT_EQ(message->retain, Retain::Yes);
    EXPECT_EQ(message->expiry, 0s);
}

TEST(Report, AddressesALane) {
    const auto message = write({Subject::Lane, "a", R"({"mode":"normal"})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "stile/v1/arena/north-1/lane/a");
    EXPECT_NE(message->payload.find(R"("mode":"normal","lane":"a"})"), std::string::npos);
}

TEST(Report, GivesCountItsTopic) {
    const auto message = write({Subject::Count, "", R"({"entered":1})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "stile/v1/arena/north-1/count");
}

TEST(Report, LetsHealthExpireAndAddsTheLink) {
    const auto message = write({Subject::Health, "", R"({"p99_us":900})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "stile/v1/arena/north-1/health");
    EXPECT_EQ(message->qos, Qos::AtMostOnce);
    EXPECT_EQ(message->retain, Retain::Yes);
    EXPECT_EQ(message->expiry, 30s);
    EXPECT_NE(message->payload.find(R"("p99_us":900,"sync":{"broker":"tcp://b:1883",)"
                                    R"("in_flight":3,"held":5,"reconnects":0,"resent":0})"),
              std::string::npos)
        << message->payload;
}

TEST(Report, DoesNotLetTheBodySpeakForAnotherGate) {
    const auto message =
        write({Subject::Health, "", R"({"v":9,"gate":"south","time":"never","sync":"x","a":1})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->payload.find("south"), std::string::npos);
    EXPECT_EQ(message->payload.find("never"), std::string::npos);
    EXPECT_NE(message->payload.find(R"({"v":1,"gate":"north-1")"), std::string::npos);
    EXPECT_NE(message->payload.find(R"("sync":{)"), std::string::npos);
}

TEST(Report, KeepsTheDaemonsOwnWordAboutItsClock) {
    const auto message = write({Subject::Health, "", R"({"clock":"stepped"})"});
    ASSERT_TRUE(message);
    EXPECT_NE(message->payload.find(R"("clock":"stepped")"), std::string::npos);
    EXPECT_EQ(message->payload.find(R"("clock":"synced")"), std::string::npos);
}

TEST(Report, RefusesWhatIsNotAJsonObject) {
    for (const char* body : {"", "null", "[]", "7", "\"text\"", "{", "{}}", "{\"a\":}", "{'a':1}",
                             "{\"a\":1,}", "{\"a\":1e999}", "{\"a\":\"\xFF\"}", "{} {}"}) {
        const auto message = write({Subject::Info, "", body});
        ASSERT_FALSE(message) << body;
        EXPECT_EQ(message.error().code, Errc::Invalid) << body;
    }
}

TEST(Report, RefusesDeepNesting) {
    std::string body = R"({"a":)" + std::string(5000, '[') + std::string(5000, ']') + "}";
    const auto message = write({Subject::Info, "", body});
    ASSERT_FALSE(message);
    EXPECT_NE(message.error().context.find("deeper"), std::string::npos);
}

TEST(Report, AcceptsReasonableNesting) {
    const std::string body = R"({"a":)" + std::string(15, '[') + std::string(15, ']') + "}";
    EXPECT_TRUE(write({Subject::Info, "", body}));
}

TEST(Report, RefusesABodyThatIsTooLong) {
    EXPECT_FALSE(write({Subject::Info, "", R"({"a":")" + std::string(12'000, 'x') + "\"}"}));
}

TEST(Report, RefusesALaneNameThatWouldChangeTheTopic) {
    for (const char* name : {"", "a/b", "#", "+", "A", "a b"})
        EXPECT_FALSE(write({Subject::Lane, name, "{}"})) << name;
}

TEST(Report, AddressesAnAlarmByItsCode) {
    const auto message = write({Subject::Alarm, "ledger-failing", R"({"state":"raised"})"});
    ASSERT_TRUE(message);
    EXPECT_EQ(message->topic, "stile/v1/arena/north-1/alarm/ledger-failing");
    EXPECT_EQ(message->retain, Retain::Yes);
    EXPECT_EQ(message->qos, Qos::AtLeastOnce);
    EXPECT_NE(message->payload.find(R"("state":"raised","code":"ledger-failing"})"),
              std::string::npos);
}

TEST(Report, RefusesAnAlarmWithoutACodeForATopic) {
    for (const char* code : {"", "a/b", "#", "+", "Disk"})
        EXPECT_FALSE(write({Subject::Alarm, code, "{}"})) << code;
}

TEST(Report, DeletesALaneOrAnAlarmThatIsNoLongerThere) {
    for (const auto& [subject, topic] : {std::pair{Subject::Lane, "stile/v1/arena/north-1/lane/a"},
                                         {Subject::Alarm, "stile/v1/arena/north-1/alarm/a"}}) {
        const auto message = write({subject, "a", ""});
        ASSERT_TRUE(message);
        EXPECT_EQ(message->topic, topic);
        EXPECT_EQ(message->payload, "");
        EXPECT_EQ(message->retain, Retain::Yes);
    }
}

TEST(Report, DeletesNothingElse) {
    for (const auto subject : {Subject::Info, Subject::Health, Subject::Count})
        EXPECT_FALSE(write({subject, "", ""}));
}

TEST(OwnHealth, SaysOnlyWhatSyncKnows) {
    const ReportWriter writer{Topics{"arena", "north-1"}, 30s};
    const auto message = writer.own_health(
        kStamp, {.broker = "tcp://b:1883", .reconnects = 2, .connected_since = kStamp.time});
    EXPECT_EQ(message.payload,
              R"({"v":1,"gate":"north-1","time":"2026-05-01T00:00:00.001Z","clock":"synced",)"
              R"("sync":{"broker":"tcp://b:1883","in_flight":0,"held":0,"reconnects":2,"resent":0,)"
              R"("connected_since":"2026-05-01T00:00:00.001Z"}})");
}

}  // namespace
}  // namespace stile::sync
