// SPDX-License-Identifier: Apache-2.0
// Numbers, limits and memories around the link.
#include "devices/reader/scan_desk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/log.hpp"

namespace stile::devices {
namespace {

constexpr std::size_t kMaxOpen = 64;

}  // namespace

ScanDesk::ScanDesk(EventLoop& loop, const config::Site& site, const config::Reader& settings,
                   protocol::Medium medium, Handlers handlers)
    : name_{settings.name},
      medium_{medium},
      handlers_{std::move(handlers)},
      link_{loop,
            site.socket("reader.sock"),
            {protocol::Role::Reader, settings.name, "stile-reader " STILE_VERSION},
            {.on_up = [this](const protocol::Welcome&) { on_up(); },
             .on_down = [this](const Error& why) { on_down(why); },
             .on_message = [this](protocol::Received&& got) { on_message(got.message); }}},
      sightings_{settings.hold_off} {}

ScanDesk::Taken ScanDesk::offer(Bytes content, Time captured, Time decoded) {
    if (sightings_.see(content, captured) == Sighting::Held) return Taken::Held;
    if (content.size() > protocol::kMaxScanBytes) return Taken::Dropped;
    if (pass_on(content, captured, decoded)) return Taken::Sent;
    sightings_.forget(content);  // so that it is read again when there is room for it
    return Taken::Dropped;
}

bool ScanDesk::pass_on(Bytes content, Time captured, Time decoded) {
    if (!link_.up() || !allowance_.take(captured)) return false;
    protocol::Scan scan{.scan = last_scan_ + 1,
                        .medium = medium_,
                        .captured_ns = static_cast<std::uint64_t>(captured.count()),
                        .decoded_ns = static_cast<std::uint64_t>(decoded.count()),
                        .content = {content.begin(), content.end()}};
    if (!link_.send(scan)) return false;
    open_.push_back({++last_scan_, std::move(scan.content)});
    if (open_.size() > kMaxOpen) open_.pop_front();
    return true;
}

void ScanDesk::on_up() {
    last_scan_ = 0;
    told_down_ = false;
    log::info(fmt::format("reader {}: connected to stiled", name_));
    handlers_.on_up();
}

void ScanDesk::on_down(const Error& why) {
    // What was not answered never will be: let it be read again.
    for (const Open& scan : open_)
        sightings_.forget(scan.content);
    open_.clear();
    if (!std::exchange(told_down_, true))
        log::warning(why.context + ", dropping what is read until stiled is back");
    if (handlers_.on_down) handlers_.on_down();
}

void ScanDesk::on_message(const protocol::Message& message) {
    if (const auto* feedback = std::get_if<protocol::Feedback>(&message)) on_feedback(*feedback);
    handlers_.on_message(message);
}

void ScanDesk::on_feedback(const protocol::Feedback& feedback) {
    const auto scan = std::ranges::find(open_, feedback.scan, &Open::scan);
    if (scan == open_.end()) return;
    if (feedback.outcome == protocol::Outcome::Wait) sightings_.forget(scan->content);
    open_.erase(scan);
}

}  // namespace stile::devices
