// SPDX-License-Identifier: Apache-2.0
// Sums up how a reader does, for its ReaderHealth messages. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/protocol/messages.hpp"
#include "devices/camera/camera_watch.hpp"

namespace stile::devices {

class HealthMeter {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    // A decoder that takes this long for one frame does not come back.
    static constexpr std::chrono::seconds kStandstill{10};

    // `note`: what the source gives otherwise than it was asked.
    void source_open(std::string note);
    void source_stuck(std::string why);
    void source_lost(std::string why);
    void frame_decoded(Time now, std::chrono::microseconds took, const PictureLook& look,
                       CameraWatch::Code code);
    void code_read() { ++codes_; }
    // Codes that could not be passed on.
    void code_dropped() { ++dropped_codes_; }
    // Totals since the start, from the pipeline.
    void frames_lost(std::uint64_t replaced, std::uint64_t damaged, std::uint64_t refused);

    [[nodiscard]] Condition condition(Time now) const { return watch_.condition(now); }
    // Why it is so: what the source said, or else a sentence.
    [[nodiscard]] std::string reason(Time now) const;
    [[nodiscard]] protocol::ReaderState state(Time now) const;
    // Frames come and none is decoded.
    [[nodiscard]] bool decoder_stands_still(Time now) const;
    // What happened since the last call.
    [[nodiscard]] protocol::ReaderHealth take(Time now);

private:
    struct Losses {
        std::uint64_t replaced = 0;
        std::uint64_t damaged = 0;
        std::uint64_t refused = 0;
    };
    [[nodiscard]] std::string detail(Time now, const Losses& fresh) const;

    CameraWatch watch_;
    std::string why_;   // of the last trouble with the source
    std::string note_;  // of the open source
    bool seen_frame_ = false;
    Time last_frame_{};
    std::vector<std::uint32_t> decode_us_;
    std::uint32_t codes_ = 0;
    std::uint32_t dropped_codes_ = 0;
    Losses total_;
    Losses told_;
    std::uint64_t replaced_at_last_frame_ = 0;  // as of the first count after it
    bool decoded_since_count_ = false;
};

}  // namespace stile::devices
