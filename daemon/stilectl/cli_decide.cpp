// SPDX-License-Identifier: Apache-2.0
// stilectl decide: plays scans against the real decision, without a daemon.
#include <memory>

#include <CLI/CLI.hpp>

#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/decide_session.hpp"

namespace stile {
namespace {

struct DecideWishes {
    std::string fixtures;
    std::string world;
};

constexpr std::string_view kDecideHelp =
    R"(Loads a world of a ticketing platform into a catalog and a ledger of its own, which are gone
afterwards, and reads steps from standard input, one JSON object a line. Each is answered with
one JSON object on one line.

FILE holds {"worlds": {NAME: {"events": {SLUG: FILE}, "items": {SLUG: [FILE]}, "lists": ...,
"subevents", "questions", "orders": ..., "media": [FILE]}}, "files": {FILE: {...}}}, the files
in the platform's own field names.

  {"op": "check", "lists": {"demo": 1}, "secret": "...", "source_type": "barcode",
   "type": "entry" | "exit", "ignore_unpaid": false, "allow_questions": true,
   "answers": null | "@answers" | {"1": "True"}}        one scan; {"type": "VALID", ...}
  {"op": "now", "at": "2026-01-31T18:00:00Z"}           sets the clock; the host's until then
  {"op": "sleep_ms", "ms": 1000}                        advances it; so does a check, by 1 ms
  {"op": "set_rule", "list": 2, "rules": {...}}         of the first event
  {"op": "load_question", "fixture": "FILE"}            of the first event
  {"op": "set_gate", "gate": 2}
  {"op": "set_answer", "question": 1 | "@first_required", "value": "True"}
  {"op": "revoke" | "block", "event": "demo", "secret": "..."}
  {"op": "truncate_checkins"}                           forgets check-ins, not what is queued
  {"op": "annul", "nonce": "@nonce_of_first_check", "explanation": "..."}
  {"op": "expect_queue"}, {"op": "expect_queued_calls"}, {"op": "expect_checkins", "secret": "..."}
                                                        {"count": N}
  {"op": "expect_queue_first" | "expect_queue_last", "field": "secret"}   {"value": "..."}

All others are answered with {"ok": true} or {"error": "..."}. What a step expects is not read.
)";

int decide(const DecideWishes& wishes) {
    auto world = read_world(wishes.fixtures, wishes.world);
    if (!world) return failed(world.error());
    auto session = DecideSession::open(std::move(*world));
    if (!session) return failed(session.error());
    return answer_lines([&](std::string_view line) { return session->answer(line); });
}

}  // namespace

void add_decide_command(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<DecideWishes>();  // lives as long as the parser's callbacks
    auto* command =
        app.add_subcommand("decide", "Play scans against the decision, without a daemon");
    command->footer(std::string{kDecideHelp});
    command->add_option("--fixtures", wishes->fixtures, "The platform's objects")
        ->required()
        ->type_name("FILE");
    command->add_option("--world", wishes->world, "Which of its worlds")
        ->required()
        ->type_name("NAME");
    command->callback([&session, wishes] { session.code = decide(*wishes); });
}

}  // namespace stile
