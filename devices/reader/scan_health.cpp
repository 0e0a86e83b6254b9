// SPDX-License-Identifier: Apache-2.0
// One word for the state, and a line of words.
#include "devices/reader/scan_health.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace stile::devices {
namespace {

constexpr std::size_t kMaxDetailBytes = 200;  // of ReaderHealth

}  // namespace

void ScanHealth::ready() {
    seen_ = true;
    trouble_.clear();
}

void ScanHealth::trouble(std::string why) {
    seen_ = true;
    trouble_ = std::move(why);
    note_.clear();  // of a scanner that is gone
}

void ScanHealth::lost(const ScanLosses& losses) {
    losses_.too_long += losses.too_long;
    losses_.spoiled += losses.spoiled;
}

protocol::ReaderState ScanHealth::state() const {
    if (!seen_) return protocol::ReaderState::Starting;
    if (!trouble_.empty()) return protocol::ReaderState::Failed;
    return note_.empty() ? protocol::ReaderState::Working : protocol::ReaderState::Degraded;
}

std::string ScanHealth::detail() const {
    std::string text;
    const auto add = [&text](std::string_view part) {
        if (!text.empty()) text += "; ";
        text += part;
    };
    if (!trouble_.empty()) add(trouble_);
    if (!note_.empty()) add(note_);
    if (losses_.too_long > 0) add(fmt::format("{} codes too long", losses_.too_long));
    if (losses_.spoiled > 0) add(fmt::format("{} codes not read whole", losses_.spoiled));
    if (dropped_ > 0) add(fmt::format("{} codes not passed on", dropped_));
    return std::string{utf8_head(text, kMaxDetailBytes)};
}

protocol::ReaderHealth ScanHealth::take() {
    protocol::ReaderHealth health{.state = state(),
                                  .codes = codes_,
                                  .dropped = dropped_ + losses_.too_long + losses_.spoiled,
                                  .detail = detail()};
    codes_ = 0;
    dropped_ = 0;
    losses_ = {};
    return health;
}

}  // namespace stile::devices
