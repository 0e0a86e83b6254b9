// SPDX-License-Identifier: Apache-2.0
// From the words of the site file to a scanner.
#include "devices/reader/scan_sources.hpp"

#include <utility>

#include "devices/scanner/serial_scanner.hpp"
#include "devices/scanner/usb_scanner.hpp"
#include "devices/scanner/xkb/xkb_layout.hpp"
#include "devices/usb/permit.hpp"

namespace stile::devices {
namespace {

// CR, LF and TAB end a scan before anybody looks for the suffix.
std::string without_line_ends(std::string suffix) {
    while (!suffix.empty() && is_line_end(static_cast<std::uint8_t>(suffix.back())))
        suffix.pop_back();
    return suffix;
}

}  // namespace

ScannerSettings scanner_settings(const config::Reader& settings) {
    const std::string suffix = without_line_ends(settings.suffix);
    return {.ends = {.gap = settings.end_gap, .suffix = suffix},
            .wrapping = {.prefix = settings.prefix, .suffix = suffix},
            .layout = settings.layout};
}

Result<void> check_layout(const config::Reader& settings) {
    if (const auto layout = load_layout(settings.layout); !layout)
        return fail("reader.layout", layout.error());
    return {};
}

Result<std::unique_ptr<ScannerSource>> make_scanner(EventLoop& loop, const config::Reader& settings,
                                                    ScannerEvents events) {
    if (!UsbPermit::is_meant(settings.source)) {
        return std::make_unique<SerialScanner>(loop, settings.source, settings.baud,
                                               scanner_settings(settings), std::move(events));
    }
    auto permit = UsbPermit::parse(settings.source);
    if (!permit) return fail(Errc::Config, "reader.source: " + permit.error());
    // Said now, rather than when the scanner is plugged in.
    if (auto good = check_layout(settings); !good) return std::unexpected{std::move(good.error())};
    return std::make_unique<UsbScanner>(loop, std::move(*permit), scanner_settings(settings),
                                        load_layout, std::move(events));
}

}  // namespace stile::devices
