// SPDX-License-Identifier: Apache-2.0
// What an import did, for whoever asked for it.
#include <nlohmann/json.hpp>

#include "daemon/catalog/orders/import.hpp"

namespace stile {
namespace {

constexpr std::size_t kShownWarnings = 10;
constexpr std::size_t kShownBytes = 200;  // of each: an answer has room for 4,000

}  // namespace

std::string summary_json(const UpdateSummary& summary) {
    using Json = nlohmann::ordered_json;
    Json warnings = Json::array();
    for (const std::string& warning : summary.warnings) {
        if (warnings.size() == kShownWarnings) break;
        warnings.push_back(std::string{utf8_head(warning, kShownBytes)});
    }
    return Json{{"orders", summary.orders},       {"positions", summary.positions},
                {"older", summary.older},         {"media", summary.media},
                {"secrets", summary.secrets},     {"documents", summary.documents},
                {"doubtful", summary.doubtful},   {"refused", summary.refused},
                {"warnings", std::move(warnings)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
