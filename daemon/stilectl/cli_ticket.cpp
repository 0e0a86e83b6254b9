// SPDX-License-Identifier: Apache-2.0
// stilectl ticket: what codes are, without a daemon.
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/inspect.hpp"
#include "daemon/stilectl/instant.hpp"

namespace stile {
namespace {

struct TicketWishes {
    std::string keys;
    std::string at;
};

constexpr std::string_view kInspectHelp =
    R"(Reads one ticket text a line from standard input and writes one JSON object a line:
{"format","valid","reason",...}, with "detail" for people, everything that the ticket
says, and once its signature holds the name of the key, the identity and the assurance.
A line that is no ticket is answered too ("format":"unknown"). Lines stand alone: nothing
is remembered, and no list is asked; re-use, revocation and re-issue are the gate's.

--keys FILE is a JSON object: names to raw public keys in hexadecimal,
  {"main": "9b0b...", "demo": ["ec00...", "60c2..."]}
or to objects that limit a key like the key file of a gate (crypto/FORMAT.md):
  {"main": {"public_key": "9b0b...", "issuer": "fest", "events": [7], "products": [1],
            "formats": ["gt1"], "not_before": "2026-01-01T00:00:00Z", "not_after": 1800000000,
            "status": "revoked", "totp_master": "eba8..."}}
A plain key is good for every event and format; its name is its issuer, and the identity of a
pretix ticket is that of event 0. The name "totp_master" stands for the secret of wallet
codes (GW1) of all keys that have none of their own. A FILE that ends in .toml is read as
the key file of a gate.
)";

int inspect(const TicketWishes& wishes) {
    const auto keys = load_named_keys(wishes.keys);
    if (!keys) return failed(keys.error());
    std::optional<std::chrono::sys_seconds> at;
    if (!wishes.at.empty()) at = parse_instant(wishes.at).value();  // checked when it was typed
    for (std::string line; std::getline(std::cin, line);) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        fmt::print("{}\n", inspect_ticket(line, *keys, at.value_or(now)));
        std::fflush(stdout);  // whoever writes line by line may read line by line
    }
    return kExitDone;
}

}  // namespace

void add_ticket_commands(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<TicketWishes>();  // lives as long as the parser's callbacks
    auto* ticket = app.add_subcommand("ticket", "Look at tickets, without a daemon");
    ticket->require_subcommand(1);
    auto* look = ticket->add_subcommand("inspect", "Say what codes are and why they are (in)valid");
    look->footer(std::string{kInspectHelp});
    look->add_option("--keys", wishes->keys, "Public keys to believe")
        ->required()
        ->type_name("FILE");
    look->add_option("--at", wishes->at,
                     "Judge times by this clock: RFC 3339 or Unix seconds; default: now")
        ->type_name("TIME")
        ->check([](const std::string& text) {
            const auto time = parse_instant(text);
            return time ? std::string{} : time.error().context;
        });
    look->callback([&session, wishes] { session.code = inspect(*wishes); });
}

}  // namespace stile
