// SPDX-License-Identifier: Apache-2.0
// stilectl explain: why a code opens, or does not.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/decide_state.hpp"
#include "daemon/stilectl/explain.hpp"
#include "daemon/stilectl/gate_view.hpp"
#include "daemon/stilectl/instant.hpp"

namespace stile {
namespace {

struct ExplainWishes {
    std::string secret;
    std::string at;
    std::uint64_t list = 0;
    std::string event;
    std::string source = "barcode";
    std::string direction = "entry";
    std::string state;
    std::string fixtures;
    std::string world;
};

constexpr std::string_view kExplainHelp =
    R"(Shows every step of the decision in its order, with the facts that it looked at. Nothing is
written down: neither a scan nor an entry. With --state the catalog and the ledger of a gate
are read, also while stiled runs; with --fixtures and --world the objects of a file, as for
stilectl decide. Without --event all events with such a list are asked. Signed tickets are
proven with the keys of the platform's events. Exit code 0: it opens; 1: it does not.
)";

std::vector<ListKey> lists_of(const Book& book, const ExplainWishes& wishes) {
    std::vector<ListKey> lists;
    for (const EventBook& event : book.events()) {
        if (!wishes.event.empty() && event.event.slug != wishes.event) continue;
        if (wishes.event.empty() && event.list(wishes.list) == nullptr) continue;
        lists.push_back({event.event.number, wishes.list});
    }
    return lists;
}

template <class State>
int explain_with(State& state, const ExplainWishes& wishes, const Session& session) {
    using Clock = std::chrono::system_clock;
    WallTime at = std::chrono::floor<std::chrono::milliseconds>(Clock::now());
    if (!wishes.at.empty()) at = parse_instant(wishes.at).value();  // checked when it was typed
    const std::vector<ListKey> lists = lists_of(state.book(), wishes);
    if (lists.empty()) return failed({Errc::NotFound, "no event has such a list"});
    const auto scan =
        state.look({.text = wishes.secret,
                    .source = wishes.source,
                    .lists = lists,
                    .direction = wishes.direction == "exit" ? Direction::Exit : Direction::Entry,
                    .time = at});
    if (!scan) return failed(scan.error());
    const Explanation explanation = explain(**scan, {}, {at, at});
    fmt::print("{}{}", session.json ? json_of(explanation) : text_of(explanation),
               session.json ? "\n" : "");
    return explanation.decision.verdict == Verdict::Admit ? kExitDone : kExitFailed;
}

int explain_scan(const ExplainWishes& wishes, const Session& session) {
    if (!wishes.state.empty()) {
        const auto view = GateView::open(wishes.state);
        return view ? explain_with(**view, wishes, session) : failed(view.error());
    }
    if (wishes.fixtures.empty()) {
        fmt::print(stderr, "stilectl: name --state, or --fixtures and --world\n");
        return kExitUsage;
    }
    const auto world = read_world(wishes.fixtures, wishes.world);
    if (!world) return failed(world.error());
    const auto state = DecideState::open(*world);
    return state ? explain_with(**state, wishes, session) : failed(state.error());
}

std::string check_instant(const std::string& text) {
    const auto time = parse_instant(text);
    return time ? std::string{} : time.error().context;
}

}  // namespace

void add_explain_command(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<ExplainWishes>();  // lives as long as the parser's callbacks
    auto* command = app.add_subcommand("explain", "Say why a code opens, or does not");
    command->footer(std::string{kExplainHelp});
    command->add_option("SECRET", wishes->secret, "What a reader would read")->required();
    command->add_option("--at", wishes->at, "When: RFC 3339 or Unix seconds; default: now")
        ->type_name("TIME")
        ->check(check_instant);
    command->add_option("--list", wishes->list, "At which list")->required()->type_name("NUMBER");
    command->add_option("--event", wishes->event, "Of which event")->type_name("SLUG");
    command->add_option("--source", wishes->source, "barcode, nfc_uid or nfc_mf0aes")
        ->capture_default_str();
    command->add_option("--direction", wishes->direction, "entry or exit")
        ->check(CLI::IsMember({"entry", "exit"}))
        ->capture_default_str();
    auto* state = command->add_option("--state", wishes->state, "The state folder of a gate");
    auto* fixtures = command->add_option("--fixtures", wishes->fixtures, "A platform's objects");
    auto* world = command->add_option("--world", wishes->world, "Which of its worlds");
    fixtures->needs(world)->excludes(state);
    world->needs(fixtures);
    command->callback([&session, wishes] { session.code = explain_scan(*wishes, session); });
}

}  // namespace stile
