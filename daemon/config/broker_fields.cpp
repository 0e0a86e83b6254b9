// SPDX-License-Identifier: Apache-2.0
// The table of what is said of a broker, and the rules that no table has.
#include "daemon/config/broker_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/file_name.hpp"

namespace stile::config {
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
Result<void> check_credentials(const Mqtt& mqtt) {
    const auto wrong = [](std::string_view what) { return fail(Errc::Config, std::string{what}); };
    const bool user = !mqtt.user.empty() || !mqtt.user_file.empty();
    if (!mqtt.user.empty() && !mqtt.user_file.empty())
        return wrong("mqtt.user_file: there is mqtt.user too; leave one of them out");
    if (!user && !mqtt.password_file.empty())
        return wrong("mqtt.password_file: a password needs mqtt.user or mqtt.user_file");
    if (mqtt.certificate_file.empty() != mqtt.key_file.empty())
        return wrong("mqtt.certificate_file: certificate_file and key_file go together");
    if (!uses_tls(mqtt) && (!mqtt.ca_file.empty() || !mqtt.certificate_file.empty()))
        return wrong("mqtt.ca_file: files for TLS, but no broker begins with ssl://");
    return {};
}

}  // namespace

Fields broker_fields(Mqtt& s) {
    using Form = Field::Form;
    return {{.key = "brokers", .target = &s.brokers, .form = Form::Filled},
            {.key = "client_id", .target = &s.client_id},
            {.key = "user", .target = &s.user},
            {.key = "user_file", .target = &s.user_file},
            {.key = "password_file", .target = &s.password_file},
            {.key = "ca_file", .target = &s.ca_file},
            {.key = "certificate_file", .target = &s.certificate_file},
            {.key = "key_file", .target = &s.key_file},
            {.key = "keep_alive_ms", .target = &s.keep_alive, .least = 1000, .most = 600'000},
            {.key = "window", .target = &s.window, .least = 1, .most = 1000},
            {.key = "retry_first_ms", .target = &s.retry_first, .least = 10, .most = 60'000},
            {.key = "retry_longest_ms", .target = &s.retry_longest, .least = 10, .most = 600'000}};
}

void make_broker_files_absolute(Mqtt& s, const std::filesystem::path& folder) {
    for (std::string* file :
         {&s.user_file, &s.password_file, &s.ca_file, &s.certificate_file, &s.key_file})
        make_secret_absolute(*file, folder);
}

std::string mistake_in_mqtt(const Mqtt& mqtt) {
    if (mqtt.brokers.empty()) return "mqtt.brokers: at least one broker is needed";
    if (mqtt.retry_longest < mqtt.retry_first)
        return "mqtt.retry_longest_ms: shorter than mqtt.retry_first_ms";
    return {};
}

Result<void> check_mqtt(const Mqtt& mqtt) {
    if (const auto what = mistake_in_brokers(mqtt.brokers); !what.empty())
        return fail(Errc::Config, "mqtt.brokers: " + what);
    return check_credentials(mqtt);
}

std::string mistake_in_brokers(const std::vector<std::string>& brokers) {
    if (brokers.empty()) return "at least one broker is needed";
    const auto wrong = std::ranges::find_if_not(brokers, is_broker);
    if (wrong == brokers.end()) return {};
    return fmt::format("\"{}\" is not of the form tcp://host:port or ssl://host:port", *wrong);
}

bool uses_tls(const Mqtt& mqtt) {
    return std::ranges::any_of(
        mqtt.brokers, [](std::string_view broker) { return broker.starts_with("ssl://"); });
}

}  // namespace stile::config
