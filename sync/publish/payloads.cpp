// SPDX-License-Identifier: Apache-2.0
// Fields in the order of TOPICS.md; nothing here can throw on bad text (it is replaced).
#include "sync/publish/payloads.hpp"

#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view name_of(GateState state) {
    switch (state) {
        case GateState::Starting:
            return "starting";
        case GateState::Online:
            return "online";
        case GateState::Degraded:
            return "degraded";
        case GateState::Offline:
            return "offline";
    }
    return "degraded";
}

}  // namespace

std::string status_json(std::string_view gate, GateState state, std::string_view boot,
                        std::string_view detail, const Stamp& stamp) {
    Json out{{"v", 1},
             {"gate", gate},
             {"boot", boot},
             {"state", name_of(state)},
             {"time", to_rfc3339(stamp.time)},
             {"clock", name_of(stamp.clock)}};
    if (!detail.empty()) out["detail"] = detail;
    return text(out);
}

std::string lost_json(std::string_view gate, std::string_view boot) {
    return text({{"v", 1}, {"gate", gate}, {"boot", boot}, {"state", "lost"}});
}

}  // namespace stile::sync
