// SPDX-License-Identifier: Apache-2.0
// Alarms begin and end once, by events of lanes and words of the gate.
#include "daemon/control/alarms.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

namespace stile {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};

class AlarmsOfAGate : public testing::Test {
protected:
    void happens(LaneEventKind what, const std::string& lane = "a") {
        alarms_.take({.what = what, .lane = lane}, kNow);
    }
    std::vector<Alarm> told_;
    Alarms alarms_{{"a", "b"}, {{"a-qr", "a"}, {"b-nfc", "b"}}, [this](const Alarm& alarm) {
                       told_.push_back(alarm);
                   }};
};

TEST_F(AlarmsOfAGate, RaiseAndClearWithALane) {
    happens(LaneEventKind::SensorStuck);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].code, "lane-a-sensor-stuck");
    EXPECT_EQ(alarm_json(told_[0]),
              R"({"state":"raised","severity":"warning","since":"2026-05-01T00:00:00.000Z",)"
              R"("lane":"a","detail":"A passage sensor has been covered for too long."})");
    happens(LaneEventKind::SensorFree);
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(alarm_json(told_[1]), R"({"state":"cleared","severity":"warning","lane":"a"})");
    EXPECT_TRUE(alarms_.raised().empty());
}

TEST_F(AlarmsOfAGate, SayWhyADeviceIsGone) {
    alarms_.take({.what = LaneEventKind::DeviceGone, .lane = "a"}, kNow, "no such chip");
    EXPECT_EQ(told_.at(0).detail,
              "The lane's hardware is gone, so the lane is out of order: no such chip");
}

TEST_F(AlarmsOfAGate, AreToldOnceEachTime) {
    for (int i = 0; i < 3; ++i) {
        happens(LaneEventKind::TamperOpened);
        alarms_.set(kLedgerFailingAlarm, "the disk is full", kNow);
    }
    EXPECT_EQ(told_.size(), 2U);
}

TEST_F(AlarmsOfAGate, OfOneLaneAreNotThoseOfAnother) {
    happens(LaneEventKind::ArmStuck, "a");
    happens(LaneEventKind::ArmFree, "b");
    EXPECT_EQ(alarms_.raised(), std::vector<std::string>{"lane-a-arm-stuck"});
}

TEST_F(AlarmsOfAGate, OfATurnstileThatIsGoneSayOnlyThat) {
    happens(LaneEventKind::ArmStuck);
    happens(LaneEventKind::SensorStuck);
    happens(LaneEventKind::DeviceGone);
    EXPECT_EQ(alarms_.raised(), std::vector<std::string>{"lane-a-device-gone"});
}

TEST_F(AlarmsOfAGate, AreNotRaisedByWhatIsOverWhenItIsSeen) {
    for (const auto what : {LaneEventKind::Tailgating, LaneEventKind::ReversePassage,
                            LaneEventKind::PassageWithoutRelease, LaneEventKind::FreePassage,
                            LaneEventKind::DeviceBack, LaneEventKind::FireEnded})
        happens(what);
    happens(LaneEventKind::FireStarted, "nowhere");
    alarms_.set("unknown", "x", kNow);
    EXPECT_TRUE(told_.empty());
}

TEST_F(AlarmsOfAGate, AreToldAgainWithAnotherReasonButTheSameBeginning) {
    alarms_.set("camera-a-qr", "dark", kNow);
    alarms_.set("camera-a-qr", "frozen", kNow + 5s);
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_[1].detail, "The camera sees badly: frozen");
    EXPECT_EQ(told_[1].since, kNow);
}

TEST_F(AlarmsOfAGate, BeginAnewWhenTheyComeBack) {
    happens(LaneEventKind::TamperOpened);
    happens(LaneEventKind::TamperClosed);
    alarms_.take({.what = LaneEventKind::TamperOpened, .lane = "a"}, kNow + 60s);
    EXPECT_EQ(told_.back().since, kNow + 60s);
}

