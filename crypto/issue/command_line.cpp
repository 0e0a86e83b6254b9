// SPDX-License-Identifier: Apache-2.0
// The program's subcommands together, by CLI11.
#include "crypto/issue/command_line.hpp"

#include <algorithm>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace stile::crypto {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr const char* kExamples =
    "Example:\n"
    "  stile-issue keygen --out demo --issuer demo-issuer --event 7 --dense-serials 0-99999\n"
    "  stile-issue ticket --key demo.key --event 7 --until +7d --png ticket.png\n"
    "  stile-issue batch guests.csv --key demo.key --event 7 --until +7d --format pdf --out "
    "tickets\n"
    "  stile-issue reissue --key demo.key --event 7 --serial 0 --pdf ticket.pdf\n"
    "  stile-issue log verify --log demo.issued\n"
    "  stile-issue device enrol enrolment.toml --out devices.toml\n"
    "Exit codes: 0 done, 1 refused or failed (also one row of a batch), 2 wrong use.\n";

std::vector<std::unique_ptr<Subcommand>> make_subcommands(CLI::App& program) {
    std::vector<std::unique_ptr<Subcommand>> all;
    for (auto* make : {make_keygen, make_ticket, make_batch, make_reissue, make_exchange,
                       make_revoke, make_log_verify, make_device_show, make_device_enrol})
        all.push_back(make(program));
    return all;
}

}  // namespace

std::expected<Work, int> parse_command_line(int argc, const char* const* argv,
                                            std::chrono::sys_seconds now) {
    CLI::App program{"stile-issue makes issuer keys and signed tickets: the organiser's tool.",
                     "stile-issue"};
    program.set_version_flag("--version", "stile-issue " STILE_VERSION);
    program.require_subcommand(1);
    program.footer(kExamples);
    const auto subcommands = make_subcommands(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return std::unexpected{program.exit(error) == 0 ? 0 : kUsage};
    }
    const auto& chosen = *std::ranges::find_if(subcommands, &Subcommand::is_chosen,
                                               &std::unique_ptr<Subcommand>::operator*);
    auto work = chosen->prepare(now);
    if (work) return std::move(*work);
    fmt::print(stderr, "stile-issue {}: {}\n", chosen->name(), work.error().context);
    return std::unexpected{work.error().code == Errc::Invalid ? kUsage : kFailed};
}

}  // namespace stile::crypto
