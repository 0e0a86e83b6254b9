// SPDX-License-Identifier: Apache-2.0
// What our camera path costs beside the bare code reader, on frames in which there is no code.
#include <array>
#include <optional>
#include <random>

#define ZX_USE_UTF8
#include <ReadBarcode.h>
#include <benchmark/benchmark.h>

#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/mailbox.hpp"
#include "devices/camera/frame_memory.hpp"
#include "devices/camera/luma.hpp"
#include "devices/camera/picture_look.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/bench/ratio.hpp"

namespace {

using namespace stile;
using namespace stile::devices;

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr std::size_t kFrames = 8;
constexpr bench::Rounds kRounds{.count = 61, .calls = kFrames};

// Shades, edges and noise, as in a hall with nobody near the camera.
Frame empty_hall(unsigned seed) {
    std::mt19937 random{seed};
    Frame frame{kWidth, kHeight};
    std::array<unsigned, 24> posts{};
    for (unsigned& post : posts)
        post = 40 + static_cast<unsigned>(random() % 160);
    for (std::size_t i = 0; i < frame.luma.size(); ++i) {
        const std::size_t x = i % kWidth;
        const std::size_t y = i / kWidth;
        const unsigned shade = posts[(x / 107 + y / 240 * 7) % posts.size()];
        frame.luma[i] = static_cast<std::uint8_t>(shade + y / 40 + random() % 9);
    }
    return frame;
}

const ZXing::DecodeHints& same_hints() {
    static const ZXing::DecodeHints qr_only =
        ZXing::DecodeHints{}
            .setFormats(ZXing::BarcodeFormat::QRCode)
            .setTryDownscale(true)
            .setMaxNumberOfSymbols(std::uint8_t{kMaxCodesPerFrame});
    return qr_only;
}

}  // namespace

int main() {
    keep_frame_memory();  // as the reader does
    std::array<Frame, kFrames> frames;
    for (std::size_t i = 0; i < kFrames; ++i)
        frames[i] = empty_hall(static_cast<unsigned>(i));
    const ZxingDecoder decoder;
    std::size_t turn = 0;
    const auto bare = [&] {
        const Frame& frame = frames[turn++ % kFrames];
        const ZXing::ImageView view{frame.luma.data(), frame.width, frame.height,
                                    ZXing::ImageFormat::Lum, frame.stride};
        benchmark::DoNotOptimize(ZXing::ReadBarcodes(view, same_hints()));
    };
    bench::ratio(
        "decode an empty 720p frame / bare ZXing-cpp",
        [&] { benchmark::DoNotOptimize(decoder.decode(frames[turn++ % kFrames])); }, bare, kRounds);

    PictureGauge gauge;
    bench::ratio(
        "decode and look at an empty 720p frame / bare ZXing-cpp",
        [&] {
            const Frame& frame = frames[turn++ % kFrames];
            benchmark::DoNotOptimize(decoder.decode(frame));
            benchmark::DoNotOptimize(gauge.look(frame));
        },
        bare, kRounds);

    // From the capture thread's hand to the loop's: mailbox, decoder, queue. Frames move, as in the
    // reader.
    Mailbox<Frame> mailbox;
    BoundedQueue<std::vector<Code>> results{64};
    bench::ratio(
        "mailbox, decode, queue, 720p / bare ZXing-cpp",
        [&] {
            Frame& slot = frames[turn++ % kFrames];
            mailbox.put(std::move(slot));
            slot = *mailbox.take({});
            benchmark::DoNotOptimize(results.push(*decoder.decode(slot)));
            benchmark::DoNotOptimize(results.try_pop());
        },
        bare, kRounds);

    const Buffer yuyv(std::size_t{2} * kWidth * kHeight, 128);
    bench::ratio(
        "the same from a camera's YUYV buffer / bare ZXing-cpp",
        [&] {
            const auto frame = luma_from(PixelFormat::Yuyv, yuyv, kWidth, kHeight);
            benchmark::DoNotOptimize(frame);
            benchmark::DoNotOptimize(decoder.decode(frames[turn++ % kFrames]));
        },
        bare, kRounds);
    return 0;
}
