// SPDX-License-Identifier: Apache-2.0
// Units, versions, and whether the daemon answers.

#include <fmt/format.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"

namespace stile::doctor {
namespace {

using Weight = UnitRule::Weight;

Finding weighed(const UnitRule& rule, std::string says, std::string fix) {
    says += ' ' + rule.without;
    auto finding = rule.weight == Weight::Gate
                       ? bad(kProgramsUnits, std::move(says), std::move(fix))
                       : look(kProgramsUnits, std::move(says), std::move(fix));
    return about(rule.name, std::move(finding));
}

std::string how_it_ended(const UnitFact& fact) {
    std::string text = fact.result.empty() || fact.result == "success" ? "" : " (" + fact.result;
    if (!text.empty()) {
        if (fact.result == "exit-code") text += fmt::format(" {}", fact.exit_status);
        text += ')';
    }
    if (!fact.last_error.empty()) text += ": " + fact.last_error;
    return text;
}

std::string start_of(const UnitRule& rule) {
    return "sudo systemctl start " + rule.name;
}

std::string journal_of(const UnitRule& rule) {
    return fmt::format("journalctl -u {} -n 30", rule.name);
}

bool is_not_wanted(const UnitRule& rule, const UnitFact& fact) {
    return rule.kind == UnitRule::Kind::Screen && fact.enabled != "enabled" &&
           (fact.active.empty() || fact.active == "inactive");
}

Finding state_of(const UnitRule& rule, const UnitFact& fact) {
    if (fact.load == "not-found")
        return weighed(rule, fmt::format("{} is not installed.", rule.name),
                       rule.name == "stile-sync.service" ? "sudo apt install stile-sync"
                                                         : "sudo apt install stile");
    if (fact.load == "masked")
        return weighed(
            rule, fmt::format("{} is switched off by hand (masked).", rule.name),
            fmt::format("sudo systemctl unmask {0} && sudo systemctl start {0}", rule.name));
    if (fact.active == "failed")
        return weighed(rule, fmt::format("{} gave up{}.", rule.name, how_it_ended(fact)),
                       journal_of(rule));
    if (rule.kind == UnitRule::Kind::Task)
        return about(rule.name, good(kProgramsUnits, fmt::format("The last run of {} found nothing "
                                                                 "wrong, or none was due yet.",
                                                                 rule.name)));
    if (fact.active == "activating" && fact.restarts > 0)
        return weighed(rule,
                       fmt::format("{} ends again and again{}.", rule.name, how_it_ended(fact)),
                       journal_of(rule));
    if (fact.active != "active" && fact.active != "activating" && fact.active != "reloading")
        return weighed(rule, fmt::format("{} does not run.", rule.name), start_of(rule));
    if (rule.kind == UnitRule::Kind::Boot && fact.enabled != "enabled")
        return weighed(
            rule, fmt::format("{} runs, but is not started when this machine starts.", rule.name),
            "sudo systemctl enable " + rule.name);
    return about(rule.name, good(kProgramsUnits, fmt::format("{} runs.", rule.name)));
}

// "stile-reader 0.2.0" -> "0.2.0"
std::string version_in(std::string_view text) {
    text = text.substr(0, text.find('\n'));
    const auto space = text.rfind(' ');
    return std::string{space == std::string_view::npos ? text : text.substr(space + 1)};
}

}  // namespace

std::vector<UnitRule> unit_rules(const config::Site& site) {
    std::vector<UnitRule> rules{
        {"stile.target", "After a power cut nobody would be let in.", Weight::Gate,
         UnitRule::Kind::Boot},
        {"stiled.service", "Nobody is let in.", Weight::Gate},
        {"stile-sync.service",
         "Guests are let in; the venue does not see it, and the records wait.", Weight::Side}};
    for (const config::Reader& reader : site.readers) {
        rules.push_back({fmt::format("stile-reader@{}.service", reader.name),
                         fmt::format("No ticket is read by {} at {}.", reader.name, reader.lane),
                         Weight::Gate});
    }
    rules.push_back({"stile-backup.timer", "No backups are made by themselves.", Weight::Side,
                     UnitRule::Kind::Boot});
    rules.push_back({"stile-scrub.timer", "Damage on the disk would be found late.", Weight::Side,
                     UnitRule::Kind::Boot});
    rules.push_back({"stile-backup.service", "The newest backup is older than it should be.",
                     Weight::Side, UnitRule::Kind::Task});
    rules.push_back({"stile-scrub.service",
                     "The ledger or its newest backup is damaged, or could not be read.",
                     Weight::Gate, UnitRule::Kind::Task});
    rules.push_back({"stile-display.service",
                     "Guests are let in; the screens at the lanes show nothing.", Weight::Side,
                     UnitRule::Kind::Screen});
    for (const config::Lane& lane : site.lanes) {
        rules.push_back({fmt::format("stile-kiosk@{}.service", lane.name),
                         fmt::format("Guests are let in; the screen at {} is dark.", lane.name),
                         Weight::Side, UnitRule::Kind::Screen});
    }
    return rules;
}

Findings check_unit(const UnitRule& rule, const UnitFact& fact) {
    if (is_not_wanted(rule, fact)) return {};
    Findings found{state_of(rule, fact)};
    if (fact.restarts > 0) {
        found.push_back(about(
            rule.name, look(kProgramsRestarts,
                            fmt::format("{} was started again {} since it was started by hand; "
                                        "each time guests waited a second or two.",
                                        rule.name, counted(fact.restarts, "time")),
                            journal_of(rule))));
    }
    return found;
}

Finding check_daemon(Daemon daemon, std::string_view detail) {
    switch (daemon) {
        case Daemon::Answers:
            return good(kProgramsDaemon, "The gate's daemon answers.");
        case Daemon::Absent:
            return look(kProgramsDaemon,
                        "The gate's daemon does not run, so nobody is let in, and what only it "
                        "knows was not examined.",
                        "sudo systemctl start stile.target");
        case Daemon::Silent:
            return bad(kProgramsDaemon,
                       fmt::format("The gate's daemon runs and does not answer: {}.", detail),
                       "sudo systemctl restart stiled");
        case Daemon::Denied:
            return look(
                kProgramsDaemon,
                fmt::format("Not examined: the daemon does not tell this user ({}).", detail),
                "sudo stilectl doctor, or: sudo adduser $USER stile-viewer");
    }
    return bad(kProgramsDaemon, std::string{detail}, "");
}

Findings check_versions(std::string_view own, std::span<const ProgramVersion> others,
                        std::string_view running) {
    Findings found;
    for (const ProgramVersion& other : others) {
        if (other.fact.exit_code != 0) continue;  // not installed here
        const std::string version = version_in(other.fact.out);
        if (version == own) continue;
        found.push_back(about(
            other.program,
            bad(kProgramsVersions,
                fmt::format("{} is of version {} and stilectl of {}: they may not understand each "
                            "other, and the gate would not start.",
                            other.program, version, own),
                "sudo apt install stile stile-sync, both of one version")));
    }
    if (!running.empty() && version_in(running) != own) {
        found.push_back(about(
            "stiled", look(kProgramsVersions,
                           fmt::format("Version {} still runs, and {} is installed: the update "
                                       "is not in force.",
                                       version_in(running), own),
                           "sudo systemctl restart stile.target, when nobody is at the lanes")));
    }
    if (found.empty())
        found.push_back(
            good(kProgramsVersions, fmt::format("All programs are of version {}.", own)));
    return found;
}

}  // namespace stile::doctor
