// SPDX-License-Identifier: Apache-2.0
// One step after the other; the first that fails ends the way.
#include "sync/doctor/broker_checks.hpp"

#include <fmt/format.h>

#include "daemon/doctor/check_names.hpp"
#include "daemon/doctor/words.hpp"

namespace stile::sync {
namespace {

using doctor::bad;
using doctor::day_of;
using doctor::Finding;
using doctor::Findings;
using doctor::good;
using doctor::look;

constexpr std::chrono::days kSoon{14};
constexpr std::chrono::milliseconds kSlow{500};
constexpr std::string_view kWait =
    "Guests are let in; the venue does not see it, and the records "
    "wait.";

Finding resolved(const BrokerFact& fact) {
    if (fact.resolve_trouble.empty())
        return good(doctor::kBrokerName, "The broker's name is known.");
    return look(
        doctor::kBrokerName,
        fmt::format("The name of the broker {} is not known here ({}). {}", fact.address,
                    fact.resolve_trouble, kWait),
        "Look at the spelling in mqtt.brokers; then at the network: ping, resolvectl status");
}

Finding connected(const BrokerFact& fact) {
    if (fact.connect_trouble.empty())
        return good(doctor::kBrokerConnection, fmt::format("{} answers.", fact.address));
    return look(
        doctor::kBrokerConnection,
        fmt::format("{} does not answer ({}). {}", fact.address, fact.connect_trouble, kWait),
        "Does the broker run? Is its port open in the firewall? Is the cable in?");
}

Finding trusted(const TlsFact& tls, Moment now) {
    if (!tls.trouble.empty())
        return look(doctor::kBrokerTls,
                    fmt::format("The broker cannot be trusted: {}. {}", tls.trouble, kWait),
                    "mqtt.ca_file has to name the authority of the broker's certificate, and "
                    "mqtt.brokers the host in it");
    if (!tls.end) return good(doctor::kBrokerTls, "The broker is trusted.");
    const auto days = std::chrono::floor<std::chrono::days>(*tls.end - now).count();
    const std::string says =
        fmt::format("The broker is trusted; its certificate ends on {}, in {}.", day_of(*tls.end),
                    doctor::counted(static_cast<std::uint64_t>(days), "day"));
    if (*tls.end >= now + kSoon) return good(doctor::kBrokerTls, says);
    return look(doctor::kBrokerTls, says + " From then on the gate does not trust it any more.",
                "A new certificate for the broker");
}

Finding in_the_clear(const Settings& settings, const std::string& address) {
    if (is_here(address))
        return good(doctor::kBrokerTls, "The broker is on this machine: no TLS is needed.");
    return look(doctor::kBrokerTls,
                password_in_the_clear(settings)
                    ? "Everybody on the network can read what the gate says, and its password."
                    : "Everybody on the network can read what the gate says.",
                "mqtt.brokers = [\"ssl://...:8883\"], as sync/broker/BROKER.md shows");
}

Finding let_in(const LoginFact& login) {
    using Answer = LoginFact::Answer;
    switch (login.answer) {
        case Answer::In:
            if (login.tells) return good(doctor::kBrokerLogin, "The broker lets this gate in.");
            return look(doctor::kBrokerLogin,
                        "The broker lets this gate in, but does not speak MQTT 5: it does not say "
                        "when it throws a message away.",
                        "A broker of today: mosquitto 2");
        case Answer::Credentials:
            return look(doctor::kBrokerLogin,
                        fmt::format("The broker turns this gate away: {}. {}", login.text, kWait),
                        "Compare user and password with the broker's: mosquitto_passwd");
        case Answer::Unreachable:
            return look(
                doctor::kBrokerLogin,
                fmt::format("The broker does not speak MQTT here: {}. {}", login.text, kWait),
                "Look at the port in mqtt.brokers, and at the broker's log");
        case Answer::Other:
            break;
    }
    return look(doctor::kBrokerLogin,
                fmt::format("The broker does not let this gate in now: {}. {}", login.text, kWait),
                "Look at the broker's log");
}

Finding published(const LoginFact& login) {
    constexpr std::string_view kRights =
        "The broker's access list has to let this user write "
        "stile/v1/VENUE/GATE/#: sync/broker/acl";
    if (login.own == Fate::Refused)
        return look(doctor::kBrokerPublish,
                    fmt::format("The broker refuses what this gate says of itself. {}", kWait),
                    std::string{kRights});
    if (login.own == Fate::Lost)
        return look(doctor::kBrokerPublish,
                    fmt::format("The broker took no message in time, or hung up. {}", kWait),
                    std::string{kRights});
    if (!login.tells)
        return look(doctor::kBrokerPublish,
                    "Whether this gate may publish is not known: the broker does not tell.",
                    "mosquitto_sub -t 'stile/#' at the broker shows what arrives");
    const std::string says = fmt::format("The broker takes what this gate says, {} there and back.",
                                         doctor::short_time(login.round_trip));
    if (login.round_trip <= kSlow) return good(doctor::kBrokerPublish, says);
    return look(doctor::kBrokerPublish, says + " That is slow: other gates hear late of entries.",
                "Look at the network between gate and broker");
}

Findings rights(const LoginFact& login) {
    if (!login.tells || login.own != Fate::Taken) return {};
    if (login.other != Fate::Taken)
        return {good(doctor::kBrokerRights, "The broker lets nobody speak for another gate.")};
    return {look(doctor::kBrokerRights,
                 "The broker lets this gate speak for other gates: one stolen controller could "
                 "forge all of them.",
                 "An access list as in sync/broker/acl, one user for each gate")};
}

}  // namespace

Findings check_broker(const BrokerFact& fact, const Settings& settings, Moment now) {
    Findings found{resolved(fact)};
    if (fact.resolve_trouble.empty()) found.push_back(connected(fact));
    const bool reached = fact.resolve_trouble.empty() && fact.connect_trouble.empty();
    if (reached)
        found.push_back(fact.tls ? trusted(*fact.tls, now) : in_the_clear(settings, fact.address));
    if (fact.login) {
        found.push_back(let_in(*fact.login));
        if (fact.login->answer == LoginFact::Answer::In) {
            found.push_back(published(*fact.login));
            doctor::append(found, rights(*fact.login));
        }
    }
    for (Finding& finding : found)
        finding.of = fact.address;
    return found;
}

Findings check_certificate(const Result<std::optional<Moment>>& end, Moment now) {
    constexpr std::string_view kFix =
        "A new certificate for this gate, by the authority that the "
        "broker trusts";
    if (!end)
        return {look(doctor::kBrokerCertificate, fmt::format("{}. {}", end.error().context, kWait),
                     std::string{kFix})};
    if (!*end) return {};
    const std::string day = day_of(**end);
    if (**end <= now)
        return {look(doctor::kBrokerCertificate,
                     fmt::format("The certificate of this gate ended on {}. {}", day, kWait),
                     std::string{kFix})};
    if (**end < now + kSoon)
        return {look(doctor::kBrokerCertificate,
                     fmt::format("The certificate of this gate ends on {}.", day),
                     std::string{kFix})};
    return {good(doctor::kBrokerCertificate,
                 fmt::format("The certificate of this gate ends on {}.", day))};
}

Finding check_settings(const Settings& settings) {
    return good(doctor::kBrokerSettings,
                fmt::format("[mqtt] of the site file is right, and its secrets are there: {}.",
                            doctor::counted(settings.brokers.size(), "broker")));
}

Finding wrong_settings(const Error& error) {
    return bad(doctor::kBrokerSettings, fmt::format("{}. {}", error.context, kWait),
               "Mend [mqtt] of the site file; then: /usr/libexec/stile/stile-sync --check-config");
}

Finding missing_secret(const Error& error) {
    return look(doctor::kBrokerSettings, fmt::format("{}. {}", error.context, kWait),
                "Put it there, as BROKER.md says; then: sudo systemctl restart stile-sync");
}

Finding closed_file(const std::string& file, const std::string& user) {
    return look(
        doctor::kBrokerSettings,
        fmt::format("The user {} may not read {}, or a folder above it, so stile-sync does "
                    "not start. {}",
                    user, file, kWait),
        fmt::format("sudo chown {} {}; then: sudo systemctl restart stile-sync", user, file));
}

Finding not_tried(const Error& error) {
    return look(doctor::kBrokerSettings,
                fmt::format("The way to the broker was not tried: root does not talk to the "
                            "network, and {}.",
                            error.context),
                error.code == Errc::NotFound
                    ? "sudo apt install stile-sync makes that user"
                    : "Run the doctor on the controller itself, not in a container");
}

}  // namespace stile::sync
