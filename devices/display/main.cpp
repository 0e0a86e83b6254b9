// SPDX-License-Identifier: Apache-2.0
// stile-display: shows the people at a lane what the gate says, in a browser on this machine.
#include <exception>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "devices/display/display.hpp"

namespace stile {
namespace {

enum class Mode { Run, CheckConfig };

int configuration_error(const Error& error) {
    log::error(error.context);
    return error.code == Errc::Io ? kExitFailed : kExitConfig;  // an address may become free
}

int run(const config::Site& site, const devices::Languages& languages) {
    EventLoop loop;
    loop.handle_signals();
    devices::Display display{loop, site, languages};
    if (const auto started = display.start(); !started) return configuration_error(started.error());
    loop.feed_watchdog();
    notify::ready();
    const int code = loop.run();
    notify::stopping();
    return code;
}

int start(const std::filesystem::path& site_file, Mode mode) {
    const auto site = config::load_site(site_file);
    if (!site) return configuration_error(site.error());
    const auto languages = devices::Languages::load(site->display.languages);
    if (!languages) return configuration_error(languages.error());
    if (const auto good = devices::check_display(*site, *languages); !good)
        return configuration_error(good.error());
    const auto gaps = devices::gaps_in(*languages);
    for (const std::string& gap : gaps)
        log::write(mode == Mode::Run ? log::Level::Warning : log::Level::Error, gap, {});
    if (mode == Mode::CheckConfig) return gaps.empty() ? kExitDone : kExitConfig;
    return run(*site, *languages);
}

int parse_and_start(int argc, char** argv) {
    CLI::App app{
        "stile-display shows the people at a lane what the gate says: "
        "http://127.0.0.1:9470/lane/NAME, for a browser on this machine."};
    std::filesystem::path file = "/etc/stile/stile.toml";
    bool check = false;
    app.add_option("-c,--config", file, "The site file")->capture_default_str();
    app.add_flag("--check-config", check,
                 "Read the site file and the languages, say what is wrong, and end");
    app.set_version_flag("--version", "stile-display " STILE_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }
    return start(file, check ? Mode::CheckConfig : Mode::Run);
}

}  // namespace
}  // namespace stile

int main(int argc, char** argv) {
    stile::log::set_program("stile-display");
    try {
        return stile::parse_and_start(argc, argv);
    } catch (const std::exception& error) {
        stile::log::error(error.what());
        return stile::kExitFailed;
    }
}
