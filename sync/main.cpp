// SPDX-License-Identifier: Apache-2.0
// stile-sync: brings the ledger's entries and the gate's state to an MQTT broker.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/uplink/settings.hpp"
#include "sync/uplink/uplink.hpp"

namespace stile {
namespace {

int configuration_error(const Error& error) {
    log::error(error.context);
    return kExitConfig;
}

int run(const sync::Settings& settings) {
    EventLoop loop;
    loop.handle_signals();  // before the client library starts threads: they inherit the mask
    loop.feed_watchdog();
    auto session = sync::make_paho_session(settings.client_id, [&loop] { loop.wake(); });
    if (!session) return configuration_error(session.error());
    sync::Uplink uplink{loop, **session, settings};
    loop.on_wake([&uplink] { uplink.on_session_events(); });
    uplink.start();
    notify::ready();
    const int code = loop.run();
    notify::stopping();
    // The library may be waiting for a dead broker under its own lock: its threads end with us.
    if (uplink.finish() == sync::Uplink::Ending::Hasty) std::_Exit(code);
    return code;
}

enum class Mode { Run, CheckConfig };

int start(const std::filesystem::path& site_file, Mode mode) {
    auto settings = sync::load_settings(site_file);
    if (!settings) return configuration_error(settings.error());
    if (mode == Mode::CheckConfig) return kExitDone;
    auto password = sync::read_password(settings->password_file);
    if (!password) return configuration_error(password.error());
    settings->password = std::move(*password);
    return run(*settings);
}

int parse_and_start(int argc, char** argv) {
    CLI::App app{"Brings the ledger's entries and the gate's state to an MQTT broker."};
    std::filesystem::path file = "/etc/stile/site.toml";
    bool check = false;
    app.add_option("-c,--config", file, "the site file")->capture_default_str();
    app.add_flag("--check-config", check, "read the site file, say what is wrong, end");
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
    stile::log::set_program("stile-sync");
    try {
        return stile::parse_and_start(argc, argv);
    } catch (const std::exception& error) {
        stile::log::error(error.what());
        return stile::kExitFailed;
    }
}
