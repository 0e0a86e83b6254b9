// SPDX-License-Identifier: Apache-2.0
// The display of a gate's lanes: what stiled shows, passed on to browsers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/config/site.hpp"
#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/display/http/event_server.hpp"
#include "devices/display/lane_page.hpp"

namespace stile::devices {

// Thread-bound to the loop. A daemon that says nothing for two seconds is lost; the pages show it.
class Display {
public:
    Display(EventLoop& loop, const config::Site& site, const Languages& languages);
    // Listens and begins to look for the daemon. Errors: Config, Denied, Io.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

private:
    struct Lane {
        LanePage page;
        std::optional<protocol::LaneView> view;  // nothing: nobody knows
    };

    [[nodiscard]] HttpReply answer(std::string_view path) const;
    [[nodiscard]] HttpPage health() const;
    [[nodiscard]] HttpPage contents() const;
    void up();
    void down(const Error& why);
    void take(const protocol::Message& message);
    void beat();
    void publish(const std::string& name, const Lane& lane);

    EventLoop& loop_;
    const std::string listen_;
    const std::string policy_ = content_policy();
    std::map<std::string, Lane, std::less<>> lanes_;
    std::unique_ptr<EventServer> server_;
    protocol::DaemonLink link_;
    EventSource beat_;
    std::int64_t answered_ns_ = 0;  // when the daemon said something last
    bool told_ = false;             // that it is gone
};

// What the site file asks of the display and is not there: a language, an address on loopback.
// Errors: Config.
[[nodiscard]] Result<void> check_display(const config::Site& site, const Languages& languages);

}  // namespace stile::devices
