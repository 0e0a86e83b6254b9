// SPDX-License-Identifier: Apache-2.0
// Fuzzes what monitoring is told when the daemon's reports are strange.
#include <cstdlib>
#include <string>

#include "sync/metrics/gate_metrics.hpp"
#include "sync/prometheus/text.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile::sync;
    const std::string body{reinterpret_cast<const char*>(data), size};
    const GateFacts facts{.venue = "v",
                          .gate = "g",
                          .daemon_connected = true,
                          .broker_connected = true,
                          .link = {},
                          .health = body,
                          .count = body};
    const auto text = prometheus_text(gate_metrics(facts));
    if (text.find("stile_daemon_connected 1\n") == std::string::npos) std::abort();
    if (!health_answer(facts).body.starts_with("{\"status\":")) std::abort();
    return 0;
}
