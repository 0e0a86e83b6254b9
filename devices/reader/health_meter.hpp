// SPDX-License-Identifier: Apache-2.0
// Sums up how a reader does, for its ReaderHealth messages. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/protocol/messages.hpp"

namespace stile::devices {

class HealthMeter {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    // No frame for this long, and the reader is degraded.
    static constexpr std::chrono::seconds kSilence{3};
    // A decoder that takes this long for one frame does not come back.
    static constexpr std::chrono::seconds kStandstill{10};

    void source_open();
    void source_stuck(std::string why);
    void source_lost(std::string why);
    void frame_decoded(Time now, std::chrono::microseconds took);
    void code_read() { ++codes_; }
    // Codes that could not be passed on.
    void code_dropped() { ++dropped_codes_; }
    // Totals since the start, from the pipeline.
    void frames_lost(std::uint64_t replaced, std::uint64_t damaged, std::uint64_t refused);

    [[nodiscard]] protocol::ReaderState state(Time now) const;
    // Frames come and none is decoded.
    [[nodiscard]] bool decoder_stands_still(Time now) const;
    // What happened since the last call.
    [[nodiscard]] protocol::ReaderHealth take(Time now);

private:
    enum class Source { Unknown, Open, Stuck, Lost };
    struct Losses {
        std::uint64_t replaced = 0;
        std::uint64_t damaged = 0;
        std::uint64_t refused = 0;
    };
    [[nodiscard]] std::string detail(Time now, const Losses& fresh) const;

    Source source_ = Source::Unknown;
    std::string why_;
    bool seen_frame_ = false;
    Time last_frame_{};
    std::vector<std::uint32_t> decode_us_;
    std::uint32_t codes_ = 0;
    std::uint32_t dropped_codes_ = 0;
    Losses total_;
    Losses told_;
    std::uint64_t replaced_at_last_frame_ = 0;
};

}  // namespace stile::devices
