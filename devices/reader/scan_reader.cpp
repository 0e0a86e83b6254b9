// SPDX-License-Identifier: Apache-2.0
// Between a scanner and the desk.
#include "devices/reader/scan_reader.hpp"

#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::seconds kHealthPeriod{2};

}  // namespace

ScanReader::ScanReader(const config::Site& site, const config::Reader& settings, MakeSource make)
    : name_{settings.name},
      make_{std::move(make)},
      desk_{loop_,
            site,
            settings,
            protocol::Medium::Scanner,
            {.on_up = [this] { send_health(); }, .on_message = [](const protocol::Message&) {}}} {}

int ScanReader::run() {
    loop_.handle_signals();
    loop_.feed_watchdog();
    auto source = make_(loop_, events());
    if (!source) {
        log::error(source.error().context);
        return source.error().code == Errc::Config ? kExitConfig : kExitFailed;
    }
    source_ = std::move(*source);
    tick_ = loop_.every(kHealthPeriod, [this] { send_health(); });
    desk_.start();
    source_->start();
    notify::ready();  // with or without a scanner: waiting for one is the reader's work
    const int code = loop_.run();
    notify::stopping();
    source_.reset();
    desk_.close();
    return code;
}

ScannerEvents ScanReader::events() {
    return {.on_ready =
                [this](const std::string& what) {
                    told_trouble_.clear();
                    log::info(fmt::format("reader {}: reading {}", name_, what));
                    health_.ready();
                    send_health();
                },
            .on_scan = [this](const ScannedText& scan) { on_scan(scan); },
            .on_loss = [this](const ScanLosses& losses) { on_loss(losses); },
            .on_note = [this](const std::string& note) { on_note(note); },
            .on_trouble = [this](const Error& why) { on_trouble(why); }};
}

void ScanReader::on_scan(const ScannedText& scan) {
    const ScanDesk::Time now{EventLoop::monotonic_ns()};
    switch (desk_.offer(as_bytes(scan.text), scan.at, now)) {
        case ScanDesk::Taken::Held:
            return;
        case ScanDesk::Taken::Dropped:
            health_.code_dropped();
            [[fallthrough]];
        case ScanDesk::Taken::Sent:
            return health_.code_read();
    }
}

void ScanReader::on_loss(const ScanLosses& losses) {
    health_.lost(losses);
}

void ScanReader::on_note(const std::string& note) {
    if (!note.empty()) log::warning(fmt::format("reader {}: {}, going on", name_, note));
    health_.note(note);
    send_health();
}

void ScanReader::on_trouble(const Error& why) {
    if (std::exchange(told_trouble_, why.context) != why.context)
        log::warning(fmt::format("reader {}: {}, looking for it", name_, why.context));
    health_.trouble(why.context);
    send_health();
}

void ScanReader::send_health() {
    if (!desk_.up()) return;           // the counts wait for the next connection
    (void)desk_.send(health_.take());  // lost with the connection, which says more
}

}  // namespace stile::devices
