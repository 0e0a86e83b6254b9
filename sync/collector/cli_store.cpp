// SPDX-License-Identifier: Apache-2.0
// The command line of the commands on a store.
#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "sync/collector/cli.hpp"
#include "sync/collector/report_command.hpp"
#include "sync/collector/store_commands.hpp"

namespace stile::sync {
namespace {

// What was typed behind a command.
struct Wishes {
    std::string ticket;
    std::string file;
    std::string key;
    bool json = false;

    [[nodiscard]] Print print() const { return json ? Print::Json : Print::Text; }
};
using Shared = std::shared_ptr<Wishes>;

int failed(const Error& error) {
    fmt::print(stderr, "stile-collector: {}\n", error.context);
    return exit_code_of(error.code);
}

int code_of(const Command& done) {
    return done ? *done : failed(done.error());
}

// A missing or wrong file of the configuration is an error of the configuration.
int with_config(const CollectorRun& run,
                const std::function<Command(const CollectorConfig&)>& use) {
    const auto config = load_collector(run.config);
    if (config) return code_of(use(*config));
    (void)failed(config.error());
    return kExitConfig;
}

void add_keygen(CLI::App& app, CollectorRun& run) {
    auto* command = app.add_subcommand("keygen", "Make the key that signs receipts");
    command->callback([&run] { run.code = with_config(run, run_keygen); });
}

void add_ticket(CLI::App& app, CollectorRun& run) {
    auto* command = app.add_subcommand("ticket", "Say whether a ticket was used, and where");
    const auto wishes = std::make_shared<Wishes>();
    command
        ->add_option("ticket", wishes->ticket,
                     "Its id, the first 8 digits of it or more, or its code")
        ->type_name("ID|CODE")
        ->required();
    command->add_flag("--json", wishes->json, "Print JSON");
    command->callback([&run, wishes] {
        run.code = with_config(run, [&](const CollectorConfig& config) {
            return run_ticket(config, wishes->ticket, wishes->print());
        });
    });
}

int verify(const CollectorRun& run, const Wishes& wishes) {
    if (!wishes.key.empty()) return code_of(run_verify(wishes.key, wishes.file, wishes.print()));
    return with_config(run, [&](const CollectorConfig& config) {
        return run_verify(config.store.receipt_key + ".pub", wishes.file, wishes.print());
    });
}

void add_receipt(CLI::App& app, CollectorRun& run) {
    auto* command = app.add_subcommand("receipt", "Sign what is known of a ticket, or check that");
    const auto wishes = std::make_shared<Wishes>();
    command->add_option("ticket", wishes->ticket, "As for the command ticket")
        ->type_name("ID|CODE");
    auto* check = command->add_subcommand("verify", "Check a receipt, and say what it says");
    check->add_option("file", wishes->file, "The receipt")->type_name("FILE")->required();
    check
        ->add_option("--key", wishes->key,
                     "Public key of the collector; default: receipt_key of the configuration, .pub")
        ->type_name("FILE");
    check->add_flag("--json", wishes->json, "Print JSON");
    check->callback([&run, wishes] { run.code = verify(run, *wishes); });
    command->callback([&run, wishes, check] {
        if (check->parsed()) return;
        if (wishes->ticket.empty()) throw CLI::RequiredError{"ticket"};
        run.code = with_config(run, [&](const CollectorConfig& config) {
            return run_receipt(config, wishes->ticket);
        });
    });
}

void add_list(CLI::App& import, CollectorRun& run, ListOf list, const char* name,
              const char* what) {
    auto* command = import.add_subcommand(name, what);
    const auto wishes = std::make_shared<Wishes>();
    command->add_option("file", wishes->file, "The list")->type_name("FILE")->required();
    command->callback([&run, wishes, list] {
        run.code = with_config(run, [&](const CollectorConfig& config) {
            return run_import(config, list, wishes->file);
        });
    });
}

void add_import(CLI::App& app, CollectorRun& run) {
    auto* import = app.add_subcommand("import", "Bring a list of tickets into the store");
    import->require_subcommand(1);
    add_list(*import, run, ListOf::Sold, "sold",
             "Tickets that were sold: a CSV file with headings, or an issue log of stile-issue");
    add_list(*import, run, ListOf::Revoked, "revoked",
             "Tickets that are not valid any more: a list as stilectl imports it, in place of the "
             "one before");
}

void add_check(CLI::App& app, CollectorRun& run) {
    auto* command =
        app.add_subcommand("check", "Look for missing entries and tickets that entered twice");
    const auto wishes = std::make_shared<Wishes>();
    command->add_flag("--json", wishes->json, "Print JSON");
    command->callback([&run, wishes] {
        run.code = with_config(
            run, [&](const CollectorConfig& config) { return run_check(config, wishes->print()); });
    });
}

void add_report(CLI::App& app, CollectorRun& run) {
    auto* command = app.add_subcommand("report", "Count an evening, from the stored entries");
    const auto wishes = std::make_shared<ReportWishes>();
    command->add_option("--event", wishes->event, "Only what belongs to this event");
    command
        ->add_option("--from", wishes->from,
                     "2026-05-01T18:00:00Z, or 2026-05-01 18:00 on the venue's clock")
        ->type_name("TIME");
    command->add_option("--to", wishes->to, "The end, which is not included")->type_name("TIME");
    command->add_option("--format", wishes->format, "text, csv, json or html")
        ->check(CLI::IsMember({"text", "csv", "json", "html"}))
        ->capture_default_str();
    command->add_option("-o,--output", wishes->output, "Write this file instead of printing")
        ->type_name("FILE");
    command->callback([&run, wishes] {
        run.code = with_config(
            run, [&](const CollectorConfig& config) { return run_report(config, *wishes); });
    });
}

}  // namespace

void add_store_commands(CLI::App& app, CollectorRun& run) {
    add_keygen(app, run);
    add_ticket(app, run);
    add_receipt(app, run);
    add_import(app, run);
    add_check(app, run);
    add_report(app, run);
}

}  // namespace stile::sync
