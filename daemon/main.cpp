// SPDX-License-Identifier: Apache-2.0
// stiled: decides at the gate, writes down what happened, and moves the turnstiles.
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/daemon.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/site_rules.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

struct Options {
    std::string config = "/etc/stile/stile.toml";
    bool check_config = false;
};

// A wrong configuration, or a database that must not be touched, is not cured by a restart.
int exit_code(const Error& error) {
    log::error(error.context);
    const bool lasting = error.code == Errc::Config || error.code == Errc::Corrupt ||
                         error.code == Errc::NotFound || error.code == Errc::Denied ||
                         error.code == Errc::Unsupported;
    return lasting ? kExitConfig : kExitFailed;
}

int check(const Options& options) {
    auto site = config::load_site(options.config);
    if (!site) return exit_code(site.error());
    fmt::print("{}", leave_out_credentials(
                         {&site->paths.secret, &site->cards.ev2_keys, &site->cards.mf0aes_keys}));
    const auto rules = read_rules(options.config, std::move(*site));
    if (!rules) return exit_code(rules.error());
    const config::Site& good = rules->site;
    fmt::print("{}: good: gate {}/{}, {} lanes, {} readers\n", options.config, good.site.venue,
               good.site.gate, good.lanes.size(), good.readers.size());
    return kExitDone;
}

int run(const Options& options) {
    if (options.check_config) return check(options);
    auto rules = read_rules(options.config);
    if (!rules) return exit_code(rules.error());
    EventLoop loop;
    Daemon* running = nullptr;
    loop.handle_signals([&running] {
        if (running != nullptr) running->reload();
    });
    auto clock = std::make_unique<SystemClock>(rules->site.clock.assumed_error);
    const auto daemon = Daemon::make(std::move(*rules), loop, std::move(clock));
    if (!daemon) return exit_code(daemon.error());
    running = daemon->get();
    loop.feed_watchdog();
    notify::ready();
    const int code = loop.run();
    notify::stopping();
    (*daemon)->stop();
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    log::set_program("stiled");
    Options options;
    CLI::App app{
        "stiled decides at the gate, writes down what happened, and moves the turnstiles."};
    app.add_option("-c,--config", options.config, "The site file")->capture_default_str();
    app.add_flag("--check-config", options.check_config,
                 "Read the site file and the keys, say what is wrong, and end");
    app.set_version_flag("--version", "stiled " STILE_VERSION);
    try {
        app.parse(argc, argv);
        return run(options);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    } catch (const std::exception& error) {
        log::error(error.what());
        return kExitFailed;
    }
}
