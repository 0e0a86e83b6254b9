// SPDX-License-Identifier: Apache-2.0
// nlohmann-json, in the order in which the contract names the fields.
#include "devices/reader/json_lines.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace stile::devices {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double milliseconds(std::chrono::nanoseconds time) {
    return std::round(static_cast<double>(time.count()) / 1e3) / 1e3;
}

constexpr std::string_view kFormat = "QRCode";

}  // namespace

std::string json_codes(std::string_view file, const std::vector<Code>& codes,
                       std::chrono::nanoseconds decoding) {
    Json texts = Json::array();
    Json bytes = Json::array();
    for (const Code& code : codes) {
        texts.push_back(code.text);
        bytes.push_back(to_hex(code.bytes));
    }
    return line({{"file", file},
                 {"texts", std::move(texts)},
                 {"bytes_hex", std::move(bytes)},
                 {"format", codes.empty() ? Json() : Json(kFormat)},
                 {"ms", milliseconds(decoding)}});
}

std::string json_unreadable(std::string_view file, std::string_view error) {
    return line({{"file", file}, {"error", error}});
}

std::string json_scan(std::uint64_t frame, std::string_view file, const Code& code,
                      std::chrono::nanoseconds decoding) {
    return line({{"frame", frame},
                 {"file", file},
                 {"text", code.text},
                 {"bytes_hex", to_hex(code.bytes)},
                 {"format", kFormat},
                 {"ms", milliseconds(decoding)}});
}

}  // namespace stile::devices
