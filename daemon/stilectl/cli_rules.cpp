// SPDX-License-Identifier: Apache-2.0
// stilectl rules: what custom rules say about data, without a daemon.
#include <cstdio>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/rules/rule_text.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

constexpr std::string_view kHelp =
    R"(Reads one JSON list a line from standard input, [rule, data] or [rule], and writes one JSON
object a line: {"value": ...}, or {"error": "..."} for what has no value. A line that is no
such list is answered with an error too, and the next one is read. A line has at most a
megabyte, a rule at most 128 levels.

The rules are JSON logic, and the code is that of the gate. Its operators inList, objectList,
lookup, buildTime custom, isBefore and isAfter work here as well; the two last take times of
the data as RFC 3339 text. What only a gate knows is an error: entries_since and its
relatives, and buildTime with customtime or a date of the event. Variables are looked up in
the data, under whatever name.
)";

int answer_lines() {
    for (std::string line; std::getline(std::cin, line);) {
        fmt::print("{}\n", rules::answer_rule_line(line));
        std::fflush(stdout);  // whoever writes line by line may read line by line
    }
    return kExitDone;
}

}  // namespace

void add_rules_command(CLI::App& app, Session& session) {
    auto* rules = app.add_subcommand("rules", "Evaluate custom rules over data");
    rules->footer(std::string{kHelp});
    rules->callback([&session] { session.code = answer_lines(); });
}

}  // namespace stile
