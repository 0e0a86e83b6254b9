// SPDX-License-Identifier: Apache-2.0
// stilectl: looks at a gate and tells it what to do.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/stilectl/cli.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

// A database that is opened in the place of a closed standard stream would be read as input, and
// written over with what is meant for people.
void keep_standard_streams() {
    for (int fd = 0; fd <= 2; ++fd) {
        const bool closed = ::fcntl(fd, F_GETFD) == -1;
        if (closed && ::open("/dev/null", O_RDWR) != fd) std::_Exit(kExitFailed);
    }
}

void add_commands(CLI::App& app, Session& session) {
    app.add_option("-c,--config", session.config, "The site file, for the place of the socket")
        ->capture_default_str();
    app.add_option("--socket", session.socket, "The daemon's control socket");
    app.add_flag("--json", session.json, "Print JSON for machines");
    app.set_version_flag("--version", "stilectl " STILE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    add_setup_command(app, session);
    add_status_command(app, session);
    add_backup_commands(app, session);
    add_tail_command(app, session);
    add_staff_commands(app, session);
    add_test_lane_command(app, session);
    add_revocation_commands(app, session);
    add_catalog_commands(app, session);
    add_reader_commands(app, session);
    add_readers_command(app, session);
    add_doctor_command(app, session);
    add_ticket_commands(app, session);
    add_decide_command(app, session);
    add_explain_command(app, session);
    add_rules_command(app, session);
    add_policy_commands(app, session);
}

}  // namespace

int main(int argc, char** argv) {
    keep_standard_streams();
    log::set_program("stilectl");
    Session session;
    CLI::App app{"stilectl looks at a gate and tells it what to do."};
    add_commands(app, session);
    try {
        app.parse(argc, argv);
        return session.code;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    } catch (const std::exception& error) {
        fmt::print(stderr, "stilectl: {}\n", error.what());
        return kExitFailed;
    }
}
