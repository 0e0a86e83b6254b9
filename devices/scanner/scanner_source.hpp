// SPDX-License-Identifier: Apache-2.0
// A scanner wherever it is plugged in. A port: USB and serial lines are the adapters.
#pragma once

#include <functional>
#include <string>

#include "crypto/base/result.hpp"
#include "devices/scanner/scan_decoder.hpp"

namespace stile::devices {

// All from the loop. None may destroy the source.
struct ScannerEvents {
    // It is there and is read from now on; what it is, "a keyboard scanner (0c2e:0200 at 1-2)".
    std::function<void(const std::string&)> on_ready;
    std::function<void(const ScannedText&)> on_scan;
    // Scans that were dropped as a whole since the last call.
    std::function<void(const ScanLosses&)> on_loss;
    // What an installer should know, whenever it changes; empty: nothing any more.
    std::function<void(const std::string&)> on_note;
    // It is not there, or gone, or does not work; it is looked for again. The same may be told
    // again.
    std::function<void(const Error&)> on_trouble;
};

// Looks for its scanner until it finds it, and again whenever it is gone. Thread-bound to its loop.
class ScannerSource {
public:
    virtual ~ScannerSource() = default;
    // Call once.
    virtual void start() = 0;
};

}  // namespace stile::devices
