// SPDX-License-Identifier: Apache-2.0
// Views in, events out; once a second everything again, so that silence means trouble.
#include "devices/display/display.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::milliseconds kBeat{1'000};
constexpr std::int64_t kSilenceNs = 2'000'000'000;

}  // namespace

Display::Display(EventLoop& loop, const config::Site& site, const Languages& languages)
    : loop_{loop},
      listen_{site.display.listen},
      link_{loop,
            site.socket("display.sock"),
            {protocol::Role::Viewer, "display", "stile " STILE_VERSION},
            {[this](const protocol::Welcome&) { up(); }, [this](const Error& why) { down(why); },
             [this](protocol::Received&& received) { take(received.message); }}} {
    const Sound sound = site.display.sound == "on" ? Sound::On : Sound::Off;
    for (const config::Lane& lane : site.lanes) {
        if (const Language* language = languages.find(lane.language))
            lanes_.emplace(lane.name, Lane{lane_page(lane.name, *language, sound), {}});
    }
}

Result<void> Display::start() {
    auto server =
        EventServer::listen(loop_, listen_, [this](std::string_view path) { return answer(path); });
    if (!server) return std::unexpected{std::move(server.error())};
    server_ = std::move(*server);
    for (const auto& [name, lane] : lanes_)
        publish(name, lane);
    beat_ = loop_.every(kBeat, [this] { beat(); });
    link_.start();
    return {};
}

HttpReply Display::answer(std::string_view path) const {
    constexpr std::string_view kLane = "/lane/";
    constexpr std::string_view kEvents = "/events";
    if (path == "/healthz") return health();
    if (path == "/") return contents();
    if (path.starts_with(kLane)) {
        std::string_view name = path.substr(kLane.size());
        const bool events = name.ends_with(kEvents);
        if (events) name.remove_suffix(kEvents.size());
        const auto lane = lanes_.find(name);
        if (lane != lanes_.end() && events) return HttpStream{lane->first};
        if (lane != lanes_.end())
            return HttpPage{200, "text/html; charset=utf-8", lane->second.page.html, policy_};
    }
    return HttpPage{404, "text/plain", "the site file names no such lane; see /\n", {}};
}

HttpPage Display::health() const {
    const bool up = link_.up();
    return {up ? 200U : 503U,
            "application/json",
            fmt::format("{{\"daemon\":\"{}\",\"listeners\":{}}}\n", up ? "connected" : "lost",
                        server_->streams()),
            {}};
}

HttpPage Display::contents() const {
    std::string list;
    for (const auto& [name, lane] : lanes_)
        list += "/lane/" + name + "\n";
    return {200, "text/plain", list, {}};
}

void Display::up() {
    answered_ns_ = EventLoop::monotonic_ns();
    told_ = false;
    log::info("the daemon is here", {log::message_id(log::kPeerConnected)});
    notify::status("showing what the lanes do");
    for (const auto& [name, lane] : lanes_) {
        if (const auto sent = link_.send(protocol::Watch{name}); !sent) return;  // down() follows
    }
}

void Display::down(const Error& why) {
    for (auto& [name, lane] : lanes_) {
        lane.view.reset();
        publish(name, lane);
    }
    if (std::exchange(told_, true)) return;
    log::warning(why.context + "; the displays say so, trying again",
                 {log::message_id(log::kPeerGone)});
    notify::status("the daemon is not there");
}

void Display::take(const protocol::Message& message) {
    answered_ns_ = EventLoop::monotonic_ns();
    const auto* view = std::get_if<protocol::LaneView>(&message);
    if (view == nullptr) return;
    const auto lane = lanes_.find(view->lane);
    if (lane == lanes_.end()) return;
    lane->second.view = *view;
    publish(lane->first, lane->second);
}

void Display::beat() {
    const std::int64_t now = EventLoop::monotonic_ns();
    if (link_.up() && now - answered_ns_ > kSilenceNs)
        link_.hang_up(protocol::Parting::Done, "the daemon does not answer");
    if (link_.up()) (void)link_.send(protocol::Ping{static_cast<std::uint64_t>(now)});
    for (const auto& [name, lane] : lanes_)
        publish(name, lane);
}

void Display::publish(const std::string& name, const Lane& lane) {
    server_->publish(name, lane.view
                               ? view_event(*lane.view, lane.page.id, EventLoop::monotonic_ns())
                               : lost_event(lane.page.id));
}

Result<void> check_display(const config::Site& site, const Languages& languages) {
    for (const config::Lane& lane : site.lanes) {
        if (languages.find(lane.language) != nullptr) continue;
        std::string known;
        for (const Language& language : languages.all())
            known += (known.empty() ? "" : ", ") + language.code;
        return fail(Errc::Config, fmt::format("lane.language: there is no {}; there are {}",
                                              lane.language, known));
    }
    return {};
}

}  // namespace stile::devices
