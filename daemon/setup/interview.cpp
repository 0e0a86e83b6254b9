// SPDX-License-Identifier: Apache-2.0
// Questions about the gate, its broker, and what it admits.
#include "daemon/setup/interview.hpp"

#include <fmt/format.h>

#include "crypto/zone/zone.hpp"
#include "daemon/config/broker_fields.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/setup/brought.hpp"
#include "daemon/setup/plan.hpp"
#include "daemon/site_rules.hpp"

namespace stile {
namespace {

std::string text_of(const Result<void>& checked) {
    return checked ? "" : checked.error().context;
}

std::string mistake_in_lists(const std::vector<std::string>& lists) {
    for (const std::string& list : lists) {
        if (!config::list_name(list))
            return list + " is not an event and the number of its list, like summer:3";
    }
    return {};
}

void ask_keys(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    const auto check = [&](const std::string& file) -> std::string {
        if (file.empty() && around.known_keys + answers.issuer_keys.size() == 0)
            return "without an issuer's key no ticket is genuine; the organiser has the file, "
                   "stile-issue keygen made it";
        if (file.empty()) return {};
        return text_of(check_keys(file));
    };
    while (!dialogue.ended()) {
        std::string file = dialogue.ask_text(
            fmt::format(
                "A file with the public keys of whoever issues the tickets (NAME.toml); the "
                "gate has {} keys. Enter: no more.",
                around.known_keys + answers.issuer_keys.size()),
            "issuer_keys", check);
        if (file.empty()) return;
        answers.issuer_keys.push_back(std::move(file));
    }
}

void ask_secret(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    answers.event_secret = dialogue.ask_text(
        around.has_secret
            ? "The file with the event secret, the same at all gates of an event. Enter: keep "
              "the one that is here."
            : "The file with the event secret, the same at all gates of an event. Enter: make a "
              "new one, if this is the first gate.",
        "event_secret", [](const std::string& file) -> std::string {
            if (file.empty()) return {};
            const auto secret = read_secret_file(file, "event secret");
            return secret ? "" : secret.error().context;
        });
}

void ask_policy(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    std::string& there = answers.site.paths.policy;
    answers.policy = dialogue.ask_text(
        fmt::format("The file with the venue's policy: areas, capacity, time slots. Enter: {}.",
                    there.empty() ? "none" : "keep the one that is here; -: none"),
        "policy", [&](const std::string& file) -> std::string {
            if (file == "-" || (file.empty() && there.empty())) return "";
            config::Site trial = answers.site;  // lanes may have other names by now
            trial.paths.policy = file.empty() ? around.place.on_disk(there).native() : file;
            const auto policy = load_venue_policy(trial);
            return policy ? "" : policy.error().context;
        });
    if (answers.policy != "-") return;
    answers.policy.clear();
    there.clear();
}

void ask_authority(Dialogue& dialogue, SetupAnswers& answers) {
    std::string& there = answers.site.mqtt.ca_file;
    answers.broker_ca = dialogue.ask_text(
        fmt::format(
            "The file with the certificate of the authority that signed the broker's "
            "(PEM). Enter: {}.",
            there.empty() ? "trust the system's" : "keep " + there + "; -: trust the system's"),
        "broker_ca", [](const std::string& file) {
            return file.empty() || file == "-" ? "" : text_of(check_ca(file));
        });
    if (answers.broker_ca != "-") return;
    answers.broker_ca.clear();
    there.clear();
}

void ask_password(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    std::string& there = answers.site.mqtt.password_file;
    if (there.empty() && around.has_password) there = kPasswordCredential;
    answers.typed_password = dialogue.ask_hidden(
        there.empty() ? "Its password, kept as a credential and in no file of settings."
                      : "Its password, kept as a credential. Enter: keep the one that is here; "
                        "-: none.",
        "password");
    const auto typed = as_text(answers.typed_password ? answers.typed_password->bytes() : Bytes{});
    if (typed == "-") there.clear();
    if (typed.empty() || typed == "-") answers.typed_password.reset();
}

}  // namespace

void ask_gate(Dialogue& dialogue, config::Gate& gate) {
    const config::Fields rows = config::fields(gate);
    dialogue.ask(
        "A short name of the venue, the same at all its gates: a-z, 0-9 and -, like arena.",
        field_of(rows, "venue"));
    dialogue.ask("A short name of this gate, which no other gate of the venue has, like north-1.",
                 field_of(rows, "gate"));
    dialogue.ask("The time zone of the clocks on the wall, like Europe/Berlin.",
                 field_of(rows, "time_zone"), [&gate]() -> std::string {
                     const auto zone = crypto::zone_table(gate.time_zone);
                     return zone ? "" : zone.error().context;
                 });
}

void ask_broker(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    config::Mqtt& mqtt = answers.site.mqtt;
    const config::Fields rows = config::fields(mqtt);
    dialogue.ask(
        "The MQTT broker, to which gates report: tcp://HOST:1883, or encrypted ssl://HOST:8883; "
        "several, with a space between them, are tried in turn.",
        field_of(rows, "brokers"), [&mqtt] { return config::mistake_in_brokers(mqtt.brokers); });
    if (config::uses_tls(mqtt))
        ask_authority(dialogue, answers);
    else
        mqtt.ca_file = mqtt.certificate_file = mqtt.key_file = {};
    dialogue.ask("The name with which this gate logs in at the broker; empty if it asks for none.",
                 field_of(rows, "user"));
    if (!mqtt.user.empty()) {
        mqtt.user_file.clear();
        ask_password(dialogue, around, answers);
    } else if (mqtt.user_file.empty()) {
        mqtt.password_file.clear();
    }
}

void ask_tickets(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    ask_keys(dialogue, around, answers);
    ask_secret(dialogue, around, answers);
    dialogue.ask("The events that this gate admits, by number; empty: all that a key may sign.",
                 field_of(config::fields(answers.site.policy), "events"));
    ask_policy(dialogue, around, answers);
    config::Platform& platform = answers.site.platform;
    dialogue.ask("Check-in lists of a ticketing platform (pretix), EVENT:LIST; empty: none.",
                 field_of(config::fields(platform), "lists"),
                 [&platform] { return mistake_in_lists(platform.lists); });
}

void interview(Dialogue& dialogue, const Surroundings& around, SetupAnswers& answers) {
    dialogue.say(
        "Enter takes what stands in brackets, - empties it, Ctrl-C leaves: nothing is written "
        "before the end.\n\n");
    ask_gate(dialogue, answers.site.site);
    ask_lanes(dialogue, answers.site);
    ask_readers(dialogue, around, answers.site);
    ask_broker(dialogue, around, answers);
    ask_tickets(dialogue, around, answers);
}

}  // namespace stile
