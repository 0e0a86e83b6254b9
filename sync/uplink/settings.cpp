// SPDX-License-Identifier: Apache-2.0
// The checks that the table of fields cannot make.
#include "sync/uplink/settings.hpp"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

namespace stile::sync {
namespace {

constexpr std::size_t kMaxPassword = 4096;

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

}  // namespace

Result<Settings> settings_from(const config::Site& site) {
    for (const std::string& broker : site.mqtt.brokers) {
        if (is_broker(broker)) continue;
        return fail(Errc::Config,
                    fmt::format("mqtt.brokers: \"{}\" is not of the form tcp://host:port or "
                                "ssl://host:port",
                                broker));
    }
    if (site.mqtt.user.empty() && !site.mqtt.password_file.empty())
        return fail(Errc::Config, "mqtt.password_file: a password needs mqtt.user");
    Settings out{.venue = site.site.venue,
                 .gate = site.site.gate,
                 .daemon_socket = site.socket("sync.sock"),
                 .brokers = site.mqtt.brokers,
                 .client_id = site.mqtt.client_id,
                 .user = site.mqtt.user,
                 .password_file = site.mqtt.password_file,
                 .keep_alive = std::chrono::ceil<std::chrono::seconds>(site.mqtt.keep_alive),
                 .window = static_cast<std::size_t>(site.mqtt.window),
                 .retry_first = site.mqtt.retry_first,
                 .retry_longest = site.mqtt.retry_longest,
                 .health_period = site.mqtt.health_period};
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

Result<std::string> read_password(const std::string& file) {
    if (file.empty()) return std::string{};
    std::filesystem::path path{file};
    if (path.is_relative()) {
        const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
        if (folder == nullptr) {
            return fail(Errc::Config,
                        fmt::format("mqtt.password_file: \"{}\" is a credential, but systemd gave "
                                    "none (LoadCredential=); a file needs its whole path",
                                    file));
        }
        path = std::filesystem::path{folder} / path;
    }
    std::ifstream in{path};
    std::string password;
    if (!std::getline(in, password) || password.empty() || password.size() > kMaxPassword) {
        return fail(Errc::Config, fmt::format("mqtt.password_file: {} cannot be read, or its first "
                                              "line is no password",
                                              path.native()));
    }
    return password;
}

}  // namespace stile::sync
