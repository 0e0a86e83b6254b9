// SPDX-License-Identifier: Apache-2.0
// The checks that the table of fields cannot make.
#include "sync/uplink/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "sync/http/server.hpp"
#include "sync/uplink/credentials.hpp"

namespace stile::sync {
namespace {

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool is_host(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) {  // an IPv6 address
        text = text.substr(1, text.size() - 2);
        return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
    }
    return !text.empty() && text.find_first_of(":/@[] ") == text.npos;
}

// tcp://host:port, ssl://host:port
bool is_broker(std::string_view address) {
    if (!address.starts_with("tcp://") && !address.starts_with("ssl://")) return false;
    address.remove_prefix(6);
    const auto colon = address.rfind(':');
    return colon != address.npos && is_host(address.substr(0, colon)) &&
           is_port(address.substr(colon + 1));
}

// What makes no sense together is a mistake that nobody would notice until the day of the event.
Result<void> check_credentials(const config::Mqtt& mqtt) {
    const auto wrong = [](std::string_view what) { return fail(Errc::Config, std::string{what}); };
    const bool user = !mqtt.user.empty() || !mqtt.user_file.empty();
    if (!mqtt.user.empty() && !mqtt.user_file.empty())
        return wrong("mqtt.user_file: there is mqtt.user too; leave one of them out");
    if (!user && !mqtt.password_file.empty())
        return wrong("mqtt.password_file: a password needs mqtt.user or mqtt.user_file");
    if (mqtt.certificate_file.empty() != mqtt.key_file.empty())
        return wrong("mqtt.certificate_file: certificate_file and key_file go together");
    const bool tls = std::ranges::any_of(
        mqtt.brokers, [](std::string_view broker) { return broker.starts_with("ssl://"); });
    if (!tls && (!mqtt.ca_file.empty() || !mqtt.certificate_file.empty()))
        return wrong("mqtt.ca_file: files for TLS, but no broker begins with ssl://");
    return {};
}

}  // namespace

Result<Settings> settings_from(const config::Site& site) {
    for (const std::string& broker : site.mqtt.brokers) {
        if (is_broker(broker)) continue;
        return fail(Errc::Config,
                    fmt::format("mqtt.brokers: \"{}\" is not of the form tcp://host:port or "
                                "ssl://host:port",
                                broker));
    }
    if (auto consistent = check_credentials(site.mqtt); !consistent)
        return std::unexpected{std::move(consistent.error())};
    if (!site.metrics.listen.empty() && !is_listen_address(site.metrics.listen)) {
        return fail(Errc::Config, fmt::format("metrics.listen: \"{}\" is not of the form "
                                              "127.0.0.1:9464 or [::1]:9464",
                                              site.metrics.listen));
    }
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

bool password_in_the_clear(const Settings& settings) {
    const auto exposed = [](std::string_view broker) {
        constexpr std::string_view kHere[] = {"tcp://127.", "tcp://localhost:", "tcp://[::1]:"};
        return broker.starts_with("tcp://") && std::ranges::none_of(kHere, [broker](auto here) {
                   return broker.starts_with(here);
               });
    };
    return !settings.password_file.empty() && std::ranges::any_of(settings.brokers, exposed);
}

}  // namespace stile::sync
