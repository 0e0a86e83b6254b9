// SPDX-License-Identifier: Apache-2.0
// What is asked of a camera, what it gives, and where the two differ.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stile::devices {

// Auto takes Motion JPEG where there is some: USB 2 is too slow for more than 10 plain 720p frames
// a second. Grey is the best where a camera has it: nothing to decode, nothing lost.
enum class PixelWish { Auto, Mjpg, Yuyv, Grey };

// "auto", "mjpg", "yuyv", "grey"; nothing for any other word.
[[nodiscard]] std::optional<PixelWish> pixel_wish(std::string_view word);
[[nodiscard]] std::string_view name_of(PixelWish wish);

// Wishes: the driver takes the nearest that it can.
struct CameraMode {
    PixelWish format = PixelWish::Auto;
    int width = 1280;
    int height = 720;
    int rate = 30;                          // pictures a second; that of a folder, too
    std::chrono::microseconds exposure{0};  // 0: the camera's own automatic
};

// What the driver says it does. Sources that cannot be asked leave it empty.
struct GivenMode {
    std::string format;  // four letters, "MJPG"
    int width = 0;
    int height = 0;
    double rate = 0;                                    // 0: it does not say
    std::optional<std::chrono::microseconds> exposure;  // 0: automatic; nothing: it does not say
};

// "640 x 480 instead of 1280 x 720, 15 instead of 30 pictures a second"; empty when nothing does.
[[nodiscard]] std::string differences(const CameraMode& asked, const GivenMode& given);

}  // namespace stile::devices
