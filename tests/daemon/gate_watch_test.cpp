// SPDX-License-Identifier: Apache-2.0
// Figures of the gate raise and clear alarms, each beyond its limits and after its patience.
#include "daemon/control/gate_watch.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/control/host_figures.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using protocol::ReaderState;

constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};

class Watch : public testing::Test {
protected:
    Watch() {
        report_.readers = {{.name = "qr", .lane = "a", .kind = "camera", .connected = true},
                           {.name = "nfc", .lane = "a", .kind = "nfc", .connected = true}};
        for (ReaderReport& reader : report_.readers)
            reader.health.state = ReaderState::Working;
        report_.revocations.generation = 1;
        report_.ledger_map_bytes = 1'000;
    }
    // Looks once a second.
    void pass(std::chrono::seconds seconds) {
        for (auto end = now_ + seconds; now_ < end; now_ += 1s) {
            report_.clock.time = kNow + std::chrono::floor<std::chrono::milliseconds>(now_);
            watch_.look(report_, now_);
        }
    }
    [[nodiscard]] std::vector<std::string> raised() const { return alarms_.raised(); }
    [[nodiscard]] std::string detail() const { return told_.empty() ? "" : told_.back().detail; }
    void camera(ReaderState state, const std::string& detail = "") {
        report_.readers[0].health = {.state = state, .detail = detail};
    }
    static std::vector<std::string> only(const std::string& code) { return {code}; }

    GateReport report_;
    std::vector<Alarm> told_;
    Alarms alarms_{
        {"a"}, {{"qr", "a"}, {"nfc", "a"}}, [this](const Alarm& alarm) { told_.push_back(alarm); }};
    GateWatch watch_{alarms_, {}};
    std::chrono::nanoseconds now_{1h};
};

