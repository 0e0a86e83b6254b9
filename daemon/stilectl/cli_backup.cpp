// SPDX-License-Identifier: Apache-2.0
// stilectl backup, restore, export and log verify: the ledger as files.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/zone/zone.hpp"
#include "daemon/config/site.hpp"
#include "daemon/core/zone.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/export.hpp"
#include "daemon/ledger/state_lock.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/other_rights.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

struct StateWishes {
    std::string folder;
    std::string state;
    std::string day;
    std::string zone = "UTC";
    std::size_t keep = kBackupsKept;
    bool csv = false;
    bool json_lines = false;
    bool all = false;
};

struct Place {
    fs::path state;
    std::string gate;  // its name, where the site file tells
};

// The state folder of --state, or else of the site file.
Result<Place> place_of(const Session& session, const StateWishes& wishes) {
    const auto site = config::load_site(session.config);
    if (!wishes.state.empty()) return Place{wishes.state, site ? site->site.gate : ""};
    if (!site) return fail(Errc::Config, site.error().context + " (or name --state DIR)");
    return Place{site->paths.state, site->site.gate};
}

WallTime wall_now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

int say_made(const Session& session, const BackupMade& made) {
    if (session.json) {
        fmt::print("{}", backup_json(made));
    } else {
        fmt::print("{}: good, up to entry {} of epoch {:016x}, {} bytes\n", made.folder.native(),
                   made.manifest.end.seq, made.manifest.end.epoch, made.manifest.bytes);
    }
    return kExitDone;
}

// The first of it that there is.
fs::path existing_part_of(const fs::path& folder) {
    fs::path at = fs::absolute(folder);
    std::error_code ignored;
    while (!fs::exists(at, ignored) && at.has_relative_path())
        at = at.parent_path();
    return at;
}

// While no daemon runs, and for whom the place belongs to: the daemon removes what is old in its
// own folder.
int back_up_offline(const Session& session, const StateWishes& wishes) {
    const auto place = place_of(session, wishes);
    if (!place) return failed(place.error());
    std::error_code hidden;
    if (!fs::exists(place->state / "ledger", hidden) && !hidden)
        return failed({Errc::NotFound, place->state.native() + ": there is no ledger"});
    const auto lock = lock_state(place->state);
    if (!lock) return failed(lock.error());
    const auto ledger = Ledger::open_read_only(place->state / "ledger");
    if (!ledger) return failed(ledger.error());
    const fs::path into =
        wishes.folder.empty() ? place->state / "backups" : fs::path{wishes.folder};
    const OtherRights rights{owner_of(existing_part_of(into))};
    if (!rights.good()) return failed({Errc::Denied, into.native() + ": not as its owner"});
    const auto made = back_up(ledger->environment(), {.into = into,
                                                      .keep = wishes.keep,
                                                      .now = wall_now(),
                                                      .gate = place->gate,
                                                      .software = "stile " STILE_VERSION});
    return made ? say_made(session, *made) : failed(made.error());
}

// Whether the folder that the daemon has named is there for this program too.
Result<BackupMade> seen_here(BackupMade made) {
    std::error_code hidden;
    if (fs::exists(made.folder, hidden) || hidden) return made;
    return fail(Errc::NotFound, fmt::format("{}: only stiled sees that folder, and it goes with "
                                            "stiled: {}",
                                            made.folder.native(), kBackupPlace));
}

// The daemon writes with its own rights, so it gets a whole path.
int backup(const Session& session, const StateWishes& wishes) {
    auto client = wishes.state.empty() ? connect(session) : fail(Errc::NotFound, "");
    if (!client && client.error().code == Errc::NotFound) return back_up_offline(session, wishes);
    if (!client) return failed(client.error());
    std::vector<std::string> arguments;
    if (!wishes.folder.empty()) arguments.push_back(fs::absolute(wishes.folder).native());
    const auto answer = client->command("backup", std::move(arguments));
    if (!answer) return failed(answer.error());
    auto made = parse_backup(*answer);
    if (made) made = seen_here(std::move(*made));
    return made ? say_made(session, *made) : failed(made.error());
}

int restore(const Session& session, const StateWishes& wishes) {
    const auto place = place_of(session, wishes);
    if (!place) return failed(place.error());
    const auto restored = restore_backup(wishes.folder, place->state, wall_now());
    if (!restored) return failed(restored.error());
    if (session.json) {
        fmt::print("{}", manifest_json(restored->manifest));
        return kExitDone;
    }
    fmt::print("The ledger is that of {} again, up to entry {}. stiled begins a new epoch.\n",
               to_rfc3339(restored->manifest.time), restored->manifest.end.seq);
    if (!restored->aside.empty())
        fmt::print("The one that was there is now {}\n", restored->aside.native());
    return kExitDone;
}

// From midnight to midnight on the walls of the venue.
Result<std::pair<WallTime, WallTime>> day_of(const StateWishes& wishes) {
    const auto date = parse_date(wishes.day);
    if (!date) return fail(Errc::Invalid, wishes.day + ": a day is written like 2026-05-01");
    auto table = crypto::zone_table(wishes.zone);
    if (!table) return std::unexpected{std::move(table.error())};
    const Zone zone{std::move(*table)};
    const std::chrono::local_days day{*date};
    return std::pair{zone.start_of_day(day), zone.start_of_day(day + std::chrono::days{1})};
}

