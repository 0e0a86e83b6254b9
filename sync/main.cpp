// SPDX-License-Identifier: Apache-2.0
// stile-sync: brings the ledger's entries and the gate's state to an MQTT broker.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <unistd.h>

#include "daemon/doctor/json.hpp"
#include "daemon/doctor/text.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "sync/doctor/doctor.hpp"
#include "sync/http/server.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/openssl/tls_files.hpp"
#include "sync/prometheus/text.hpp"
#include "sync/uplink/settings.hpp"
#include "sync/uplink/uplink.hpp"
#include "sync/uplink/wall_clock.hpp"

namespace stile {
namespace {

int configuration_error(const Error& error) {
    log::error(error.context);
    return kExitConfig;
}

sync::HttpAnswer answer(const sync::Uplink& uplink, std::string_view path) {
    if (path == "/healthz") return sync::health_answer(uplink.facts());
    if (path != "/metrics") return {404, "text/plain", "/metrics and /healthz are here\n"};
    return {200, sync::kPrometheusContentType,
            sync::prometheus_text(sync::gate_metrics(uplink.facts()))};
}

// Monitoring is a courtesy: without it the program does its work.
std::unique_ptr<sync::HttpServer> serve_monitoring(EventLoop& loop, const sync::Uplink& uplink,
                                                   const std::string& address) {
    if (address.empty()) return nullptr;
    auto server = sync::HttpServer::listen(
        loop, address, [&uplink](std::string_view path) { return answer(uplink, path); });
    if (server) return std::move(*server);
    log::warning("no metrics: " + server.error().context + ", going on without");
    return nullptr;
}

int run(const sync::Settings& settings) {
    EventLoop loop;
    loop.handle_signals();  // before the client library starts threads: they inherit the mask
    loop.feed_watchdog();
    auto session = sync::make_paho_session(settings.client_id, [&loop] { loop.wake(); });
    if (!session) return configuration_error(session.error());
    sync::Uplink uplink{loop, **session, settings, sync::wall_clock};
    loop.on_wake([&uplink] { uplink.on_session_events(); });
    uplink.start();
    const auto monitoring = serve_monitoring(loop, uplink, settings.metrics_listen);
    notify::ready();
    const int code = loop.run();
    notify::stopping();
    // The library may be waiting for a dead broker under its own lock: its threads end with us.
    if (uplink.finish() == sync::Uplink::Ending::Hasty) std::_Exit(code);
    return code;
}

// What works today and will not for long, or is not safe.
void warn(const sync::Settings& settings, std::optional<std::chrono::sys_seconds> end) {
    const auto now = std::chrono::system_clock::now();
    if (end && *end < now + std::chrono::days{14}) {
        log::warning(fmt::format("the client certificate {} {:%Y-%m-%d}; get a new one",
                                 *end < now ? "ended on" : "ends on", *end));
    }
    if (sync::password_in_the_clear(settings))
        log::warning("the password goes to the broker in the clear; use ssl://");
}

enum class Mode { Run, CheckConfig, Doctor, DoctorJson };

int examine(const std::filesystem::path& site_file, Mode mode) {
    const auto colour = ::isatty(STDOUT_FILENO) == 1 ? Colour::On : Colour::Off;
    doctor::Findings all;
    // For people one page at the end; for a program each as soon as it is known.
    const int code = sync::examine_brokers(site_file, [&](const doctor::Findings& some) {
        doctor::append(all, some);
        if (mode != Mode::DoctorJson) return;
        fmt::print("{}", doctor::findings_lines(some));
        (void)std::fflush(stdout);
    });
    if (mode == Mode::Doctor) fmt::print("{}", doctor::findings_text(all, colour));
    (void)std::fflush(stdout);
    // As in run(): the library may wait for a dead broker.
    std::_Exit(code);
}

int start(const std::filesystem::path& site_file, Mode mode) {
    if (mode == Mode::Doctor || mode == Mode::DoctorJson) return examine(site_file, mode);
    auto settings = sync::load_settings(site_file);
    if (!settings) return configuration_error(settings.error());
    if (mode == Mode::CheckConfig) fmt::print("{}", sync::leave_out_credentials(*settings));
    if (auto read = sync::read_credentials(*settings); !read)
        return configuration_error(read.error());
    const auto certificate_end = sync::check_tls_files(settings->tls);
    if (!certificate_end) return configuration_error(certificate_end.error());
    warn(*settings, *certificate_end);
    if (mode == Mode::CheckConfig) return kExitDone;
    return run(*settings);
}

int parse_and_start(int argc, char** argv) {
    CLI::App app{"stile-sync brings the ledger's entries and the gate's state to an MQTT broker."};
    std::filesystem::path file = "/etc/stile/stile.toml";
    bool check = false;
    bool doctor = false;
    bool json = false;
    app.add_option("-c,--config", file, "The site file")->capture_default_str();
    app.add_flag("--check-config", check, "Read the site file, say what is wrong, and end");
    app.set_version_flag("--version", "stile-sync " STILE_VERSION);
    auto* examines =
        app.add_flag("--doctor", doctor, "Go the way to each broker once, say how it was, and end");
    app.add_flag("--json", json, "Of --doctor: print one JSON object a line")->needs(examines);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }
    if (doctor) return start(file, json ? Mode::DoctorJson : Mode::Doctor);
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
