// SPDX-License-Identifier: Apache-2.0
// Two histograms: of shades, and of the steps between neighbours.
#include "devices/camera/sharpness.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

namespace stile::devices {
namespace {

using Histogram = std::array<std::int64_t, 256>;

constexpr int kLeastContrast = 32;

// The value below which `permille` of all lie.
int below(const Histogram& histogram, std::int64_t permille) {
    std::int64_t all = 0;
    for (const std::int64_t count : histogram)
        all += count;
    std::int64_t seen = 0;
    for (std::size_t value = 0; value < histogram.size(); ++value) {
        seen += histogram[value];
        if (seen * 1000 > all * permille) return static_cast<int>(value);
    }
    return 255;
}

}  // namespace

std::optional<int> sharpness_of(const Frame& frame) {
    Histogram shades{};
    Histogram steps{};
    for (int y = 0; y < frame.height; y += 2) {
        const auto begin = static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.stride);
        const auto row =
            std::span{frame.luma}.subspan(begin, static_cast<std::size_t>(frame.width));
        for (std::size_t x = 1; x + 1 < row.size(); ++x) {
            ++shades[row[x]];
            ++steps[static_cast<std::size_t>(std::abs(int{row[x + 1]} - int{row[x - 1]}))];
        }
    }
    const int contrast = below(shades, 990) - below(shades, 10);
    if (contrast < kLeastContrast) return std::nullopt;
    return std::min(100, 100 * below(steps, 998) / contrast);
}

}  // namespace stile::devices
