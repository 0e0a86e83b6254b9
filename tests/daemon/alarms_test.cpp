// SPDX-License-Identifier: Apache-2.0
// Alarms begin and end once, by events of lanes and words of the gate.
#include "daemon/control/alarms.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace stile {
namespace {

constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};

class AlarmsOfAGate : public testing::Test {
protected:
    void happens(LaneEventKind what, const std::string& lane = "a") {
        alarms_.take({.what = what, .lane = lane}, kNow);
    }
    std::vector<Alarm> told_;
    Alarms alarms_{{"a", "b"}, [this](const Alarm& alarm) { told_.push_back(alarm); }};
};

TEST_F(AlarmsOfAGate, RaiseAndClearWithALane) {
    happens(LaneEventKind::SensorStuck);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].code, "lane-a-sensor-stuck");
    EXPECT_EQ(alarm_json(told_[0]),
              R"({"state":"raised","since":"2026-05-01T00:00:00.000Z","lane":"a"})");
    happens(LaneEventKind::SensorFree);
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(alarm_json(told_[1]), R"({"state":"cleared","lane":"a"})");
    EXPECT_TRUE(alarms_.raised().empty());
}

TEST_F(AlarmsOfAGate, SayWhyADeviceIsGone) {
    alarms_.take({.what = LaneEventKind::DeviceGone, .lane = "a"}, kNow, "no such chip");
    EXPECT_EQ(told_.at(0).detail, "no such chip");
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

TEST_F(AlarmsOfAGate, AreAllToldToWhoeverComesLater) {
    happens(LaneEventKind::FireStarted, "b");
    told_.clear();
    alarms_.tell_all();
    EXPECT_EQ(told_.size(), 14U);  // five a lane, four of the gate
    EXPECT_EQ(std::ranges::count_if(told_, [](const Alarm& it) { return it.raised.has_value(); }),
              1);
}

TEST(AlarmCode, FitsATopicHoweverLongTheLaneIsCalled) {
    std::vector<Alarm> told;
    const Alarms alarms{{std::string(63, 'x')}, [&](const Alarm& it) { told.push_back(it); }};
    alarms.tell_all();
    for (const Alarm& alarm : told)
        EXPECT_LE(alarm.code.size(), 63U);
}

}  // namespace
}  // namespace stile
