// SPDX-License-Identifier: Apache-2.0
// Runs a decoder on the event loop: gives it what arrives, and the end of a gap.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/runtime/event_loop.hpp"
#include "devices/scanner/scanner_source.hpp"

namespace stile::devices {

class ScanFeed {
public:
    // Borrows the loop and the events.
    ScanFeed(EventLoop& loop, const ScannerEvents& events, std::unique_ptr<ScanDecoder> decoder)
        : loop_{loop}, events_{events}, decoder_{std::move(decoder)} {}

    void take(Bytes arrived);
    // Something was lost on the way.
    void spoil();

private:
    void tell(const std::vector<ScannedText>& texts);
    void set_timer();

    EventLoop& loop_;
    const ScannerEvents& events_;
    std::unique_ptr<ScanDecoder> decoder_;
    ScanLosses told_losses_;
    std::string told_note_;
    EventSource gap_;
};

}  // namespace stile::devices