TEST_F(AlarmsOfAGate, NameTheReaderAndItsLane) {
    alarms_.set("reader-lost-b-nfc", "unplugged", kNow);
    EXPECT_EQ(alarm_json(told_.at(0)),
              R"({"state":"raised","severity":"critical","since":"2026-05-01T00:00:00.000Z",)"
              R"("lane":"b","reader":"b-nfc","detail":"The reader does not work: unplugged"})");
}

TEST_F(AlarmsOfAGate, AreForgottenAnHourAfterTheyWereCleared) {
    happens(LaneEventKind::FireStarted);
    happens(LaneEventKind::FireEnded);
    alarms_.forget_old(kNow + 59min);
    ASSERT_EQ(told_.size(), 2U);
    alarms_.forget_old(kNow + 1h);
    ASSERT_EQ(told_.size(), 3U);
    EXPECT_EQ(told_[2].code, "lane-a-fire");
    EXPECT_EQ(alarm_json(told_[2]), "");
    alarms_.forget_old(kNow + 2h);
    EXPECT_EQ(told_.size(), 3U);
}

TEST_F(AlarmsOfAGate, AreForgottenWhenTheClockWasSetBack) {
    happens(LaneEventKind::FireStarted);
    happens(LaneEventKind::FireEnded);
    alarms_.forget_old(kNow - 1s);
    EXPECT_EQ(told_.back().state, AlarmState::Absent);
}

TEST_F(AlarmsOfAGate, AreNotForgottenWhileTheyAreRaised) {
    happens(LaneEventKind::FireStarted);
    alarms_.forget_old(kNow + 48h);
    EXPECT_EQ(told_.size(), 1U);
}

TEST_F(AlarmsOfAGate, AreAllToldToWhoeverComesLater) {
    happens(LaneEventKind::FireStarted, "b");
    happens(LaneEventKind::FireStarted, "a");
    happens(LaneEventKind::FireEnded, "a");
    told_.clear();
    alarms_.tell_all();
    EXPECT_EQ(std::ranges::count(told_, AlarmState::Raised, &Alarm::state), 1);
    EXPECT_EQ(std::ranges::count(told_, AlarmState::Cleared, &Alarm::state), 1);
    // Absent ones too, since an earlier run may have left them: nine of the gate, five a lane,
    // three a reader.
    EXPECT_EQ(told_.size(), 9U + 2 * 5 + 2 * 3);
}

TEST(AlarmCode, FitsATopicHoweverLongTheNamesAre) {
    std::vector<Alarm> told;
    const Alarms alarms{{std::string(63, 'x')},
                        {{std::string(32, 'y'), std::string(63, 'x')}},
                        [&](const Alarm& it) { told.push_back(it); }};
    alarms.tell_all();
    for (const Alarm& alarm : told)
        EXPECT_LE(alarm.code.size(), 63U) << alarm.code;
}

// "| `lane-{lane}-fire` | critical | Fire: the lane is open |", as the rows of TOPICS.md begin.
TEST(AlarmTable, IsThatOfTheSpecification) {
    std::vector<std::string> expected;
    for (const AlarmRow& row : alarm_rows()) {
        const std::string of = row.scope == AlarmScope::Lane ? "{lane}" : "{reader}";
        expected.push_back(std::string{"| `"} + alarm_code(row, of) + "` | " +
                           std::string{name_of(row.severity)} + " | " + std::string{row.sentence} +
                           " |");
    }
    std::ifstream topics{STILE_SOURCE_DIR "/sync/TOPICS.md"};
    std::vector<std::string> found;
    bool inside = false;
    for (std::string line; std::getline(topics, line);) {
        if (line.starts_with("#")) inside = line == "### Alarms";
        if (!inside || !line.starts_with("| `")) continue;
        std::size_t end = 0;
        for (int columns = 0; columns < 3; ++columns)
            end = line.find(" |", end + 1);
        found.push_back(line.substr(0, end + 2));
    }
    EXPECT_EQ(found, expected);
}

TEST(AlarmTable, HasASentenceForEachThatNeedsNoMore) {
    for (const AlarmRow& row : alarm_rows()) {
        EXPECT_GT(row.sentence.size(), 10U) << row.name;
        EXPECT_FALSE(row.sentence.ends_with('.')) << row.name;
    }
}

}  // namespace
}  // namespace stile
