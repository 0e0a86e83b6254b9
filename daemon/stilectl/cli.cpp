// SPDX-License-Identifier: Apache-2.0
// Exit codes and the way to the daemon.
#include "daemon/stilectl/cli.hpp"

#include <cstdio>
#include <iostream>

#include <fmt/format.h>

#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"

namespace stile {
namespace {

Result<std::string> socket_path(const Session& session) {
    if (!session.socket.empty()) return session.socket;
    const auto site = config::load_site(session.config);
    if (!site)
        return fail(Errc::Config, site.error().context + " (or name the socket with --socket)");
    return site->socket("control.sock").native();
}

int unreachable(const Error& error) {
    fmt::print(stderr, "stilectl: the daemon cannot be reached: {}\n", error.context);
    if (error.code == Errc::NotFound)
        fmt::print(stderr, "Is stiled running? Try: systemctl status stiled\n");
    if (error.code == Errc::Denied)
        fmt::print(stderr, "This user may not enter the folder of the socket; try sudo.\n");
    return kExitUnreachable;
}

}  // namespace

int failed(const Error& error) {
    fmt::print(stderr, "stilectl: {}\n", error.context);
    return exit_code_of(error.code);
}

int answer_lines(const std::function<std::string(std::string_view)>& answer) {
    for (std::string line; std::getline(std::cin, line);) {
        const std::string told = answer(line) + '\n';
        const bool taken = std::fwrite(told.data(), 1, told.size(), stdout) == told.size();
        // Whoever writes line by line may read line by line.
        if (!taken || std::fflush(stdout) != 0)
            return failed(Error{Errc::Io, "the answer cannot be written"});
    }
    return kExitDone;
}

Result<ControlClient> connect(const Session& session) {
    const auto path = socket_path(session);
    if (!path) return std::unexpected{path.error()};
    return ControlClient::connect(*path);
}

int with_daemon(const Session& session, const std::function<int(ControlClient&)>& use) {
    auto client = connect(session);
    if (client) return use(*client);
    const bool answered = client.error().code == Errc::Invalid;
    const bool lost = !answered && client.error().code != Errc::Config;
    return lost ? unreachable(client.error()) : failed(client.error());
}

}  // namespace stile
