// SPDX-License-Identifier: Apache-2.0
// Counters, a median, and one word for the state.
#include "devices/reader/health_meter.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile::devices {
namespace {

constexpr std::size_t kMaxDetailBytes = 200;  // of ReaderHealth

std::uint32_t median(std::vector<std::uint32_t>& values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace

void HealthMeter::source_open(std::string note) {
    note_ = std::move(note);
}

void HealthMeter::source_stuck(std::string why) {
    watch_.stuck();
    why_ = std::move(why);
}

void HealthMeter::source_lost(std::string why) {
    watch_.lost();
    why_ = std::move(why);
}

void HealthMeter::frame_decoded(Time now, std::chrono::microseconds took, const PictureLook& look,
                                CameraWatch::Code code) {
    watch_.saw(now, look, code);
    if (watch_.condition(now) == Condition::Ok) why_.clear();
    seen_frame_ = true;
    last_frame_ = now;
    decoded_since_count_ = true;
    decode_us_.push_back(static_cast<std::uint32_t>(took.count()));
}

void HealthMeter::frames_lost(std::uint64_t replaced, std::uint64_t damaged,
                              std::uint64_t refused) {
    total_ = {replaced, damaged, refused};
    if (std::exchange(decoded_since_count_, false)) replaced_at_last_frame_ = replaced;
}

protocol::ReaderState HealthMeter::state(Time now) const {
    switch (condition(now)) {
        case Condition::Starting:
            return protocol::ReaderState::Starting;
        case Condition::Ok:
            return protocol::ReaderState::Working;
        case Condition::Unplugged:
            return protocol::ReaderState::Failed;
        case Condition::Wedged:
        case Condition::Dark:
        case Condition::Overexposed:
        case Condition::Covered:
        case Condition::Frozen:
            return protocol::ReaderState::Degraded;
    }
    return protocol::ReaderState::Failed;
}

std::string HealthMeter::reason(Time now) const {
    const Condition now_is = condition(now);
    const bool of_source = now_is == Condition::Unplugged || now_is == Condition::Wedged;
    return of_source && !why_.empty() ? why_ : std::string{sentence_of(now_is)};
}

bool HealthMeter::decoder_stands_still(Time now) const {
    return seen_frame_ && !decoded_since_count_ && total_.replaced > replaced_at_last_frame_ &&
           now - last_frame_ > kStandstill;
}

std::string HealthMeter::detail(Time now, const Losses& fresh) const {
    std::string text;
    const auto add = [&text](std::string_view part) {
        if (!text.empty()) text += "; ";
        text += part;
    };
    if (const std::string why = reason(now); !why.empty())
        add(fmt::format("{}: {}", name_of(condition(now)), why));
    if (!note_.empty()) add(note_);
    if (fresh.replaced > 0) add(fmt::format("{} frames replaced", fresh.replaced));
    if (fresh.damaged > 0) add(fmt::format("{} frames damaged", fresh.damaged));
    if (fresh.refused > 0) add(fmt::format("{} results without a place", fresh.refused));
    if (dropped_codes_ > 0) add(fmt::format("{} codes not passed on", dropped_codes_));
    if (text.size() > kMaxDetailBytes) text.resize(kMaxDetailBytes);
    return text;
}

protocol::ReaderHealth HealthMeter::take(Time now) {
    const Losses fresh{total_.replaced - told_.replaced, total_.damaged - told_.damaged,
                       total_.refused - told_.refused};
    const std::uint64_t dropped = fresh.replaced + fresh.damaged + fresh.refused + dropped_codes_;
    protocol::ReaderHealth health{.state = state(now),
                                  .frames = static_cast<std::uint32_t>(decode_us_.size()),
                                  .codes = codes_,
                                  .dropped = static_cast<std::uint32_t>(dropped),
                                  .decode_us = median(decode_us_),
                                  .detail = detail(now, fresh)};
    told_ = total_;
    decode_us_.clear();
    codes_ = 0;
    dropped_codes_ = 0;
    return health;
}

}  // namespace stile::devices
