// SPDX-License-Identifier: Apache-2.0
// Words for modes.
#include "devices/camera/camera_mode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stile::devices {
namespace {

constexpr std::array kWishes{std::pair{PixelWish::Auto, std::string_view{"auto"}},
                             std::pair{PixelWish::Mjpg, std::string_view{"mjpg"}},
                             std::pair{PixelWish::Yuyv, std::string_view{"yuyv"}},
                             std::pair{PixelWish::Grey, std::string_view{"grey"}}};

bool same_letters(std::string_view wish, std::string_view fourcc) {
    return std::ranges::equal(wish, fourcc, {}, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

// Drivers count exposure in steps of 100 us.
constexpr std::chrono::microseconds kExposureStep{100};

std::string exposure_difference(std::chrono::microseconds asked, const GivenMode& given) {
    if (asked.count() == 0) return {};  // a camera without automatic has nothing to report
    if (!given.exposure) return "an exposure that cannot be set";
    if (given.exposure->count() == 0)
        return fmt::format("automatic exposure instead of {} us", asked.count());
    if (std::chrono::abs(*given.exposure - asked) < kExposureStep) return {};
    return fmt::format("{} instead of {} us of exposure", given.exposure->count(), asked.count());
}

}  // namespace

std::optional<PixelWish> pixel_wish(std::string_view word) {
    const auto row = std::ranges::find(kWishes, word, [](const auto& wish) { return wish.second; });
    return row == kWishes.end() ? std::nullopt : std::optional{row->first};
}

std::string_view name_of(PixelWish wish) {
    return std::ranges::find(kWishes, wish, [](const auto& row) { return row.first; })->second;
}

std::string differences(const CameraMode& asked, const GivenMode& given) {
    std::vector<std::string> found;
    if (given.width == 0) return {};
    if (asked.format != PixelWish::Auto && !same_letters(name_of(asked.format), given.format))
        found.push_back(fmt::format("{} instead of {}", given.format, name_of(asked.format)));
    if (given.width != asked.width || given.height != asked.height) {
        found.push_back(fmt::format("{} x {} instead of {} x {}", given.width, given.height,
                                    asked.width, asked.height));
    }
    if (given.rate > 0 && std::abs(given.rate - asked.rate) >= 0.5) {
        found.push_back(
            fmt::format("{:.0f} instead of {} pictures a second", given.rate, asked.rate));
    }
    if (auto exposure = exposure_difference(asked.exposure, given); !exposure.empty())
        found.push_back(std::move(exposure));
    return fmt::format("{}", fmt::join(found, ", "));
}

}  // namespace stile::devices
