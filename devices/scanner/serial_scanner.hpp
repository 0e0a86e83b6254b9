// SPDX-License-Identifier: Apache-2.0
// A scanner on a serial line: RS-232, or USB that says it is one (CDC-ACM).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/runtime/unique_fd.hpp"
#include "devices/scanner/scan_feed.hpp"

namespace stile::devices {

// Opens the line raw, with 8 bits, no parity and one stop bit, for itself alone, and never as the
// controlling terminal; what was sent before is thrown away. When the line is gone it is opened
// again with a growing delay, 250 ms to 5 s.
class SerialScanner final : public ScannerSource {
public:
    // Borrows the loop. `baud` is one of kBauds.
    SerialScanner(EventLoop& loop, std::string path, std::int64_t baud, ScannerSettings settings,
                  ScannerEvents events);

    void start() override;

private:
    void read();
    void lose(const Error& why);

    EventLoop& loop_;
    std::string path_;
    std::int64_t baud_;
    ScannerSettings settings_;
    ScannerEvents events_;
    UniqueFd line_;
    EventSource readable_;
    EventSource retry_;
    std::chrono::milliseconds delay_{};
    std::optional<ScanFeed> feed_;
};

}  // namespace stile::devices
