// SPDX-License-Identifier: Apache-2.0
// stilectl open, override, annul and mode: what staff can have done at the gate.
#include <chrono>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/instant.hpp"

namespace stile {
namespace {

struct StaffWishes {
    std::string target;  // a lane or an admission
    std::string mode;
    std::string until;
    std::string reason;
};

constexpr std::string_view kActHelp =
    "It is written into the ledger with your name and the reason before it is done. Whether you "
    "may do it depends on your Unix groups: see [roles] of the site file.";

int act(const Session& session, const std::string& verb, std::vector<std::string> arguments,
        std::string (*text)(std::string_view)) {
    return with_daemon(session, [&](ControlClient& client) {
        const auto answer = client.command(verb, std::move(arguments));
        if (!answer) return failed(answer.error());
        fmt::print("{}", session.json ? *answer + "\n" : text(*answer));
        return int{kExitDone};
    });
}

int show_modes(const Session& session) {
    return with_daemon(session, [&session](ControlClient& client) {
        const auto status = client.command("status", {});
        if (!status) return failed(status.error());
        fmt::print("{}", session.json ? lanes_json(*status) : lanes_text(*status));
        return int{kExitDone};
    });
}

int set_mode(const Session& session, const StaffWishes& wishes) {
    std::vector<std::string> arguments{wishes.target, wishes.reason};
    if (!wishes.until.empty()) {
        const auto until = parse_daytime(wishes.until, std::chrono::system_clock::now());
        if (!until) return failed(until.error());
        arguments.push_back(std::to_string(until->time_since_epoch().count()));
    }
    return act(session, "mode-" + wishes.mode, std::move(arguments), mode_text);
}

CLI::Option* add_reason(CLI::App* command, std::string& reason) {
    command->footer(std::string{kActHelp});
    return command->add_option("-r,--reason", reason, "Why; it stands in the ledger")
        ->type_name("TEXT");
}

void add_open(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<StaffWishes>();  // lives as long as the parser's callbacks
    auto* open = app.add_subcommand("open", "Let one person pass without a ticket");
    open->add_option("lane", wishes->target, "Which lane")->required();
    add_reason(open, wishes->reason)->required();
    open->callback([&session, wishes] {
        session.code = act(session, "open", {wishes->target, wishes->reason}, opened_text);
    });
}

void add_override(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<StaffWishes>();  // as above
    auto* command = app.add_subcommand("override",
                                       "Admit the guest who was refused at a lane in the last 30 "
                                       "seconds, or else the next one. It takes a genuine "
                                       "ticket");
    command->add_option("lane", wishes->target, "Which lane")->required();
    add_reason(command, wishes->reason)->required();
    command->callback([&session, wishes] {
        session.code = act(session, "override", {wishes->target, wishes->reason}, override_text);
    });
}

void add_annul(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<StaffWishes>();  // as above
    auto* command = app.add_subcommand(
        "annul", "Take an admission of the last 15 minutes back: the ticket is good again");
    command
        ->add_option("admission", wishes->target,
                     "The number of its entry or its passage (stilectl tail), or its nonce")
        ->required();
    add_reason(command, wishes->reason)->required();
    command->callback([&session, wishes] {
        session.code = act(session, "annul", {wishes->target, wishes->reason}, annulled_text);
    });
}

void add_reload(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand(
        "reload",
        "Read the site file, keys, policy and what else it names anew, while the gate runs. Exit "
        "code 1: refused, or 78 when the site file itself is wrong: the gate goes on as before");
    command->callback([&session] { session.code = act(session, "reload", {}, reload_text); });
}

void add_mode(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<StaffWishes>();  // as above
    auto* command = app.add_subcommand("mode", "Show the lanes' modes, or set one");
    auto* lane = command->add_option("lane", wishes->target, "Which lane, or all");
    auto* mode =
        command->add_option("mode", wishes->mode, "What it is for from now on")
            ->check(CLI::IsMember({"normal", "free", "locked", "exit-only", "out-of-order"}));
    auto* reason = add_reason(command, wishes->reason);
    auto* until = command->add_option("--until", wishes->until,
                                      "Then it goes back to the mode before; a time of day, HH:MM");
    lane->needs(mode);
    mode->needs(reason);
    reason->needs(mode);
    until->needs(mode)->type_name("HH:MM")->check([](const std::string& text) {
        const auto time = parse_daytime(text, std::chrono::system_clock::now());
        return time ? std::string{} : time.error().context;
    });
    command->callback([&session, wishes] {
        session.code = wishes->mode.empty() ? show_modes(session) : set_mode(session, *wishes);
    });
}

}  // namespace

void add_staff_commands(CLI::App& app, Session& session) {
    add_open(app, session);
    add_override(app, session);
    add_annul(app, session);
    add_mode(app, session);
    add_reload(app, session);
}

}  // namespace stile
