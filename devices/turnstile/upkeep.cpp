// SPDX-License-Identifier: Apache-2.0
// A look every second while they are there, a try now and then while they are not.
#include "devices/turnstile/upkeep.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{1000};

}  // namespace

Upkeep::Upkeep(EventLoop& loop, std::unique_ptr<GpioLines> lines, const BackOff& back_off,
               Listener listener)
    : loop_{loop},
      lines_{std::move(lines)},
      back_off_{back_off},
      listener_{std::move(listener)},
      wait_{back_off.first} {
    lines_->on_fault([this] { lost("the GPIO chip is gone"); });
    here_ = true;
    if (const auto opened = lines_->open(); opened) {
        looks_ = loop_.every(kLook, [this] { look(); });
    } else {
        lost(opened.error().context);
    }
}

void Upkeep::lost(std::string why) {
    if (!std::exchange(here_, false)) return;
    trouble_ = std::move(why);
    looks_.reset();
    // Not now: whoever found it may be inside a callback of the lines.
    tell_ = loop_.after(milliseconds{0}, [this] {
        lines_->close();
        listener_.gone();
    });
    again_ = loop_.after(wait_, [this] { try_again(); });
}

void Upkeep::look() {
    if (!here_) return;
    if (const auto level = lines_->get(0); !level) lost(level.error().context);
}

void Upkeep::try_again() {
    if (!lines_->open()) {
        lines_->close();
        wait_ = std::min(wait_ * 2, back_off_.longest);
        again_ = loop_.after(wait_, [this] { try_again(); });
        return;
    }
    wait_ = back_off_.first;
    here_ = true;
    looks_ = loop_.every(kLook, [this] { look(); });
    listener_.back();
}

}  // namespace stile::devices
