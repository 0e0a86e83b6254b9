// SPDX-License-Identifier: Apache-2.0
// Owners, permissions and secrets, as systemd/INSTALL.md says.
#include <filesystem>

#include <fmt/format.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"

namespace stile::doctor {
namespace {

using Need = FileRule::Need;
using Kind = FileRule::Kind;

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

// The command against what is forbidden.
std::string take_away(const FileRule& rule) {
    return fmt::format("sudo chmod {} {}", rule.forbidden == kOthersAtAll ? "go-rwx" : "go-w",
                       rule.path);
}

Findings judge(const FileRule& rule, const FileFact& fact) {
    Findings found;
    if (!rule.owner.empty() && fact.owner != rule.owner) {
        found.push_back(bad(kSiteFiles,
                            fmt::format("{} ({}) belongs to {} and not to {}: the gate may not "
                                        "work with it, or somebody else may change it.",
                                        rule.path, rule.what, fact.owner, rule.owner),
                            fmt::format("sudo chown {} {}", rule.owner, rule.path)));
    }
    if ((fact.mode & rule.forbidden) != 0) {
        found.push_back(bad(
            kSiteFiles,
            fmt::format("{} ({}) is open: others on this machine may {} it.", rule.path, rule.what,
                        rule.forbidden == kOthersAtAll ? "read or change" : "change"),
            take_away(rule)));
    }
    return found;
}

FileRule credential_rule(const NamedSecret& secret) {
    const bool authority =
        secret.key.ends_with("ca_file") || secret.key.ends_with("certificate_file");
    return {.path = secret.name,
            .what = secret.key,
            .owner = "",
            .forbidden = authority ? kOthersWrite : 037U};
}

}  // namespace

std::vector<FileRule> file_rules(const config::Site& site, std::string_view file) {
    const std::filesystem::path state{site.paths.state};
    const std::string folder = std::filesystem::path{file}.parent_path();
    std::vector<FileRule> rules{
        {folder.empty() ? "." : folder, "the site's folder", "", kOthersWrite, Need::Must,
         Kind::Folder},
        {std::string{file}, "the site file", "", kOthersWrite},
        {site.paths.keys, "the keys", "", kOthersWrite},
        {site.paths.state, "the state folder", "stile", kOthersAtAll, Need::MadeAtStart,
         Kind::Folder},
        {state / "ledger", "the ledger", "stile", kOthersWrite, Need::IfThere, Kind::Folder},
        {state / "event.secret", "the gate's own secret", "stile", kOthersAtAll, Need::IfThere},
        {state / "device.key", "the device key", "stile", kOthersAtAll, Need::IfThere},
        {site.paths.runtime, "the sockets", "stile", kOthersWrite, Need::MadeAtStart,
         Kind::Folder}};
    if (!site.paths.policy.empty())
        rules.push_back({site.paths.policy, "the policy", "", kOthersWrite});
    if (!site.paths.secret.empty())
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
    for (const auto& [key, name] :
         {NamedSecret{"mqtt.user_file", site.mqtt.user_file},
          NamedSecret{"mqtt.password_file", site.mqtt.password_file},
          NamedSecret{"mqtt.ca_file", site.mqtt.ca_file},
          NamedSecret{"mqtt.certificate_file", site.mqtt.certificate_file},
          NamedSecret{"mqtt.key_file", site.mqtt.key_file},
          NamedSecret{"cards.ev2_keys", site.cards.ev2_keys},
          NamedSecret{"cards.mf0aes_keys", site.cards.mf0aes_keys}}) {
        if (!name.empty()) secrets.push_back({key, name});
    }
    return secrets;
}

Findings check_credentials(std::span<const NamedSecret> secrets, std::span<const FileFact> facts) {
    Findings found;
    for (std::size_t i = 0; i < secrets.size() && i < facts.size(); ++i) {
        const auto& [key, name] = secrets[i];
        const bool credential = name.find('/') == std::string::npos;
        if (facts[i].sight == Sight::Hidden) {
            found.push_back(about(key, hidden(kSiteCredentials, name)));
        } else if (facts[i].sight == Sight::Absent) {
            const std::string where = credential ? "/etc/credstore/" + name : name;
            found.push_back(about(
                key, bad(kSiteCredentials,
                         fmt::format("{} names {}, and it is nowhere: the program that needs it "
                                     "does not start.",
                                     key, name),
                         fmt::format("Put it into {0}, then: sudo chmod 600 {0}", where))));
        } else {
            auto rule = credential_rule(secrets[i]);
            if (credential) rule.path = "/etc/credstore/" + name;
            for (Finding& finding : judge(rule, facts[i])) {
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
