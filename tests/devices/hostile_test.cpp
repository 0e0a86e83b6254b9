// SPDX-License-Identifier: Apache-2.0
// Pictures made to do harm: crowds of codes, codes that change all the time, the largest codes.
#include <algorithm>
#include <atomic>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <malloc.h>

#include "devices/camera/sightings.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "devices/reader/camera_pipeline.hpp"
#include "devices/reader/reader.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;

// A hundred different codes in one frame, three pixels a module.
Frame crowd() {
    constexpr int kModule = 3;
    constexpr int kSide = (21 + 8) * kModule;
    Frame wall{1280, 720};
    std::ranges::fill(wall.luma, std::uint8_t{225});
    for (int i = 0; i < 100; ++i) {
        const std::string text = "N" + std::to_string(i);
        const Frame one = frame_with_code(as_bytes(text), kModule);
        const int left = i % 14 * 91;
        const int top = i / 14 * 90;
        for (int y = 0; y < kSide; ++y) {
            const auto from = one.luma.begin() + ((one.height - kSide) / 2 + y) * one.stride +
                              (one.width - kSide) / 2;
            std::copy_n(from, kSide, wall.luma.begin() + (top + y) * wall.stride + left);
        }
    }
    return wall;
}

TEST(Hostile, ACrowdOfCodesIsReadUpToTheLimitOfAFrame) {
    const auto codes = ZxingDecoder{}.decode(crowd()).value();
    EXPECT_EQ(codes.size(), kMaxCodesPerFrame);
    std::set<std::string> texts;
    for (const Code& code : codes)
        texts.insert(code.text);
    EXPECT_EQ(texts.size(), codes.size());
}

TEST(Hostile, TheLargestCodeIsReadOrMissedButNeverWrong) {
    Buffer content(2953);
    std::mt19937 random{3};
    for (auto& byte : content)
        byte = static_cast<std::uint8_t>(random());
    const auto codes = ZxingDecoder{}.decode(frame_with_code(content, 5)).value();
    for (const Code& code : codes) {
        EXPECT_EQ(code.bytes, content);
        EXPECT_LE(code.bytes.size(), kMaxCodeBytes);
    }
}

// A screen that shows another code of 3 KB fifty times a second, for ten minutes.
TEST(Hostile, CodesThatChangeAllTheTimeTakeNoMemoryAndFewScans) {
    Sightings sightings{1s};
    RateLimit allowance{kScanPeriod, kScansAtOnce};
    Buffer content(2953);
    int passed = 0;
    std::size_t memory = 0;
    for (std::uint32_t i = 0; i < 30'000; ++i) {
        const auto now = 1h + i * 20ms;
        std::ranges::copy(big_endian(i), content.begin());
        if (sightings.see(content, now) == Sighting::New && allowance.take(now)) ++passed;
        if (i == 1000) memory = ::mallinfo2().uordblks;
    }
    EXPECT_LE(passed, kScansAtOnce + 6000);
    EXPECT_LT(::mallinfo2().uordblks, memory + 65536);
}

// Gives a frame as soon as the one before was decoded.
class EagerSource final : public FrameSource {
public:
    EagerSource(std::atomic<int>& decoded, int frames) : decoded_{decoded}, frames_{frames} {}
    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (shown_ > 0) decoded_.wait(shown_ - 1);
        if (shown_ == frames_ || stop.stop_requested()) return fail(Errc::Closed, "the end");
        ++shown_;
        return Frame{1, 1};
    }

private:
    std::atomic<int>& decoded_;
    int frames_;
    int shown_ = 0;
};

// Finds as many and as large codes as may be in any frame.
class RichDecoder final : public QrDecoder {
public:
    explicit RichDecoder(std::atomic<int>& decoded) : decoded_{decoded} {}
    [[nodiscard]] Result<std::vector<Code>> decode(const Frame&) const override {
        ++decoded_;
        decoded_.notify_all();
        return std::vector<Code>(kMaxCodesPerFrame, Code{Buffer(kMaxCodeBytes), ""});
    }

private:
    std::atomic<int>& decoded_;
};

TEST(Hostile, AFullQueueRefusesAndCounts) {
    constexpr int kFrames = 200;
    std::atomic<int> decoded = 0;
    const RichDecoder decoder{decoded};
    std::atomic<int> woken = 0;
    CameraPipeline pipeline{[&] { return std::make_unique<EagerSource>(decoded, kFrames); },
                            CameraMode{}, decoder, AtEnd::Stop,
                            [&] {
                                ++woken;
                                woken.notify_all();
                            }};
    // Two reports (open, ended), and a call for each frame; nobody takes anything before.
    for (int seen = woken; seen < kFrames + 2; seen = woken)
        woken.wait(seen);
    EXPECT_EQ(pipeline.replaced(), 0U);
    EXPECT_EQ(pipeline.refused(), kFrames - 64U);
    int kept = 0;
    while (pipeline.take_frame())
        ++kept;
    EXPECT_EQ(kept, 64);
}

}  // namespace
}  // namespace stile::devices
