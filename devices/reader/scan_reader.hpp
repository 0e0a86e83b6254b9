// SPDX-License-Identifier: Apache-2.0
// A scanner reader at work: what its scanner reads goes to stiled.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/reader/scan_desk.hpp"
#include "devices/reader/scan_health.hpp"
#include "devices/scanner/scanner_source.hpp"

namespace stile::devices {

// All of its state belongs to the loop's thread.
class ScanReader {
public:
    // Makes the scanner on the reader's loop, when its signals are handled already.
    using MakeSource =
        std::function<Result<std::unique_ptr<ScannerSource>>(EventLoop&, ScannerEvents)>;

    ScanReader(const config::Site& site, const config::Reader& settings, MakeSource make);

    // Runs until SIGTERM or SIGINT. Returns the exit code: kExitConfig when the scanner cannot be
    // made. Call once.
    [[nodiscard]] int run();

private:
    [[nodiscard]] ScannerEvents events();
    void on_scan(const ScannedText& scan);
    void on_loss(const ScanLosses& losses);
    void on_note(const std::string& note);
    void on_trouble(const Error& why);
    void send_health();

    std::string name_;
    MakeSource make_;
    EventLoop loop_;
    ScanDesk desk_;
    ScanHealth health_;
    std::string told_trouble_;  // in the log
    EventSource tick_;
    std::unique_ptr<ScannerSource> source_;
};

}  // namespace stile::devices
