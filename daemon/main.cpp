// SPDX-License-Identifier: Apache-2.0
// stiled: decides at the gate, writes down what happened, and moves the turnstiles.
#include <exception>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/config/site.hpp"
#include "daemon/daemon.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/site_lanes.hpp"
#include "daemon/stores.hpp"

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

int check(const config::Site& site, const Options& options) {
    if (const auto keys = config::load_keys(site.paths.keys); !keys) return exit_code(keys.error());
    if (const auto zone = zone_of(site); !zone) return exit_code(zone.error());
    if (const auto policy = load_venue_policy(site); !policy) return exit_code(policy.error());
    if (const auto cards = load_card_keys(site); !cards) return exit_code(cards.error());
    fmt::print("{}: good: gate {}/{}, {} lanes, {} readers\n", options.config, site.site.venue,
               site.site.gate, site.lanes.size(), site.readers.size());
    return kExitDone;
}

int run(const Options& options) {
    const auto site = config::load_site(options.config);
    if (!site) return exit_code(site.error());
    if (options.check_config) return check(*site, options);
    EventLoop loop;
    loop.handle_signals();
    const auto daemon =
        Daemon::make(*site, loop, std::make_unique<SystemClock>(site->clock.assumed_error));
    if (!daemon) return exit_code(daemon.error());
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
