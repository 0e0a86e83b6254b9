// SPDX-License-Identifier: Apache-2.0
// The site's own files, the ledger, the lists, and the broker by the program that has a network.
#include "daemon/doctor/gate.hpp"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include "daemon/config/key_file.hpp"
#include "daemon/control/roles.hpp"
#include "daemon/doctor/json.hpp"
#include "daemon/doctor/probes.hpp"
#include "daemon/doctor/run.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/policy/site_place.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/stilectl/client.hpp"

namespace stile::doctor {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds kProgramLimit{10};
constexpr seconds kBrokerLimit{30};

Daemon daemon_of(Errc code) {
    switch (code) {
        case Errc::NotFound:
            return Daemon::Absent;
        case Errc::Denied:
        case Errc::Invalid:
            return Daemon::Denied;
        case Errc::Timeout:
        case Errc::Closed:
        case Errc::Io:
        case Errc::Full:
        case Errc::Corrupt:
        case Errc::Config:
        case Errc::Unsupported:
            return Daemon::Silent;
    }
    return Daemon::Silent;
}

Result<GateStatus> ask(const fs::path& socket) {
    auto client = ControlClient::connect(socket);
    if (!client) return std::unexpected{client.error()};
    const auto answer = client->command("status", {});
    if (!answer) return std::unexpected{answer.error()};
    auto status = parse_status(*answer);
    if (!status) return fail(Errc::Closed, "it says something that is not understood");
    return *status;
}

// Nothing without a policy.
std::optional<PolicyReading> policy_of(const config::Site& site) {
    if (site.paths.policy.empty()) return std::nullopt;
    const auto text = config::read_text(site.paths.policy);
    if (!text) return PolicyReading{.policy = {}, .mistakes = {{0, "", text.error().context}}};
    return read_policy(*text, policy_place_of(site));
}

Findings keys(const Gate& gate) {
    const auto ring = config::load_keys(gate.site.paths.keys);
    if (ring) return check_keys(gate.site, ring->records(), gate.clock.now);
    if (ring.error().code == Errc::Denied) return {hidden(kSiteKeys, gate.site.paths.keys)};
    return {bad(kSiteKeys, ring.error().context + ". The gate does not start.",
                "Ask the organiser for keys.toml, and put it at " + gate.site.paths.keys)};
}

Finding secret(const config::Site& site) {
    const std::string& file = site.paths.secret;
    FileFact fact;
    Result<void> readable;
    if (!file.empty() && !is_credential(file)) fact = look_at_file(file);
    if (fact.sight == Sight::Seen && ::access(file.c_str(), R_OK) != 0) fact.sight = Sight::Hidden;
    if (fact.sight == Sight::Seen) {
        if (auto read = read_secret_file(file, "event secret"); !read)
            readable = std::unexpected{read.error()};
    }
    return check_secret(site, fact, readable);
}

Findings files(const Gate& gate) {
    auto rules = file_rules(gate.site, gate.site_file);
    const bool installed = has_user("stile");  // by its package
    std::vector<FileFact> facts;
    for (FileRule& rule : rules) {
        if (!installed) {
            rule.owner.clear();
            rule.readers = FileRule::Readers::Any;
        }
        facts.push_back(look_at_file(rule.path));
    }
    return check_files(rules, facts);
}

Findings credentials(const config::Site& site) {
    const bool daemon = has_user("stile");  // each by its package
    const bool sync = has_user("stile-sync");
    auto secrets = named_secrets(site);
    std::vector<FileFact> facts;
    facts.reserve(secrets.size());
    for (NamedSecret& named : secrets) {
        const bool installed = named.readers == FileRule::Readers::Sync ? sync : daemon;
        if (!installed) named.readers = FileRule::Readers::Any;
        facts.push_back(look_at_secret(named.name));
    }
    return check_credentials(secrets, facts);
}

Freshness freshness_of(const config::Site& site) {
    const auto reading = policy_of(site);
    if (!reading || !reading->mistakes.empty()) return {};
    const auto& policy = reading->policy.freshness;
    using Stale = Freshness::Stale;
    return {policy.max_age, policy.when_stale == Doubt::Admit ? Stale::Admit : Stale::Refuse};
}

Finding resting_ledger(const config::Site& site) {
    const fs::path folder = fs::path{site.paths.state} / "ledger";
    const Sight sight = look_at_file(folder / "data.mdb").sight;
    if (sight != Sight::Seen) return check_resting_ledger(sight, {});
    if (::access((folder / "data.mdb").c_str(), R_OK) != 0)
        return check_resting_ledger(Sight::Hidden, {});
    const auto ledger = Ledger::open_read_only(folder);
    if (ledger) return check_resting_ledger(sight, {});
    return check_resting_ledger(sight, std::unexpected{ledger.error()});
}

// Where the secrets of stile-sync lie for who may read them, as a line of its environment.
std::vector<std::string> credentials_environment() {
    if (::access("/etc/credstore", R_OK | X_OK) != 0) return {};
    return {"CREDENTIALS_DIRECTORY=/etc/credstore"};
}

bool has_plain_credentials(const config::Site& site) {
    return std::ranges::all_of(named_secrets(site), [](const NamedSecret& named) {
        return !named.key.starts_with("mqtt.") || named.name.find('/') != std::string::npos ||
               ::access(("/etc/credstore/" + named.name).c_str(), R_OK) == 0;
    });
}

// What it had found before is kept.
Finding unfinished(const ProgramFact& sync) {
    if (sync.exit_code)
        return look(kBrokerSettings,
                    "The way to the broker was not tried: stile-sync says nothing of it.",
                    "sudo apt install stile stile-sync, both of one version");
    if (sync.started)
        return look(kBrokerSettings,
                    "The way to the broker was not tried to its end: stile-sync did not end in "
                    "time. A name server that does not answer does that.",
                    "ping the broker; resolvectl status");
    return look(kBrokerSettings,
                "The way to the broker was not tried: stile-sync is not installed.",
                "sudo apt install stile-sync; then: sudo stilectl doctor broker");
}

}  // namespace

