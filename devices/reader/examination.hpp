// SPDX-License-Identifier: Apache-2.0
// What a look at a camera found, and what an installer should do about it. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/camera/camera_mode.hpp"
#include "devices/camera/camera_watch.hpp"
#include "devices/camera/qr_decoder.hpp"

namespace stile::devices {

struct Findings {
    std::string source;  // without secrets
    CameraMode asked;
    GivenMode given;
    std::optional<Error> failure;  // it could not be opened, or broke off
    int width = 0;                 // of the pictures
    int height = 0;
    std::uint64_t pictures = 0;
    std::uint64_t damaged = 0;     // of them, and beside them
    double pictures_a_second = 0;  // measured; 0: fewer than two came
    PictureLook look;              // of the last one; its noise is the average
    std::optional<int> sharpness;  // of the last one
    std::uint64_t pictures_with_code = 0;
    std::size_t code_bytes = 0;  // of the largest code
    Condition condition = Condition::Starting;
};

// Collects what happens, picture by picture.
class Examination {
public:
    Examination(std::string source, const CameraMode& asked);
    void opened(const GivenMode& given) { findings_.given = given; }
    void failed(Error why);
    void silent() { watch_.stuck(); }
    void lost_one() { ++findings_.damaged; }
    void saw(const Frame& frame, const std::vector<Code>& codes);
    [[nodiscard]] Findings findings() const;

private:
    Findings findings_;
    // An installer waits some seconds, so a single picture is enough for a name.
    CameraWatch watch_{Patience{.picture = {}, .frozen = std::chrono::seconds{3}, .recovery = {}}};
    PictureGauge gauge_;
    std::int64_t noise_sum_ = 0;
    std::int64_t noise_count_ = 0;
    std::int64_t first_ns_ = 0;
    std::int64_t last_ns_ = 0;
};

// A sentence or two for each thing that should be better; empty when there is none.
[[nodiscard]] std::vector<std::string> advice(const Findings& findings);

}  // namespace stile::devices
