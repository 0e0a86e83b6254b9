// SPDX-License-Identifier: Apache-2.0
// stilectl rules: what custom rules say about data, without a daemon.
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/rules/rule_text.hpp"
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

}  // namespace

void add_rules_command(CLI::App& app, Session& session) {
    auto* rules = app.add_subcommand("rules", "Evaluate custom rules over data");
    rules->footer(std::string{kHelp});
    rules->callback([&session] { session.code = answer_lines(rules::answer_rule_line); });
}

}  // namespace stile
