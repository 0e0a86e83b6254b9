// SPDX-License-Identifier: Apache-2.0
// The page of one lane, and the events that it is sent. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/protocol/viewer_messages.hpp"
#include "devices/display/language.hpp"

namespace stile::devices {

enum class Sound : std::uint8_t { Off, On };

struct LanePage {
    std::string html;
    std::string id;  // of its content: a browser with another one loads the page again
};
[[nodiscard]] LanePage lane_page(std::string_view lane, const Language& language, Sound sound);

// What the page may do: its own script and style, and its own events. Nothing else.
[[nodiscard]] std::string content_policy();

// One event, JSON without line breaks. `now_ns` is CLOCK_MONOTONIC.
[[nodiscard]] std::string view_event(const protocol::LaneView& view, std::string_view page,
                                     std::int64_t now_ns);
// The daemon is gone: nobody knows what the lane shows.
[[nodiscard]] std::string lost_event(std::string_view page);

}  // namespace stile::devices