int export_day(const Session& session, const StateWishes& wishes) {
    const auto day = day_of(wishes);
    if (!day) return failed(day.error());
    const auto place = place_of(session, wishes);
    if (!place) return failed(place.error());
    const auto ledger = Ledger::open_read_only(place->state / "ledger");
    if (!ledger) return failed(ledger.error());
    const ExportWish wish{.gate = place->gate,
                          .from = day->first,
                          .until = day->second,
                          .form = wishes.csv ? ExportForm::Csv : ExportForm::JsonLines};
    const auto count = export_entries(*ledger, wish, [](std::string_view line) {
        std::fwrite(line.data(), 1, line.size(), stdout);
    });
    if (!count) return failed(count.error());
    if (std::fflush(stdout) != 0) return failed({Errc::Io, "the output cannot be written"});
    return kExitDone;
}

struct Verified {
    Watermark end;
    std::string head;  // the chain value there, hexadecimal
};

// A ledger or a backup, read as a whole.
Result<Verified> verified(const fs::path& folder) {
    std::error_code hidden;  // the ledger's own error says so
    if (fs::exists(folder / "manifest.json", hidden)) {
        const auto manifest = check_backup(folder);
        if (!manifest) return std::unexpected{manifest.error()};
        return Verified{manifest->end, manifest->head};
    }
    const auto ledger = Ledger::open_read_only(folder);
    if (!ledger) return std::unexpected{ledger.error()};
    if (const auto good = ledger->verify(); !good) return std::unexpected{good.error()};
    const LedgerHead& head = ledger->head();
    return Verified{{head.epoch, head.seq}, to_hex(head.chain)};
}

void say_good(const Session& session, const fs::path& folder, const Verified& found) {
    const auto& [epoch, seq] = found.end;
    if (session.json) {
        fmt::print("{{\"good\":true,\"epoch\":\"{:016x}\",\"seq\":{},\"head\":\"{}\"}}\n", epoch,
                   seq, found.head);
    } else {
        fmt::print("{}: good: every chain and every row, up to entry {} of epoch {:016x}\n",
                   folder.native(), seq, epoch);
    }
    (void)std::fflush(stdout);  // the next one may take minutes
}

// Both are looked at, whatever the first one is like. For the timer: damage has its message id.
int scrub(const Session& session, const StateWishes& wishes) {
    const auto place = place_of(session, wishes);
    if (!place) return failed(place.error());
    std::vector<fs::path> folders = backups_in(place->state / "backups");
    folders.resize(std::min<std::size_t>(folders.size(), 1));
    folders.push_back(place->state / "ledger");
    int code = kExitDone;
    for (const fs::path& folder : folders) {
        if (const auto found = verified(folder); found) {
            say_good(session, folder, *found);
        } else {
            log::error(found.error().context, {log::message_id(log::kScrubFailed)});
            code = exit_code_of(found.error().code);
        }
    }
    return code;
}

int verify(const Session& session, const StateWishes& wishes) {
    if (wishes.all) return scrub(session, wishes);
    fs::path folder = wishes.folder;
    if (folder.empty()) {
        const auto place = place_of(session, wishes);
        if (!place) return failed(place.error());
        folder = place->state / "ledger";
    }
    const auto found = verified(folder);
    if (!found) return failed(found.error());
    say_good(session, folder, *found);
    return kExitDone;
}

void add_state(CLI::App& command, StateWishes& wishes) {
    command.add_option("--state", wishes.state, "The state folder; default: as the site file says");
}

void add_export(CLI::App& app, Session& session, const std::shared_ptr<StateWishes>& wishes) {
    auto* entries = app.add_subcommand("export", "Print the entries of one day");
    entries->add_option("--day", wishes->day, "The day, like 2026-05-01")->required();
    entries->add_option("--zone", wishes->zone, "Whose midnight: a name like Europe/Berlin")
        ->capture_default_str();
    auto* csv = entries->add_flag("--csv", wishes->csv, "For spreadsheets");
    entries->add_flag("--jsonl", wishes->json_lines, "One JSON object a line; the default")
        ->excludes(csv);
    add_state(*entries, *wishes);
    entries->callback([&session, wishes] { session.code = export_day(session, *wishes); });
}

}  // namespace

void add_backup_commands(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<StateWishes>();  // lives as long as the parser's callbacks
    auto* save = app.add_subcommand("backup", "Copy the ledger, also while the gate runs");
    save->add_option("folder", wishes->folder,
                     "Where backups are kept; default: STATE/backups. While stiled runs only below "
                     "STATE");
    save->add_option("--keep", wishes->keep, "How many, when no daemon runs")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    add_state(*save, *wishes);
    save->callback([&session, wishes] { session.code = backup(session, *wishes); });

    auto* back = app.add_subcommand(
        "restore", "Put a backup in the place of the ledger, while the daemon is stopped");
    back->add_option("backup", wishes->folder, "One backup: a folder ledger-TIME-EPOCH-SEQ")
        ->required();
    add_state(*back, *wishes);
    back->callback([&session, wishes] { session.code = restore(session, *wishes); });

    add_export(app, session, wishes);

    auto* log = app.add_subcommand("log", "The ledger's log");
    log->require_subcommand(1);
    auto* check = log->add_subcommand(
        "verify", "Check every chain and every row. Exit code 1: it is damaged");
    auto* one = check->add_option("folder", wishes->folder,
                                  "A ledger or a backup; default: the gate's ledger");
    check->add_flag("--all", wishes->all, "The gate's newest backup, and its ledger")
        ->excludes(one);
    add_state(*check, *wishes);
    check->callback([&session, wishes] { session.code = verify(session, *wishes); });
}

}  // namespace stile
