// SPDX-License-Identifier: Apache-2.0
// Capture and decode threads over a source and a decoder that do as they are told.
#include <condition_variable>
#include <deque>
#include <mutex>

#include <gtest/gtest.h>

#include "devices/reader/camera_pipeline.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

Frame numbered(std::uint8_t number) {
    Frame frame{1, 1};
    frame.luma[0] = number;
    return frame;
}

// Gives what it was filled with, then Closed.
class FakeSource final : public FrameSource {
public:
    explicit FakeSource(std::deque<Result<Frame>> steps) : steps_{std::move(steps)} {}
    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (steps_.empty() || stop.stop_requested()) return fail(Errc::Closed, "the end");
        auto step = std::move(steps_.front());
        steps_.pop_front();
        return step;
    }

private:
    std::deque<Result<Frame>> steps_;
};

// "Reads" the number that a frame carries.
class FakeDecoder final : public QrDecoder {
public:
    [[nodiscard]] Result<std::vector<Code>> decode(const Frame& frame) const override {
        if (frame.luma[0] == 0) return fail(Errc::Io, "the library failed");
        return std::vector<Code>{{frame.luma, std::to_string(frame.luma[0])}};
    }
};

// Opens the sources of a list one after the other; the last one again and again.
class Bench {
public:
    using Sources = std::deque<std::deque<Result<Frame>>>;
    Bench(Sources sources, AtEnd at_end) : sources_{std::move(sources)} {
        pipeline_.emplace([this] { return open(); }, CameraMode{}, decoder_, at_end,
                          [this] { woken(); });
    }

    // Looks at reports and frames until the source is in this state; the report that said so.
    SourceReport wait_for(SourceState state) {
        std::optional<SourceReport> report;
        EXPECT_TRUE(look_until([&] { return report && report->state == state; }, report));
        return report.value_or(SourceReport{});
    }
    // The same until a frame with this number was decoded.
    bool wait_for_frame(std::string_view number) {
        std::optional<SourceReport> report;
        return look_until(
            [&] { return !frames_.empty() && frames_.back().codes.value()[0].text == number; },
            report);
    }
    [[nodiscard]] const std::vector<DecodedFrame>& frames() const { return frames_; }
    [[nodiscard]] CameraPipeline& pipeline() { return *pipeline_; }
    [[nodiscard]] int opened() const { return opened_; }

private:
    template <class Condition>
    bool look_until(Condition condition, std::optional<SourceReport>& report) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [&] {
            if (auto fresh = pipeline_->take_report()) report = std::move(fresh);
            while (auto frame = pipeline_->take_frame())
                frames_.push_back(std::move(*frame));
            return condition();
        });
    }
    Result<std::unique_ptr<FrameSource>> open() {
        ++opened_;
        if (sources_.empty()) return fail(Errc::NotFound, "not plugged in");
        auto steps = std::move(sources_.front());
        sources_.pop_front();
        return std::make_unique<FakeSource>(std::move(steps));
    }
    void woken() {
        const std::scoped_lock lock{mutex_};
        changed_.notify_all();
    }

    FakeDecoder decoder_;
    Sources sources_;
    std::atomic<int> opened_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<DecodedFrame> frames_;
    std::optional<CameraPipeline> pipeline_;
};

TEST(CameraPipeline, DecodesTheLastFrameBeforeItSaysThatItEnded) {
    Bench bench{{{numbered(1), numbered(2), numbered(3)}}, AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    ASSERT_FALSE(bench.frames().empty());
    EXPECT_EQ(bench.frames().back().codes.value()[0].text, "3");
    EXPECT_EQ(bench.frames().size() + bench.pipeline().replaced(), 3U);
}

TEST(CameraPipeline, CountsDamagedFramesAndGoesOn) {
    Bench bench{{{fail(Errc::Invalid, "damaged"), fail(Errc::Invalid, "damaged"), numbered(7)}},
                AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    EXPECT_EQ(bench.pipeline().damaged(), 2U);
    ASSERT_EQ(bench.frames().size(), 1U);
}

TEST(CameraPipeline, HandsADecodersFailureOnAndGoesOn) {
    Bench bench{{{numbered(0)}}, AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    ASSERT_EQ(bench.frames().size(), 1U);
    EXPECT_FALSE(bench.frames()[0].codes);
}

TEST(CameraPipeline, ReportsALostSourceAndOpensItAgain) {
    Bench bench{{{numbered(1), fail(Errc::Io, "unplugged")}, {numbered(2)}}, AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    EXPECT_EQ(bench.opened(), 2);
    EXPECT_EQ(bench.frames().back().codes.value()[0].text, "2");
}

TEST(CameraPipeline, SaysWhyASourceCannotBeOpened) {
    Bench bench{{}, AtEnd::Stop};
    EXPECT_EQ(bench.wait_for(SourceState::Lost).detail, "not plugged in");
}

TEST(CameraPipeline, OpensASourceAgainThatStaysSilent) {
    const auto silence = [] { return fail(Errc::Timeout, "no frame"); };
    Bench bench{{{silence(), silence(), silence()}, {numbered(5)}}, AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    EXPECT_EQ(bench.opened(), 2);
}

TEST(CameraPipeline, ToleratesAShortSilence) {
    Bench bench{{{numbered(1), fail(Errc::Timeout, "no frame"), numbered(2)}}, AtEnd::Stop};
    (void)bench.wait_for(SourceState::Ended);
    EXPECT_EQ(bench.opened(), 1);
}

TEST(CameraPipeline, SaysStuckForASourceThatIsOpenAndSilent) {
    const auto silence = [] { return fail(Errc::Timeout, "no frame for 2 s"); };
    Bench bench{{{silence(), silence(), silence()}, {numbered(5)}}, AtEnd::PlayAgain};
    EXPECT_EQ(bench.wait_for(SourceState::Stuck).detail, "no frame for 2 s");
}

TEST(CameraPipeline, OpensASourceAgainThatGivesNothingButDamage) {
    std::deque<Result<Frame>> rubbish;
    for (int i = 0; i < 200; ++i)
        rubbish.emplace_back(fail(Errc::Invalid, "no picture"));
    Bench bench{{rubbish, {numbered(5)}}, AtEnd::PlayAgain};
    EXPECT_TRUE(bench.wait_for_frame("5"));
    EXPECT_GE(bench.opened(), 2);
    EXPECT_EQ(bench.pipeline().damaged(), 100U);
}

TEST(CameraPipeline, PlaysASourceAgainWhenAskedTo) {
    Bench bench{{{numbered(1)}, {numbered(2)}}, AtEnd::PlayAgain};
    EXPECT_TRUE(bench.wait_for_frame("2"));
}

TEST(CameraPipeline, TakesASourceThatGivesNothingForLost) {
    Bench bench{{{}}, AtEnd::PlayAgain};
    EXPECT_EQ(bench.wait_for(SourceState::Lost).detail, "the end");
}

TEST(CameraPipeline, EndsWhileItWaitsForALostSource) {
    const auto begin = std::chrono::steady_clock::now();
    {
        Bench bench{{}, AtEnd::PlayAgain};
        (void)bench.wait_for(SourceState::Lost);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

}  // namespace
}  // namespace stile::devices
