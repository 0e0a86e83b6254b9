// SPDX-License-Identifier: Apache-2.0
// Owners, permissions and secrets, as systemd/INSTALL.md says.
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"
#include "daemon/runtime/secret_file.hpp"

namespace stile::doctor {
namespace {

using Need = FileRule::Need;
using Kind = FileRule::Kind;
using Readers = FileRule::Readers;

constexpr unsigned kOthersWrite = 022;
constexpr unsigned kOthersAtAll = 077;

Finding missing(const FileRule& rule) {
    if (rule.kind == Kind::Folder && rule.what == "the sockets")
        return look(kSiteFiles,
                    fmt::format("{} is not there yet: the gate never ran since this machine "
                                "started.",
                                rule.path),
                    "sudo systemctl start stile.target");
    return bad(kSiteFiles,
               fmt::format("{} ({}) is missing: the gate does not start.", rule.path, rule.what),
               "Put it there, or run: sudo stilectl setup");
}

bool is_secret(const FileRule& rule) {
    return (rule.forbidden & 04U) != 0;
}

// The command against what is forbidden.
std::string take_away(const FileRule& rule) {
    return fmt::format("sudo chmod {} {}", is_secret(rule) ? "go-rwx" : "go-w", rule.path);
}

std::string_view user_of(Readers readers) {
    return readers == Readers::Sync ? "stile-sync" : "stile";
}

// The commands that let those who have to read it, and nobody else where it is a secret.
std::string open_up(const FileRule& rule) {
    if (!is_secret(rule))
        return fmt::format("sudo chmod {} {}", rule.kind == Kind::Folder ? "go+rx" : "go+r",
                           rule.path);
    std::string close = "sudo chmod 600 " + rule.path;
    if (rule.readers == Readers::Any) return close;
    return fmt::format("{} && sudo chown {} {}", close, user_of(rule.readers), rule.path);
}

// Without stile-sync guests are let in.
Finding closed(const FileRule& rule) {
    if (rule.readers == Readers::Sync)
        return look(kSiteFiles,
                    fmt::format("{} ({}) is closed to the user stile-sync, so stile-sync does not "
                                "start. Guests are let in; the records wait.",
                                rule.path, rule.what),
                    open_up(rule));
    return bad(kSiteFiles,
               fmt::format("{} ({}) is closed to the gate's programs, which have users of their "
                           "own: they do not start.",
                           rule.path, rule.what),
               open_up(rule));
}

// Whether those who have to read it may, by owner, group and mode.
bool is_readable(const FileRule& rule, const FileFact& fact) {
    const unsigned wanted = rule.kind == Kind::Folder ? 05 : 04;
    const bool everybody = (fact.mode & wanted) == wanted;
    switch (rule.readers) {
        case Readers::Any:
            return true;
        case Readers::Everybody:
            return everybody;
        case Readers::Daemon:
        case Readers::Sync:
            break;
    }
    const auto user = user_of(rule.readers);
    // A group like ssl-cert has the user in it, or stile-sync --doctor says that it has not.
    const bool group =
        fact.group == user || (rule.readers == Readers::Sync && fact.group != "root");
    return everybody || (fact.owner == user && (fact.mode & (wanted << 6U)) != 0) ||
           (group && (fact.mode & (wanted << 3U)) != 0);
}

Findings judge(const FileRule& rule, const FileFact& fact) {
    Findings found;
    if (!is_readable(rule, fact)) found.push_back(closed(rule));
    if (!rule.owner.empty() && fact.owner != rule.owner) {
        found.push_back(bad(kSiteFiles,
                            fmt::format("{} ({}) belongs to {} and not to {}: the gate may not "
                                        "work with it, or somebody else may change it.",
                                        rule.path, rule.what, fact.owner, rule.owner),
                            fmt::format("sudo chown {} {}", rule.owner, rule.path)));
    }
    if ((fact.mode & rule.forbidden) != 0) {
        found.push_back(
            bad(kSiteFiles,
                fmt::format("{} ({}) is open: others on this machine may {} it.", rule.path,
                            rule.what, is_secret(rule) ? "read or change" : "change"),
                take_away(rule)));
    }
    return found;
}

FileRule credential_rule(const NamedSecret& secret, std::string path) {
    const bool authority =
        secret.key.ends_with("ca_file") || secret.key.ends_with("certificate_file");
    return {.path = std::move(path),
            .what = secret.key,
            .owner = "",
            .forbidden = authority ? kOthersWrite : 037U,
            .readers = secret.readers};
}

bool is_path(const NamedSecret& secret) {
    return secret.name.find('/') != std::string::npos;
}

// Without a secret of the broker's only stile-sync does not start.
Finding absent(const NamedSecret& secret) {
    const std::string where = (is_path(secret) ? "" : "/etc/credstore/") + secret.name;
    const bool guests_wait = !secret.key.starts_with("mqtt.");
    std::string says = fmt::format("{} names {}, and it is nowhere: {}", secret.key, secret.name,
                                   guests_wait ? "the gate does not start."
                                               : "stile-sync does not start. Guests are let in; "
                                                 "the records wait.");
    std::string fix =
        fmt::format("Put it into {}, then: {}", where, open_up(credential_rule(secret, where)));
    return about(secret.key, guests_wait ? bad(kSiteCredentials, std::move(says), std::move(fix))
                                         : look(kSiteCredentials, std::move(says), std::move(fix)));
}

}  // namespace

std::vector<FileRule> file_rules(const config::Site& site, std::string_view file) {
    const std::filesystem::path state{site.paths.state};
    const std::string folder = std::filesystem::path{file}.parent_path();
    std::vector<FileRule> rules{
        {folder.empty() ? "." : folder, "the site's folder", "", kOthersWrite, Need::Must,
         Kind::Folder, Readers::Everybody},
        {std::string{file}, "the site file", "", kOthersWrite, Need::Must, Kind::File,
         Readers::Everybody},
        {site.paths.keys, "the keys", "", kOthersWrite, Need::Must, Kind::File, Readers::Daemon},
        {site.paths.state, "the state folder", "stile", kOthersAtAll, Need::MadeAtStart,
         Kind::Folder},
        {state / "ledger", "the ledger", "stile", kOthersWrite, Need::IfThere, Kind::Folder},
        {state / "backups", "the backups", "stile", kOthersWrite, Need::IfThere, Kind::Folder},
        {state / "event.secret", "the gate's own secret", "stile", kOthersAtAll, Need::IfThere},
        {state / "device.key", "the device key", "stile", kOthersAtAll, Need::IfThere},
        {state / "device.signing.key", "the signing key", "stile", kOthersAtAll, Need::IfThere},
        {site.paths.runtime, "the sockets", "stile", kOthersWrite, Need::MadeAtStart,
         Kind::Folder}};
    if (!site.paths.policy.empty())
        rules.push_back({site.paths.policy, "the policy", "", kOthersWrite, Need::Must, Kind::File,
                         Readers::Daemon});
    if (!site.paths.secret.empty() && !is_credential(site.paths.secret))
        rules.push_back({site.paths.secret, "the event secret", "stile", kOthersAtAll,
                         Need::IfThere});  // its absence is site.secret's
    return rules;
}

Findings check_files(std::span<const FileRule> rules, std::span<const FileFact> facts) {
    Findings found;
    std::size_t seen = 0;
    std::string unseen;
    for (std::size_t i = 0; i < rules.size() && i < facts.size(); ++i) {
        switch (facts[i].sight) {
            case Sight::Seen:
                ++seen;
                append(found, judge(rules[i], facts[i]));
                break;
            case Sight::Hidden:
                unseen += (unseen.empty() ? "" : ", ") + rules[i].path;
                break;
            case Sight::Absent:
                if (rules[i].need == Need::Must) found.push_back(missing(rules[i]));
                break;
        }
    }
    if (!unseen.empty()) found.push_back(hidden(kSiteFiles, unseen));
    if (found.empty())
        found.push_back(good(kSiteFiles, fmt::format("Owners and permissions of {} are right.",
                                                     counted(seen, "path"))));
    return found;
}

std::vector<NamedSecret> named_secrets(const config::Site& site) {
    std::vector<NamedSecret> secrets;
    for (const NamedSecret& named :
         {NamedSecret{"paths.secret", is_credential(site.paths.secret) ? site.paths.secret : ""},
          NamedSecret{"mqtt.user_file", site.mqtt.user_file},
          NamedSecret{"mqtt.password_file", site.mqtt.password_file},
          NamedSecret{"mqtt.ca_file", site.mqtt.ca_file},
          NamedSecret{"mqtt.certificate_file", site.mqtt.certificate_file},
          NamedSecret{"mqtt.key_file", site.mqtt.key_file},
          NamedSecret{"cards.ev2_keys", site.cards.ev2_keys},
          NamedSecret{"cards.mf0aes_keys", site.cards.mf0aes_keys}}) {
        if (!named.name.empty()) secrets.push_back(named);
    }
    for (NamedSecret& secret : secrets) {
        if (is_path(secret))
            secret.readers = secret.key.starts_with("mqtt.") ? Readers::Sync : Readers::Daemon;
    }
    return secrets;
}

Findings check_credentials(std::span<const NamedSecret> secrets, std::span<const FileFact> facts) {
    Findings found;
    for (std::size_t i = 0; i < secrets.size() && i < facts.size(); ++i) {
        const auto& [key, name, readers] = secrets[i];
        if (facts[i].sight == Sight::Hidden) {
            found.push_back(about(key, hidden(kSiteCredentials, name)));
        } else if (facts[i].sight == Sight::Absent) {
            found.push_back(absent(secrets[i]));
        } else {
            for (Finding& finding : judge(credential_rule(secrets[i], facts[i].path), facts[i])) {
                finding.check = kSiteCredentials;
                found.push_back(about(key, std::move(finding)));
            }
        }
    }
    if (found.empty() && !secrets.empty())
        found.push_back(good(kSiteCredentials, fmt::format("{} of the site file {} there.",
                                                           counted(secrets.size(), "secret"),
                                                           secrets.size() == 1 ? "is" : "are")));
    return found;
}

}  // namespace stile::doctor
