// SPDX-License-Identifier: Apache-2.0
// Ledger, backups, alarms, lists, and the running link to the broker.
#include <fmt/format.h>

#include "daemon/control/alarm_table.hpp"
#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"

namespace stile::doctor {
namespace {

using std::chrono::seconds;

constexpr std::chrono::days kOldBackup{7};
constexpr std::uint64_t kLongOutbox = 1'000;
constexpr std::string_view kRestore =
    "stilectl log verify says how far; then: sudo systemctl stop "
    "stiled && sudo stilectl restore";

const AlarmRow* row_of(const std::string& code) {
    for (const AlarmRow& row : alarm_rows()) {
        const std::string name{row.name};
        switch (row.scope) {
            case AlarmScope::Gate:
                if (code == name) return &row;
                break;
            case AlarmScope::Lane:
                if (code.starts_with("lane-") && code.ends_with("-" + name)) return &row;
                break;
            case AlarmScope::Reader:
                if (code.starts_with(name + "-")) return &row;
                break;
        }
    }
    return nullptr;
}

Finding no_backup() {
    return look(kLedgerBackup,
                "There is no backup of the ledger: with this disk the record of who entered would "
                "be gone.",
                "sudo stilectl backup");
}

Finding backup_age(seconds age) {
    if (age < kOldBackup)
        return good(kLedgerBackup,
                    fmt::format("The newest backup is {} old.", duration_words(age)));
    return look(kLedgerBackup, fmt::format("The newest backup is {} old.", duration_words(age)),
                "sudo stilectl backup; systemctl status stile-backup.timer");
}

Finding revocations(const GateStatus& gate, const Freshness& freshness) {
    constexpr std::string_view kFix =
        "stilectl revocation import FILE, with the organiser's "
        "present list";
    if (!gate.catalog_damage.empty())
        return bad(kListsRevocations,
                   fmt::format("The lists cannot be read, so every ticket is refused: {}.",
                               gate.catalog_damage),
                   "sudo systemctl stop stiled; move STATE/catalog away; start; import the lists");
    if (gate.revocation_generation == 0)
        return look(kListsRevocations,
                    "No list of revoked tickets was ever imported: tickets that were given back "
                    "are still let in.",
                    std::string{kFix});
    const std::string says =
        fmt::format("The list of revoked tickets has {} and is {} old",
                    counted(gate.revocation_records, "line"), duration_words(gate.revocation_age));
    if (gate.revocation_age <= freshness.max_age) return good(kListsRevocations, says + ".");
    const std::string more =
        fmt::format("{}; the policy allows {}", says, duration_words(freshness.max_age));
    if (freshness.stale == Freshness::Stale::Refuse)
        return bad(kListsRevocations, more + " and refuses tickets until a newer one comes.",
                   std::string{kFix});
    return look(kListsRevocations, more + ".", std::string{kFix});
}

Finding orders(const OrdersStatus& status, const Freshness& freshness) {
    constexpr std::string_view kFix =
        "stilectl catalog import FOLDER, with the platform's "
        "present export";
    if (!status.age)
        return about(
            status.event,
            bad(kListsOrders,
                fmt::format("The orders of {} never came: its tickets are refused.", status.event),
                std::string{kFix}));
    const std::string says =
        fmt::format("The orders of {} are {} old.", status.event, duration_words(*status.age));
    if (*status.age <= freshness.max_age) return about(status.event, good(kListsOrders, says));
    return about(status.event, look(kListsOrders, says + " Who bought later is not known here.",
                                    std::string{kFix}));
}

}  // namespace

Finding check_ledger(const GateStatus& gate) {
    if (!gate.ledger_damage.empty())
        return bad(
            kLedgerState,
            fmt::format("The ledger is damaged, so nobody is let in: {}.", gate.ledger_damage),
            std::string{kRestore});
    if (!gate.ledger_trouble.empty())
        return bad(kLedgerState,
                   fmt::format("The ledger stores nothing now, so nobody is let in: {}.",
                               gate.ledger_trouble),
                   "df -h; journalctl -u stiled -n 30");
    if (gate.bad_rows > 0)
        return bad(kLedgerState,
                   fmt::format("{} of the ledger {} damaged on the disk.",
                               counted(gate.bad_rows, "row"), gate.bad_rows == 1 ? "is" : "are"),
                   std::string{kRestore});
    return good(kLedgerState,
                fmt::format("The ledger is sound: {}.", counted(gate.entries, "recorded event")));
}

Finding check_resting_ledger(Sight found, const Result<void>& opened) {
    if (found == Sight::Hidden) return hidden(kLedgerState, "the ledger");
    if (found == Sight::Absent)
        return look(kLedgerState, "There is no ledger yet: the first start makes it.",
                    "sudo systemctl start stile.target");
    if (opened) return good(kLedgerState, "The ledger opens, and its end is sound.");
    if (opened.error().code == Errc::Unsupported)
        return bad(kLedgerState, opened.error().context + ".", "sudo apt install the newer stile");
    return bad(kLedgerState,
               fmt::format("The ledger cannot be opened: {}.", opened.error().context),
               std::string{kRestore});
}

Findings check_backup(const BackupFact& fact, const GateStatus* gate, WallTime now) {
    std::optional<seconds> age;
    if (fact.newest) age = std::chrono::floor<seconds>(now - *fact.newest);
    if (!age && gate != nullptr) age = gate->backup_age;
    if (!age && fact.sight == Sight::Hidden) return {hidden(kLedgerBackup, "the backups")};
    if (!age) return {no_backup()};
    Findings found{backup_age(*age)};
    if (!fact.newest) return found;  // nobody knows where
    found.push_back(fact.same_disk
                        ? look(kLedgerBackupPlace,
                               "The backups are on the same disk as the ledger: they do not help "
                               "when it breaks.",
                               "After the event: copy the newest folder of backups to another "
                               "machine")
                        : good(kLedgerBackupPlace, "The backups are on another disk."));
    return found;
}

Findings check_alarms(const GateStatus& gate) {
    Findings found;
    for (const std::string& code : gate.alarms) {
        const AlarmRow* row = row_of(code);
        const std::string says = fmt::format("The gate raises an alarm: {}.",
                                             row == nullptr ? code : std::string{row->sentence});
        const bool critical = row != nullptr && row->severity == AlarmSeverity::Critical;
        const std::string fix = "stilectl status; journalctl -u stiled -n 30";
        found.push_back(
            about(code, critical ? bad(kLedgerAlarms, says, fix) : look(kLedgerAlarms, says, fix)));
    }
    if (found.empty()) found.push_back(good(kLedgerAlarms, "The gate raises no alarm."));
    return found;
}

Findings check_lists(const config::Site& site, const GateStatus* gate, const Freshness& freshness) {
    constexpr std::string_view kFix = "sudo systemctl start stile.target, then the doctor again";
    if (gate == nullptr) {
        Findings unknown{look(kListsRevocations,
                              "How old the lists are is not known while no daemon tells it.",
                              std::string{kFix})};
        if (!site.platform.lists.empty())
            unknown.push_back(look(kListsOrders,
                                   "How old the orders are is not known while no daemon tells it.",
                                   std::string{kFix}));
        return unknown;
    }
    Findings found{revocations(*gate, freshness)};
    for (const OrdersStatus& status : gate->orders)
        found.push_back(orders(status, freshness));
    return found;
}

Finding check_link(const GateStatus& gate) {
    constexpr std::string_view kFix = "sudo stilectl doctor broker";
    const std::string wait = fmt::format("{} for the broker", counted(gate.outbox, "record"));
    const std::string detail = gate.link_detail.empty() ? "" : ": " + gate.link_detail;
    if (gate.link == "connected" && gate.outbox < kLongOutbox)
        return good(kBrokerLink, "The running gate is connected to its broker.");
    if (gate.link == "connected")
        return look(kBrokerLink, fmt::format("The gate is connected, and {} wait{}.", wait, detail),
                    std::string{kFix});
    if (gate.link == "no-sync")
        return look(kBrokerLink,
                    "stile-sync does not run: guests are let in, and the venue does not hear of "
                    "it.",
                    "sudo systemctl start stile-sync");
    return look(kBrokerLink,
                fmt::format("The gate is not connected to its broker ({}{}). Guests are let in; {} "
                            "wait.",
                            gate.link, detail, wait),
                std::string{kFix});
}

}  // namespace stile::doctor
