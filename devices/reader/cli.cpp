// SPDX-License-Identifier: Apache-2.0
// CLI11 and the rules between the options.
#include "devices/reader/cli.hpp"

#include <CLI/CLI.hpp>

#include "daemon/runtime/exit_code.hpp"

namespace stile::devices {
namespace {

using Action = Options::Action;

struct Switches {
    bool once = false;
    bool check_config = false;
    bool files = false;
    bool list = false;
};

void declare(CLI::App& app, Options& options, Switches& on) {
    app.set_version_flag("--version", "stile-reader " STILE_VERSION);
    app.add_option("-c,--config", options.config, "The site file");
    app.add_option("--name", options.name, "Which reader of the site file this is");
    app.add_flag("--once", on.once, "End when the file or folder that is played is at its end");
    app.add_flag("--check-config", on.check_config, "Only check the site file");
    app.add_flag("--files", on.files, "Decode the picture files; one JSON line each");
    app.add_option("--sequence", options.folder, "Play a folder of pictures; one JSON line a scan");
    app.add_flag("--list", on.list, "Show cameras and USB devices");
    app.add_option("FILE", options.files, "Picture files for --files");
}

// Sets the one action that is asked for; returns what is wrong, or nothing.
std::string choose(Options& options, const Switches& on) {
    const int actions =
        int{on.check_config} + int{on.files} + int{on.list} + int{!options.folder.empty()};
    if (actions > 1) return "only one of --check-config, --files, --sequence and --list";
    if (on.files) options.action = Action::Files;
    if (on.list) options.action = Action::List;
    if (on.check_config) options.action = Action::CheckConfig;
    if (!options.folder.empty()) options.action = Action::Sequence;
    options.run = on.once ? Options::Run::Once : Options::Run::ForEver;

    const bool needs_site = options.action == Action::Read || on.check_config;
    if (needs_site && options.config.empty()) return "--config FILE is needed";
    if (options.action == Action::Read && options.name.empty()) return "--name NAME is needed";
    if (on.files == options.files.empty())
        return on.files ? "--files needs at least one FILE" : "FILE is for --files only";
    return {};
}

}  // namespace

std::expected<Options, int> parse_command_line(int argc, char** argv) {
    Options options;
    Switches on;
    CLI::App app{"Reads tickets with a camera and passes them to stiled."};
    declare(app, options, on);
    try {
        app.parse(argc, argv);
        if (const std::string wrong = choose(options, on); !wrong.empty())
            throw CLI::ValidationError{wrong};
    } catch (const CLI::ParseError& error) {
        return std::unexpected{app.exit(error) == 0 ? kExitDone : kExitUsage};
    }
    return options;
}

}  // namespace stile::devices
