// SPDX-License-Identifier: Apache-2.0
// The scanner that the site file names, on USB or on a serial line.
#pragma once

#include <memory>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/scanner/scanner_source.hpp"

namespace stile::devices {

// What the site file says of the scanner.
[[nodiscard]] ScannerSettings scanner_settings(const config::Reader& settings);

// Errors: Config (there is no such keyboard layout).
[[nodiscard]] Result<void> check_layout(const config::Reader& settings);

// Not started yet. The loop has to handle signals already. Errors: Config (there is no such
// keyboard layout, or the source is wrong).
[[nodiscard]] Result<std::unique_ptr<ScannerSource>> make_scanner(EventLoop& loop,
                                                                  const config::Reader& settings,
                                                                  ScannerEvents events);

}  // namespace stile::devices
