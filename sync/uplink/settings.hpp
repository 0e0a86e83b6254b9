// SPDX-License-Identifier: Apache-2.0
// What the site file and the credentials say about the way to the broker, checked.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/config/site.hpp"
#include "sync/mqtt/session.hpp"

namespace stile::sync {

struct Settings {
    std::string venue;
    std::string gate;
    std::string daemon_socket;
    std::vector<std::string> brokers;
    std::vector<std::string> collectors;  // whose watermarks count
    std::string client_id;
    std::string user;
    std::string user_file;
    std::string password_file;
    std::string password;  // what read_credentials() makes of it
    Tls tls;
    std::chrono::seconds keep_alive{15};
    std::size_t window = 16;
    std::chrono::milliseconds retry_first{250};
    std::chrono::milliseconds retry_longest{10'000};
    std::chrono::milliseconds health_period{10'000};
    bool discovery = false;      // Home Assistant is told of the gate
    std::string metrics_listen;  // empty: no HTTP
};

// Errors: Config, with the key that is wrong. Reads no file.
[[nodiscard]] Result<Settings> settings_from(const config::Site& site);
// Reads the site file, but not the password. Errors: as load_site(), and those above.
[[nodiscard]] Result<Settings> load_settings(const std::filesystem::path& site_file);

// Before a check by hand: empties what only a service gets from systemd, unless we are that
// service. Returns a line on each for people.
[[nodiscard]] std::string leave_out_credentials(Settings& settings);

// Reads user and password, and finds the files for TLS. Errors: Config.
[[nodiscard]] Result<void> read_credentials(Settings& settings);
// Whether this broker is spoken to without a network.
[[nodiscard]] bool is_here(std::string_view broker);
// Whether a password goes over a network that anybody may listen to.
[[nodiscard]] bool password_in_the_clear(const Settings& settings);

}  // namespace stile::sync
