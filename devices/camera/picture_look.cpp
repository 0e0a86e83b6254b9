// SPDX-License-Identifier: Apache-2.0
// A histogram of shades and one of changes.
#include "devices/camera/picture_look.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

namespace stile::devices {
namespace {

using Histogram = std::array<int, 256>;

void take_samples(const Frame& frame, std::vector<std::uint8_t>& out) {
    out.clear();
    if (frame.width <= 0 || frame.height <= 0) return;
    for (int row = 0; row < PictureGauge::kRows; ++row) {
        const int y = (2 * row + 1) * frame.height / (2 * PictureGauge::kRows);
        const auto line = static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.stride);
        for (int column = 0; column < PictureGauge::kColumns; ++column) {
            const int x = (2 * column + 1) * frame.width / (2 * PictureGauge::kColumns);
            out.push_back(frame.luma[line + static_cast<std::size_t>(x)]);
        }
    }
}

// The value below which `part` of `count` values lie.
int below(const Histogram& histogram, std::size_t count, std::size_t part_percent) {
    std::size_t seen = 0;
    for (std::size_t value = 0; value < histogram.size(); ++value) {
        seen += static_cast<std::size_t>(histogram[value]);
        if (seen * 100 > count * part_percent) return static_cast<int>(value);
    }
    return 255;
}

// Whatever moves before the camera is in the wilder half.
int calm_change(const Histogram& changes, std::size_t count) {
    const auto half = static_cast<std::int64_t>(count / 2);
    std::int64_t seen = 0;
    std::int64_t sum = 0;
    for (std::size_t value = 0; value < changes.size() && seen < half; ++value) {
        const auto more = std::min<std::int64_t>(changes[value], half - seen);
        sum += more * static_cast<std::int64_t>(value);
        seen += more;
    }
    return half == 0 ? 0 : static_cast<int>(100 * sum / half);
}

Histogram changes_between(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    Histogram changes{};
    for (std::size_t i = 0; i < a.size(); ++i)
        ++changes[static_cast<std::size_t>(std::abs(int{a[i]} - int{b[i]}))];
    return changes;
}

PictureLook shades_of(std::span<const std::uint8_t> samples) {
    Histogram shades{};
    std::int64_t sum = 0;
    for (const std::uint8_t shade : samples) {
        ++shades[shade];
        sum += shade;
    }
    int white = 0;
    for (std::size_t shade = kWhite; shade < shades.size(); ++shade)
        white += shades[shade];
    const auto count = static_cast<std::int64_t>(samples.size());
    return {.mean = static_cast<int>(sum / count),
            .darkest = below(shades, samples.size(), 5),
            .brightest = below(shades, samples.size(), 95),
            .percent_white = static_cast<int>(100 * std::int64_t{white} / count)};
}

}  // namespace

PictureLook PictureGauge::look(const Frame& frame) {
    now_.swap(before_);
    take_samples(frame, now_);
    if (now_.empty()) return {};
    PictureLook look = shades_of(now_);
    if (before_.size() == now_.size() && frame.width == width_ && frame.height == height_) {
        const Histogram changes = changes_between(now_, before_);
        look.changed = changes[0] < static_cast<int>(now_.size());
        look.noise = calm_change(changes, now_.size());
    }
    width_ = frame.width;
    height_ = frame.height;
    return look;
}

}  // namespace stile::devices
