// SPDX-License-Identifier: Apache-2.0
// What the commands of stilectl share: options of all, and how they say that something failed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/stilectl/client.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace stile {

// One run of the program.
struct Session {
    std::string config = "/etc/stile/stile.toml";
    std::string socket;  // empty: as the site file says
    bool json = false;
    int code = 0;  // the exit code
};

// Each adds its commands; their callbacks set the code. `session` outlives the parser.
void add_status_command(CLI::App& app, Session& session);
void add_backup_commands(CLI::App& app, Session& session);
void add_tail_command(CLI::App& app, Session& session);
void add_staff_commands(CLI::App& app, Session& session);
void add_test_lane_command(CLI::App& app, Session& session);
void add_revocation_commands(CLI::App& app, Session& session);
void add_catalog_commands(CLI::App& app, Session& session);
void add_reader_commands(CLI::App& app, Session& session);
void add_readers_command(CLI::App& app, Session& session);
void add_doctor_command(CLI::App& app, Session& session);
void add_ticket_commands(CLI::App& app, Session& session);
void add_decide_command(CLI::App& app, Session& session);
void add_explain_command(CLI::App& app, Session& session);
void add_rules_command(CLI::App& app, Session& session);
void add_policy_commands(CLI::App& app, Session& session);
void add_setup_command(CLI::App& app, Session& session);

// Prints the error; its exit code.
[[nodiscard]] int failed(const Error& error);
// Becomes the reader program: pictures and devices are looked at by its code alone, and what a
// camera says by its user. Returns when that fails, with the exit code.
enum class Rights : std::uint8_t { Own, Reader };
[[nodiscard]] int become_reader(std::vector<std::string> words, Rights rights = Rights::Own);
// Answers each line of standard input with one line, at once. The exit code.
[[nodiscard]] int answer_lines(const std::function<std::string(std::string_view)>& answer);
// Connects to the daemon, or says why that does not work and what to do. The exit code.
[[nodiscard]] int with_daemon(const Session& session,
                              const std::function<int(ControlClient&)>& use);
// Errors: Config (no site file), and those of ControlClient::connect().
[[nodiscard]] Result<ControlClient> connect(const Session& session);

}  // namespace stile
