// SPDX-License-Identifier: Apache-2.0
// stilectl policy: reads a policy document as the gate does, without a daemon.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/policy/policy_text.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

constexpr std::string_view kCheckHelp =
    R"(Says everything that is wrong in the document, one line each: file:line: key: what and
what to do. A good document is shown as the gate understands it. Warnings are what it may
say, and hardly means. Exit code 0: good, with or without warnings; 1: it has mistakes, or
cannot be read. --json: {"file","good","mistakes":[{"line","key","what"}],"warnings":[...],
"policy":{...}}, the policy only when it is good.
)";

int report(const PolicyReading& reading, const std::string& file) {
    for (const auto& mistake : reading.mistakes)
        fmt::print(stderr, "{}\n", config::text_of(mistake, file));
    for (const auto& warning : reading.warnings)
        fmt::print(stderr, "{} (warning)\n", config::text_of(warning, file));
    if (!reading.mistakes.empty()) return kExitFailed;
    const AccessPolicy& policy = reading.policy;
    fmt::print("{}: good: {}, version {}{}\n\n{}", file, policy.name, policy.version,
               policy.zone_name.empty() ? "" : ", times of " + policy.zone_name,
               policy_summary(policy));
    return kExitDone;
}

int check_policy(const Session& session, const std::string& file) {
    const auto text = config::read_text(file);
    if (!text) {
        fmt::print(stderr, "stilectl: {}\n", text.error().context);
        return kExitFailed;
    }
    const PolicyReading reading = read_policy(*text, {});
    if (!session.json) return report(reading, file);
    fmt::print("{}\n", policy_json(reading, file));
    return reading.mistakes.empty() ? kExitDone : kExitFailed;
}

}  // namespace

void add_policy_commands(CLI::App& app, Session& session) {
    auto* policy = app.add_subcommand("policy", "Look at a policy document, without a daemon");
    policy->require_subcommand(1);
    auto* check = policy->add_subcommand("check", "Say what is wrong in it, or what it means");
    check->footer(std::string{kCheckHelp});
    const auto file = std::make_shared<std::string>();  // lives as long as the parser's callbacks
    check->add_option("file", *file, "The document")->required()->type_name("FILE");
    check->callback([&session, file] { session.code = check_policy(session, *file); });
}

}  // namespace stile