Gate meet(config::Site site, std::string site_file, const std::string& socket) {
    Gate gate{.site = std::move(site), .site_file = std::move(site_file), .clock = look_at_clock()};
    auto status = ask(socket.empty() ? gate.site.socket("control.sock") : fs::path{socket});
    if (status) {
        gate.daemon = Daemon::Answers;
        gate.status = std::move(*status);
    } else {
        gate.daemon = daemon_of(status.error().code);
        gate.daemon_detail = status.error().context;
    }
    return gate;
}

Findings examine_site(const Gate& gate) {
    const config::Site& site = gate.site;
    Findings found{check_site_file(site, gate.site_file)};
    const auto has_group = [](const std::string& name) {
        return system_names().group_id(name).has_value();
    };
    append(found, check_names(site, {.has_user = has_user, .has_group = has_group}));
    append(found, keys(gate));
    found.push_back(secret(site));
    if (const auto policy = policy_of(site))
        append(found, check_policy(site.paths.policy, policy->mistakes, policy->warnings));
    if (!site.display.languages.empty())
        found.push_back(check_languages(
            site.display.languages,
            run({program_of_ours("stile-display"), "--check-config", "--config", gate.site_file},
                kProgramLimit)));
    append(found, check_schedule(site));
    append(found, files(gate));
    append(found, credentials(site));
    return found;
}

Findings examine_disk(const Gate& gate) {
    Findings found = check_disk(look_at_disk(gate.site.paths.state), gate.site);
    found.push_back(check_speed(measure_writes(gate.site.paths.state, gate.write_for)));
    return found;
}

Findings examine_records(const Gate& gate) {
    Findings found{gate.status ? check_ledger(*gate.status) : resting_ledger(gate.site)};
    append(found,
           check_backup(look_at_backups(gate.site.paths.state), gate.running(), gate.clock.now));
    if (gate.status) append(found, check_alarms(*gate.status));
    append(found, gate.daemon == Daemon::Denied
                      ? Findings{hidden(kListsRevocations, "the lists, which the daemon knows")}
                      : check_lists(gate.site, gate.running(), freshness_of(gate.site)));
    return found;
}

Findings examine_broker(const Gate& gate) {
    Findings found;
    if (gate.status) found.push_back(check_link(*gate.status));
    if (!has_plain_credentials(gate.site)) {
        found.push_back(look(kBrokerSettings,
                             "The way to the broker was not tried: its secrets are encrypted, or "
                             "closed to this user.",
                             "sudo stilectl doctor broker; of encrypted ones the running link "
                             "tells: stilectl status"));
        return found;
    }
    const auto told =
        run({program_of_ours("stile-sync"), "--doctor", "--json", "--config", gate.site_file},
            kBrokerLimit, credentials_environment());
    Findings lines = parse_findings(told.out);
    if (!told.exit_code || lines.empty()) lines.push_back(unfinished(told));
    append(found, std::move(lines));
    return found;
}

}  // namespace stile::doctor
