// SPDX-License-Identifier: Apache-2.0
// stilectl revocation: the list of tickets that are not valid any more.
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

struct RevocationWishes {
    std::string file;
    std::vector<std::string> ticket;
    bool secret = false;
};

int import(const Session& session, const std::string& name) {
    const UniqueFd file{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat about{};
    if (!file || ::fstat(file.get(), &about) != 0)
        return failed({Errc::Io, name + ": " + std::system_category().message(errno)});
    if (!S_ISREG(about.st_mode)) return failed({Errc::Invalid, name + ": not a regular file"});
    return with_daemon(session, [&](ControlClient& client) {
        const bool watched = ::isatty(STDERR_FILENO) == 1;
        const auto progress = [watched](std::uint64_t done, std::uint64_t total) {
            if (watched && total > 0) fmt::print(stderr, "\rimporting {} %", 100 * done / total);
        };
        const auto result = client.import(protocol::Content::RevocationText, file.get(),
                                          static_cast<std::uint64_t>(about.st_size), progress);
        if (watched) fmt::print(stderr, "\r\033[K");
        if (!result) return failed(result.error());
        fmt::print("{}", session.json ? *result + "\n" : revocation_stat_text(*result));
        return int{kExitDone};
    });
}

int check(const Session& session, const RevocationWishes& wishes) {
    std::string line = wishes.secret ? "secret" : "";
    for (const std::string& word : wishes.ticket)
        line += (line.empty() ? "" : " ") + word;
    return with_daemon(session, [&](ControlClient& client) {
        const auto answer = client.command("revocation-check", {line});
        if (!answer) return failed(answer.error());
        fmt::print("{}", session.json ? *answer + "\n" : revocation_check_text(*answer));
        return says_revoked(*answer) ? int{kExitFailed} : int{kExitDone};
    });
}

int stat(const Session& session) {
    return with_daemon(session, [&](ControlClient& client) {
        const auto answer = client.command("revocation-stat", {});
        if (!answer) return failed(answer.error());
        fmt::print("{}", session.json ? *answer + "\n" : revocation_stat_text(*answer));
        return int{kExitDone};
    });
}

}  // namespace

void add_revocation_commands(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<RevocationWishes>();  // lives as long as the parser's callbacks
    auto* revocation =
        app.add_subcommand("revocation", "The list of tickets that are not valid any more");
    revocation->require_subcommand(1);

    auto* load = revocation->add_subcommand(
        "import", "Replace the list; the old one stays in use until the new one is complete");
    load->add_option("file", wishes->file,
                     "Lines of: issuer event serial [<n], or: secret event TEXT; or the same with "
                     "commas (CSV)")
        ->required();
    load->callback([&session, wishes] { session.code = import(session, wishes->file); });

    auto* look =
        revocation->add_subcommand("check", "Is this ticket on the list? Exit code 1: it is");
    look->add_option("ticket", wishes->ticket, "ISSUER EVENT SERIAL, or with --secret: EVENT TEXT")
        ->required()
        ->expected(2, 3);
    look->add_flag("--secret", wishes->secret, "The ticket is a code without a serial");
    look->callback([&session, wishes] { session.code = check(session, *wishes); });

    revocation->add_subcommand("stat", "What the list holds")->callback([&session] {
        session.code = stat(session);
    });
}

}  // namespace stile
