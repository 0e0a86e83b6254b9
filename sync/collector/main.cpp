// SPDX-License-Identifier: Apache-2.0
// stile-collector: keeps the entries of all gates of a venue, and says what they say.
#include <cstdio>
#include <exception>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "sync/collector/cli.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/program.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

int parse_and_start(int argc, char** argv) {
    CLI::App app{
        "stile-collector keeps the entries of all gates of a venue, and says what they say."};
    sync::CollectorRun run;
    app.add_option("-c,--config", run.config, "The configuration (sync/OPS.md)")
        ->capture_default_str();
    app.set_version_flag("--version", "stile-collector " STILE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_subcommand("run", "Collect, acknowledge and publish until a signal comes")
        ->callback([&] { run.code = sync::run_collector(run.config, sync::wall_clock); });
    app.add_subcommand("check-config", "Read the configuration, say what is wrong, and end")
        ->callback([&] { run.code = sync::check_collector(run.config); });
    sync::add_store_commands(app, run);
    try {
        app.parse(argc, argv);
        return run.code;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }
}

}  // namespace

int main(int argc, char** argv) {
    log::set_program("stile-collector");
    try {
        return parse_and_start(argc, argv);
    } catch (const std::exception& error) {
        log::error(error.what());
        return kExitFailed;
    }
}
