// SPDX-License-Identifier: Apache-2.0
// stilectl status: once, or again and again.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/status_text.hpp"

namespace stile {
namespace {

struct StatusWishes {
    bool watch = false;
    unsigned every_seconds = 2;
};

bool on_screen(const Session& session) {
    return ::isatty(STDOUT_FILENO) == 1 && !session.json;
}

// One page, or one line of JSON.
Result<std::string> page(const Session& session, ControlClient& client) {
    auto answer = client.command("status", {});
    if (!answer) return answer;
    if (session.json) return *answer + "\n";
    return status_text(*answer, on_screen(session) ? Colour::On : Colour::Off);
}

int show(const Session& session) {
    return with_daemon(session, [&session](ControlClient& client) {
        const auto text = page(session, client);
        if (!text) return failed(text.error());
        fmt::print("{}", *text);
        return int{kExitDone};
    });
}

// Until somebody ends it. A daemon that is away for a while is waited for.
[[noreturn]] void watch(const Session& session, unsigned every_seconds) {
    for (;; ::poll(nullptr, 0, static_cast<int>(every_seconds * 1000))) {
        auto client = connect(session);
        const auto text = client ? page(session, *client) : std::unexpected{client.error()};
        if (on_screen(session)) fmt::print("\033[H\033[2J");  // home, clear
        if (text) {
            fmt::print("{}{}", *text, on_screen(session) || session.json ? "" : "\n");
        } else {
            fmt::print(stderr, "stilectl: {}; trying again\n", text.error().context);
        }
        std::fflush(stdout);
    }
}

}  // namespace

void add_status_command(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<StatusWishes>();  // lives as long as the parser's callbacks
    auto* status = app.add_subcommand("status", "How the gate is");
    status->add_flag("-w,--watch", wishes->watch, "Show it again and again, until Ctrl-C");
    status->add_option("--every", wishes->every_seconds, "Seconds between, with --watch")
        ->check(CLI::Range(1U, 3600U))
        ->capture_default_str();
    status->callback([&session, wishes] {
        if (wishes->watch) watch(session, wishes->every_seconds);
        session.code = show(session);
    });
}

}  // namespace stile
