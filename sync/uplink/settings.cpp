// SPDX-License-Identifier: Apache-2.0
// The checks that the table of fields cannot make.
#include "sync/uplink/settings.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/broker_fields.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "sync/uplink/credentials.hpp"

namespace stile::sync {

Result<Settings> settings_from(const config::Site& site) {
    if (auto good = config::check_mqtt(site.mqtt); !good)
        return std::unexpected{std::move(good.error())};
    Settings out{.venue = site.site.venue,
                 .gate = site.site.gate,
                 .daemon_socket = site.socket("sync.sock"),
                 .brokers = site.mqtt.brokers,
                 .collectors = site.mqtt.collectors,
                 .client_id = site.mqtt.client_id,
                 .user = site.mqtt.user,
                 .user_file = site.mqtt.user_file,
                 .password_file = site.mqtt.password_file,
                 .tls = {site.mqtt.ca_file, site.mqtt.certificate_file, site.mqtt.key_file},
                 .keep_alive = std::chrono::ceil<std::chrono::seconds>(site.mqtt.keep_alive),
                 .window = static_cast<std::size_t>(site.mqtt.window),
                 .retry_first = site.mqtt.retry_first,
                 .retry_longest = site.mqtt.retry_longest,
                 .health_period = site.mqtt.health_period,
                 .discovery = site.mqtt.discovery == "on",
                 .metrics_listen = site.metrics.listen};
    if (out.client_id.empty()) out.client_id = fmt::format("stile-{}-{}", out.venue, out.gate);
    return out;
}

Result<Settings> load_settings(const std::filesystem::path& site_file) {
    const auto site = config::load_site(site_file);
    if (!site) return std::unexpected{site.error()};
    auto settings = settings_from(*site);
    if (!settings) return fail(site_file.native(), std::move(settings.error()));
    return settings;
}

Result<void> read_credentials(Settings& settings) {
    struct Line {
        std::string_view key;
        const std::string& file;
        std::string& target;
    };
    for (const auto& [key, file, target] :
         {Line{"mqtt.user_file", settings.user_file, settings.user},
          Line{"mqtt.password_file", settings.password_file, settings.password}}) {
        if (file.empty()) continue;
        auto line = credential_line(key, file);
        if (!line) return std::unexpected{std::move(line.error())};
        target = std::move(*line);
    }
    struct File {
        std::string_view key;
        std::string& path;
    };
    for (const auto& [key, path] : {File{"mqtt.ca_file", settings.tls.ca_file},
                                    File{"mqtt.certificate_file", settings.tls.certificate_file},
                                    File{"mqtt.key_file", settings.tls.key_file}}) {
        auto found = credential_path(key, path);
        if (!found) return std::unexpected{std::move(found.error())};
        path = std::move(*found);
    }
    return {};
}

std::string leave_out_credentials(Settings& s) {
    std::string out = stile::leave_out_credentials(
        {&s.user_file, &s.password_file, &s.tls.ca_file, &s.tls.certificate_file, &s.tls.key_file});
    if (s.tls.key_file.empty()) s.tls.certificate_file.clear();  // they are looked at together
    return out;
}

bool is_here(std::string_view broker) {
    constexpr std::string_view kHere[] = {"tcp://127.", "tcp://localhost:", "tcp://[::1]:"};
    return std::ranges::any_of(kHere, [broker](auto here) { return broker.starts_with(here); });
}

bool password_in_the_clear(const Settings& settings) {
    const auto exposed = [](std::string_view broker) {
        return broker.starts_with("tcp://") && !is_here(broker);
    };
    return !settings.password_file.empty() && std::ranges::any_of(settings.brokers, exposed);
}

}  // namespace stile::sync
