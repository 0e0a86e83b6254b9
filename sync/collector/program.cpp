// SPDX-License-Identifier: Apache-2.0
// Order matters: the store is read before the broker is asked for more, and signals are masked
// before the client library starts threads.
#include "sync/collector/program.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "sync/collector/collector.hpp"
#include "sync/collector/collector_metrics.hpp"
#include "sync/collector/open_store.hpp"
#include "sync/http/server.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/openssl/tls_files.hpp"
#include "sync/prometheus/text.hpp"
#include "sync/uplink/settings.hpp"

namespace stile::sync {
namespace {

// While the store writes, so many messages wait: the retained ones of a large venue, and entries.
constexpr std::size_t kMostArrived = 20'000;

int failed(const Error& error) {
    log::error(error.context);
    return error.code == Errc::Config ? kExitConfig : kExitFailed;
}

int configuration_error(const Error& error) {
    log::error(error.context);
    return kExitConfig;
}

HttpAnswer answer(Collector& collector, std::string_view path) {
    if (path == "/healthz") return collector_health(collector.facts());
    if (path != "/metrics") return {404, "text/plain", "/metrics and /healthz are here\n"};
    return {200, kPrometheusContentType, prometheus_text(collector_metrics(collector.facts()))};
}

// Monitoring is a courtesy: without it the program does its work.
std::unique_ptr<HttpServer> serve_monitoring(EventLoop& loop, Collector& collector,
                                             const std::string& address) {
    if (address.empty()) return nullptr;
    auto server = HttpServer::listen(
        loop, address, [&collector](std::string_view path) { return answer(collector, path); });
    if (server) return std::move(*server);
    log::warning("no metrics: " + server.error().context + ", going on without");
    return nullptr;
}

Result<void> read_broker_files(Settings& broker) {
    if (auto read = read_credentials(broker); !read) return read;
    if (const auto end = check_tls_files(broker.tls); !end) return std::unexpected{end.error()};
    if (password_in_the_clear(broker))
        log::warning("the password goes to the broker in the clear; use ssl://");
    return {};
}

Result<CollectorConfig> read_configuration(const std::filesystem::path& file) {
    auto config = load_collector(file);
    if (!config) return config;
    if (auto read = read_broker_files(config->broker); !read)
        return std::unexpected{std::move(read.error())};
    return config;
}

int run(const CollectorConfig& config, EntryStore& store, const WallClock& clock) {
    EventLoop loop;
    loop.handle_signals();
    auto session =
        make_paho_session(config.broker.client_id, [&loop] { loop.wake(); }, kMostArrived);
    if (!session) return failed(session.error());
    Collector collector{loop,   **session, store,
                        config, clock,     collector_papers(store, config, clock)};
    if (const auto rebuilt = collector.rebuild(); !rebuilt) return failed(rebuilt.error());
    loop.feed_watchdog();
    loop.on_wake([&collector] { collector.on_session_events(); });
    collector.start();
    const auto monitoring = serve_monitoring(loop, collector, config.metrics_listen);
    notify::ready();
    const int code = loop.run();
    notify::stopping();
    // The library may be waiting for a dead broker under its own lock: its threads end with us.
    if (collector.finish() == Collector::Ending::Hasty) std::_Exit(code);
    return code;
}

}  // namespace

int check_collector(const std::filesystem::path& config_file) {
    auto config = load_collector(config_file);
    if (!config) return configuration_error(config.error());
    fmt::print("{}", leave_out_credentials(config->broker));
    if (const auto read = read_broker_files(config->broker); !read)
        return configuration_error(read.error());
    return kExitDone;
}

int run_collector(const std::filesystem::path& config_file, const WallClock& clock) {
    const auto config = read_configuration(config_file);
    if (!config) return configuration_error(config.error());
    const auto store = open_store(config->store, StoreUse::Collect);
    if (!store) return failed(store.error());
    return run(*config, **store, clock);
}

}  // namespace stile::sync
