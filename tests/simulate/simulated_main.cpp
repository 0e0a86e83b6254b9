// SPDX-License-Identifier: Apache-2.0
// The programs of a venue at another time: what stiled, stile-sync and stile-collector run, wired
// as their main.cpp do it, with the clock of a simulated evening. Usage: stile-simulated
// gate|sync|collector CLOCK CONFIG
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string_view>

#include <sys/prctl.h>
#include <unistd.h>

#include "daemon/daemon.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "sync/collector/program.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/uplink/settings.hpp"
#include "sync/uplink/uplink.hpp"
#include "tests/simulate/evening_clock.hpp"

namespace stile::simulate {
namespace {

int failed(const Error& error) {
    log::error(error.context);
    return kExitFailed;
}

// SIGHUP is the venue's fire panel.
int gate(const EveningClock& clock, const std::filesystem::path& config) {
    auto rules = read_rules(config);
    if (!rules) return failed(rules.error());
    EventLoop loop;
    Daemon* panel = nullptr;
    loop.handle_signals([&panel] {
        if (panel != nullptr) panel->panel_signal(devices::Signal::FireOn);
    });
    const auto daemon =
        Daemon::make(std::move(*rules), loop, std::make_unique<SimulatedClock>(clock));
    if (!daemon) return failed(daemon.error());
    panel = daemon->get();
    const int code = loop.run();
    (*daemon)->stop();
    return code;
}

int sync(const EveningClock& clock, const std::filesystem::path& config) {
    const auto settings = sync::load_settings(config);
    if (!settings) return failed(settings.error());
    EventLoop loop;
    loop.handle_signals();
    const auto session = sync::make_paho_session(settings->client_id, [&loop] { loop.wake(); });
    if (!session) return failed(session.error());
    sync::Uplink uplink{loop, **session, *settings,
                        [clock] { return sync::Stamp{clock.now(), ClockQuality::Synced}; }};
    loop.on_wake([&uplink] { uplink.on_session_events(); });
    uplink.start();
    const int code = loop.run();
    if (uplink.finish() == sync::Uplink::Ending::Hasty) std::_Exit(code);
    return code;
}

int collector(const EveningClock& clock, const std::filesystem::path& config) {
    return sync::run_collector(config,
                               [clock] { return sync::Stamp{clock.now(), ClockQuality::Synced}; });
}

int run(std::string_view role, std::string_view clock_text, const char* config) {
    const auto clock = EveningClock::parse(clock_text);
    if (clock && role == "gate") return gate(*clock, config);
    if (clock && role == "sync") return sync(*clock, config);
    if (clock && role == "collector") return collector(*clock, config);
    return kExitUsage;
}

}  // namespace
}  // namespace stile::simulate

int main(int argc, char** argv) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody else would end it
    (void)::setpgid(0, 0);                     // what the terminal sends is not for a gate
    if (argc != 4) return stile::kExitUsage;
    stile::log::set_program(argv[1]);
    try {
        return stile::simulate::run(argv[1], argv[2], argv[3]);
    } catch (const std::exception& error) {
        stile::log::error(error.what());
        return stile::kExitFailed;
    }
}