TEST_F(Watch, SaysNothingOfAGateThatIsWell) {
    pass(60s);
    EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, MissesAReaderAfterAWhileAndWelcomesItBack) {
    report_.readers[0].connected = false;
    pass(10s);
    EXPECT_TRUE(raised().empty()) << "it may still be starting";
    pass(2s);
    EXPECT_EQ(raised(), only("reader-lost-qr"));
    EXPECT_EQ(detail(), "The reader does not work: its program is not there");
    report_.readers[0].connected = true;
    pass(2s);
    EXPECT_FALSE(raised().empty()) << "perhaps only for a moment";
    pass(2s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, MissesAReaderThatHasFailedAndSaysWhy) {
    report_.readers[1].health = {.state = ReaderState::Failed, .detail = "unplugged: no device; 3"};
    pass(12s);
    EXPECT_EQ(raised(), only("reader-lost-nfc"));
    EXPECT_EQ(detail(), "The reader does not work: unplugged: no device");
}

TEST_F(Watch, DoesNotMissAReaderThatComesBackInTime) {
    for (int round = 0; round < 5; ++round) {
        report_.readers[0].connected = false;
        pass(8s);
        report_.readers[0].connected = true;
        pass(1s);
    }
    EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, BelievesNeitherThatAStartingReaderWorksNorThatItDoesNot) {
    camera(ReaderState::Starting);
    pass(60s);
    EXPECT_TRUE(told_.empty());
    report_.readers[0].connected = false;
    pass(12s);
    report_.readers[0].connected = true;
    pass(60s);
    EXPECT_EQ(raised(), only("reader-lost-qr"));
}

TEST_F(Watch, NamesTheTroubleOfACamera) {
    camera(ReaderState::Degraded, "dark: the picture is too dark; 7 frames replaced");
    pass(3s);
    EXPECT_EQ(raised(), only("camera-qr"));
    EXPECT_EQ(detail(), "The camera sees badly: dark: the picture is too dark");
    camera(ReaderState::Degraded, "dark: the picture is too dark; 9 frames replaced");
    pass(3s);
    EXPECT_EQ(told_.size(), 1U);
    camera(ReaderState::Degraded, "covered: one shade");
    pass(1s);
    EXPECT_EQ(detail(), "The camera sees badly: covered: one shade");
    camera(ReaderState::Working);
    pass(5s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, DoesNotFlapWithACamera) {
    for (int i = 0; i < 20; ++i) {
        camera(ReaderState::Degraded, "dark: x");
        pass(2s);
        camera(ReaderState::Working);
        pass(2s);
    }
    EXPECT_EQ(told_.size(), 1U);
}

TEST_F(Watch, SaysOfACameraThatIsGoneOnlyThat) {
    camera(ReaderState::Degraded, "frozen: the same picture");
    pass(3s);
    camera(ReaderState::Failed, "unplugged: no camera");
    pass(15s);
    EXPECT_EQ(raised(), only("reader-lost-qr"));
}

TEST_F(Watch, HasAnotherNameForReadersThatAreNoCameras) {
    report_.readers[1].health = {.state = ReaderState::Degraded};
    pass(3s);
    EXPECT_EQ(raised(), only("reader-degraded-nfc"));
    EXPECT_EQ(detail(), "The reader works badly: it does not say why");
}

TEST_F(Watch, SeesEntriesThatGrowOld) {
    report_.sync = {.outbox_depth = 3, .outbox_age = 301s};
    pass(12s);
    EXPECT_EQ(raised(), only("outbox-growing"));
    EXPECT_EQ(detail(),
              "Entries wait because nobody takes them: the oldest has waited for more than 5 "
              "minutes");
    report_.sync.outbox_age = 200s;
    pass(60s);
    EXPECT_FALSE(raised().empty()) << "fewer, but not gone";
    report_.sync = {};
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, SeesEntriesPileUp) {
    report_.sync = {.outbox_depth = 10'001, .outbox_age = 30s};
    pass(12s);
    EXPECT_EQ(raised(), only("outbox-growing"));
    report_.sync = {.outbox_depth = 1'000, .outbox_age = 30s};
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, LeavesASmallOutboxInPeace) {
    report_.sync = {.outbox_depth = 10'000, .outbox_age = 300s};
    pass(60s);
    EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, DoubtsTheClockWithTheGate) {
    report_.clock.doubt = ClockDoubt::Ahead;
    pass(7s);
    EXPECT_EQ(raised(), only("clock-wrong"));
    EXPECT_NE(detail().find("years after the newest entry"), std::string::npos) << detail();
    report_.clock.doubt = ClockDoubt::None;
    pass(9s);
    EXPECT_FALSE(raised().empty());
    pass(3s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, ToleratesAClockThatIsCountedOnOnlyForSoLong) {
    report_.clock.quality = ClockQuality::Holdover;
    report_.clock.bounds = {kNow, kNow + 20s};
    pass(60s);
    EXPECT_TRUE(raised().empty());
    report_.clock.bounds.upper += 1ms;
    pass(7s);
    EXPECT_EQ(raised(), only("clock-wrong"));
}

TEST_F(Watch, RaisesAWrongClockEvenWithoutADoubt) {
    report_.clock.quality = ClockQuality::Wrong;
    pass(7s);
    EXPECT_EQ(raised(), only("clock-wrong"));
}

TEST_F(Watch, ToleratesAClockThatNoServerEverSet) {
    report_.clock.quality = ClockQuality::Unsynced;
    report_.clock.bounds = {kNow - 12h, kNow + 12h};
    pass(60s);
    EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, NamesADamagedRowUntilAllWasReadAgain) {
    report_.bad_rows = 1;
    report_.bad_row = "ledger: a damaged row of table log, key 07";
    pass(1s);
    EXPECT_EQ(raised(), only("ledger-damaged"));
    EXPECT_EQ(detail(), "The ledger is damaged: ledger: a damaged row of table log, key 07");
    report_.bad_rows = 0;
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, NeverClearsADamageOfTheFileItself) {
    report_.ledger_damage = "data.mdb is truncated";
    pass(60s);
    EXPECT_EQ(raised(), only("ledger-damaged"));
}

TEST_F(Watch, SeesTheDiskFillUp) {
    report_.disk_free_bytes = (256ULL << 20) - 1;
    pass(1s);
    EXPECT_EQ(raised(), only("disk-low"));
    report_.disk_free_bytes = 512ULL << 20;
    pass(60s);
    EXPECT_FALSE(raised().empty());
    *report_.disk_free_bytes += 1;
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, SeesTheLedgerReachItsUpperBound) {
    report_.ledger_bytes = 910;
    pass(1s);
    EXPECT_EQ(detail(),
              "Space for the ledger is running out: more than 90 % of ledger.map_mib are used");
    report_.ledger_bytes = 860;
    pass(1s);
    EXPECT_FALSE(raised().empty());
    report_.ledger_bytes = 840;
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, SeesListsGrowOldAndBeReplaced) {
    report_.revocations.age_seconds = 86'401;
    pass(12s);
    EXPECT_EQ(raised(), only("lists-stale"));
    report_.revocations.age_seconds = 5;
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, SeesOrdersThatNeverCameOrAreOld) {
    report_.orders = {{.event = "summer", .age = {}}, {.event = "winter", .age = 25h}};
    pass(12s);
    EXPECT_EQ(detail(),
              "The lists are older than they may be: the orders of summer never came; the orders "
              "of winter are too old");
    report_.orders = {{.event = "summer", .age = 1h}, {.event = "winter", .age = 24h}};
    pass(1s);
    EXPECT_TRUE(raised().empty());
}

TEST_F(Watch, WantsNoRevocationListUnlessThePolicyDoes) {
    report_.revocations = {};
    pass(60s);
    EXPECT_TRUE(told_.empty());
    GateWatch strict{alarms_, {.oldest = 1h, .never = ListLimits::Never::Stale}};
    strict.look(report_, 1s);
    strict.look(report_, 12s);
    EXPECT_EQ(raised(), only("lists-stale"));
}

TEST(HostFigures, KnowTheFreeDiskOrSayThatTheyDoNot) {
    const test::TempDir folder;
    EXPECT_GT(disk_free_bytes(folder.path()).value_or(0), 0U);
    EXPECT_FALSE(disk_free_bytes(folder.path() / "nowhere"));
}

TEST(HostFigures, TakeTheWarmestZoneThatSaysSomethingBelievable) {
    const test::TempDir folder;
    for (const auto& [zone, text] : {std::pair{"thermal_zone0", "48500\n"},
                                     {"thermal_zone1", "51250\n"},
                                     {"thermal_zone2", "-274000\n"},
                                     {"thermal_zone3", "what\n"},
                                     {"cooling_device0", "99000\n"}}) {
        std::filesystem::create_directory(folder.path() / zone);
        folder.write(std::string{zone} + "/temp", text);
    }
    EXPECT_EQ(temperature_c(folder.path()), 51.25);
}

TEST(HostFigures, HaveNoTemperatureWhereNothingTellsIt) {
    const test::TempDir folder;
    EXPECT_FALSE(temperature_c(folder.path()));
    EXPECT_FALSE(temperature_c(folder.path() / "nowhere"));
}

}  // namespace
}  // namespace stile
