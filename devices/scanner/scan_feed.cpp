// SPDX-License-Identifier: Apache-2.0
// Time, and what changed.
#include "devices/scanner/scan_feed.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {
namespace {

std::chrono::nanoseconds now() {
    return std::chrono::nanoseconds{EventLoop::monotonic_ns()};
}

}  // namespace

void ScanFeed::take(Bytes arrived) {
    tell(decoder_->take(arrived, now()));
}

void ScanFeed::spoil() {
    decoder_->spoil(now());
    set_timer();
}

void ScanFeed::tell(const std::vector<ScannedText>& texts) {
    set_timer();
    for (const ScannedText& text : texts)
        events_.on_scan(text);
    const ScanLosses losses = decoder_->losses();
    const ScanLosses before = std::exchange(told_losses_, losses);
    if (losses != before) {
        events_.on_loss({losses.too_long - before.too_long, losses.spoiled - before.spoiled});
    }
    if (std::string note = decoder_->note(); note != told_note_) {
        told_note_ = std::move(note);
        events_.on_note(told_note_);
    }
}

// A millisecond late rather than early, and behind what has come and was not read yet.
void ScanFeed::set_timer() {
    gap_.reset();
    const auto end = decoder_->deadline();
    if (!end) return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - now());
    gap_ = loop_.after(std::max(left, std::chrono::milliseconds{0}), [this] {
        gap_ = loop_.when_idle([this] { tell(decoder_->expire(now())); });
    });
}

}  // namespace stile::devices
