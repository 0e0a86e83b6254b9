// SPDX-License-Identifier: Apache-2.0
// What lamps and buzzer say: rhythms that differ, never more than three flashes a second.
#include <set>

#include <gtest/gtest.h>

#include "devices/lamps/lamp_player.hpp"
#include "tests/support/listen.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Sound = LampPlayer::Sound;

TEST(LampPattern, IsAnotherRhythmForEachSign) {
    std::set<std::vector<std::uint16_t>> seen;
    for (int sign = 0; sign <= std::to_underlying(LampSign::Last); ++sign) {
        const Rhythm& light = pattern_of(static_cast<LampSign>(sign)).light;
        EXPECT_TRUE(seen.insert({light.beats.begin(), light.beats.begin() + light.count}).second)
            << sign;
    }
}

TEST(LampPattern, NeverFlashesMoreThanThreeTimesASecond) {
    for (int sign = 0; sign <= std::to_underlying(LampSign::Last); ++sign)
        EXPECT_LE(most_flashes(pattern_of(static_cast<LampSign>(sign)).light), 3) << sign;
}

TEST(LampPattern, CountsTheFlashesOfTheWorstSecond) {
    EXPECT_EQ(most_flashes({}), 0);
    EXPECT_EQ(most_flashes({{1000}, 1}), 0);
    EXPECT_EQ(most_flashes({{500, 500}, 2}), 1);
    EXPECT_EQ(most_flashes({{250, 250}, 2}), 2);
    EXPECT_EQ(most_flashes({{100, 100}, 2}), 5);
    EXPECT_EQ(most_flashes({{100, 100, 100, 100, 100, 2000}, 6}), 3) << "and not the pause";
    EXPECT_EQ(most_flashes({{100, 2000, 100, 100, 100, 100}, 6}), 3) << "wherever it begins";
}

TEST(LampPattern, IsSilentInAFire) {
    EXPECT_EQ(pattern_of(LampSign::Fire).sound.count, 0);
}

// Outputs that write down when they were switched.
class Record final : public Outputs {
public:
    struct Turn {
        std::size_t output;
        Switch to;
        Clock::time_point at;
    };
    explicit Record(std::vector<Turn>& turns) : turns_{turns} {}
    Result<void> set(std::size_t output, Switch to) override {
        turns_.push_back({output, to, Clock::now()});
        return {};
    }
    void look() override {}
    [[nodiscard]] std::string trouble() const override { return {}; }
    void come_back() { tell_back(); }

private:
    std::vector<Turn>& turns_;
};

class Lamps : public testing::Test {
protected:
    enum Output : std::size_t { kGo, kStop, kBuzzer };
    void listen(std::chrono::milliseconds time) { stile::test::listen(loop_, time); }
    template <class Happened>
    void until(const Happened& happened) {
        stile::test::listen_until(loop_, happened);
    }
    [[nodiscard]] Switch level(std::size_t output) const {
        Switch level = Switch::Off;
        for (const auto& turn : turns_) {
            if (turn.output == output) level = turn.to;
        }
        return level;
    }
    // The moments at which it went on.
    [[nodiscard]] std::vector<Clock::time_point> flashes(std::size_t output) const {
        std::vector<Clock::time_point> times;
        Switch level = Switch::Off;
        for (const auto& turn : turns_) {
            if (turn.output != output) continue;
            if (level == Switch::Off && turn.to == Switch::On) times.push_back(turn.at);
            level = turn.to;
        }
        return times;
    }

    EventLoop loop_;
    std::vector<Record::Turn> turns_;
    std::unique_ptr<Record> made_ = std::make_unique<Record>(turns_);
    Record& outputs_ = *made_;
    std::unique_ptr<LampPlayer> owned_ = std::make_unique<LampPlayer>(
        loop_, std::move(made_), LampPlayer::Outlets{.go = kGo, .stop = kStop, .buzzer = kBuzzer});
    LampPlayer& player_ = *owned_;
};

TEST_F(Lamps, ShineSteadilyForGoAndSoundOnce) {
    player_.show(LampSign::Go, Sound::Play);
    EXPECT_EQ(level(kGo), Switch::On);
    EXPECT_EQ(level(kBuzzer), Switch::On);
    listen(450ms);
    until([this] { return level(kBuzzer) == Switch::Off; });
    EXPECT_EQ(level(kGo), Switch::On);
    EXPECT_EQ(flashes(kBuzzer).size(), 1U);
}

TEST_F(Lamps, BlinkForStopAndSoundThreeTimes) {
    player_.show(LampSign::Stop, Sound::Play);
    listen(1300ms);
    until([this] { return flashes(kStop).size() >= 2 && flashes(kBuzzer).size() >= 3; });
    EXPECT_EQ(flashes(kBuzzer).size(), 3U);
    EXPECT_TRUE(flashes(kGo).empty());
}

TEST_F(Lamps, SoundAgainForTheNextAnswerWithoutBreakingTheRhythm) {
    player_.show(LampSign::Go, Sound::Play);
    until([this] { return level(kBuzzer) == Switch::Off; });
    player_.show(LampSign::Go, Sound::Play);
    listen(20ms);
    EXPECT_EQ(flashes(kBuzzer).size(), 2U);
    EXPECT_EQ(flashes(kGo).size(), 1U);
}

TEST_F(Lamps, AreDarkWhenNobodyIsThere) {
    player_.show(LampSign::Go, Sound::Quiet);
    player_.show(LampSign::Ready, Sound::Quiet);
    EXPECT_EQ(level(kGo), Switch::Off);
    EXPECT_EQ(level(kStop), Switch::Off);
    EXPECT_TRUE(flashes(kBuzzer).empty());
}

// Somebody waves a refused and an admitted code before the camera in turn.
TEST_F(Lamps, NeverFlickerHoweverFastTheSignsChange) {
    for (int i = 0; i < 40; ++i) {
        player_.show(i % 2 == 0 ? LampSign::Stop : LampSign::Go, Sound::Quiet);
        listen(25ms);
    }
    for (const std::size_t lamp : {kGo, kStop}) {
        const auto times = flashes(lamp);
        for (std::size_t i = 3; i < times.size(); ++i)
            EXPECT_GT(times[i] - times[i - 3], 1s - 50ms);
    }
}

TEST_F(Lamps, AreDarkAndSilentInTheEnd) {
    player_.show(LampSign::Go, Sound::Play);
    owned_.reset();
    EXPECT_EQ(level(kGo), Switch::Off);
    EXPECT_EQ(level(kStop), Switch::Off);
    EXPECT_EQ(level(kBuzzer), Switch::Off);
}

TEST_F(Lamps, GoOnWhenTheyAreBack) {
    player_.show(LampSign::Go, Sound::Quiet);
    turns_.clear();
    outputs_.come_back();
    until([this] { return level(kGo) == Switch::On; });
}

}  // namespace
}  // namespace stile::devices
