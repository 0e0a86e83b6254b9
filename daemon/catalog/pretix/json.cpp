// SPDX-License-Identifier: Apache-2.0
// The only file of this folder that calls the JSON library, and never its throwing functions.
#include "daemon/catalog/pretix/json.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

namespace stile::pretix {
namespace {

using Json = nlohmann::ordered_json;

const Json& json(const void* value) {
    return *static_cast<const Json*>(value);
}

// Of brackets outside strings. The library needs no stack to read, but it does to write and to
// clear up.
std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\') ++i;
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
        if ((c == ']' || c == '}') && depth > 0) --depth;
    }
    return deepest;
}

}  // namespace

void JsonDocument::Delete::operator()(void* value) const {
    delete static_cast<Json*>(value);
}

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
    if (depth_of(text) > kMaxDepth) return fail(Errc::Unsupported, "nested too deep");
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return fail(Errc::Invalid, "not JSON in UTF-8");
    return JsonDocument{new Json(std::move(value))};
}

bool JsonView::none() const {
    return absent() || json(value_).is_null();
}

bool JsonView::is_object() const {
    return !absent() && json(value_).is_object();
}

bool JsonView::is_array() const {
    return !absent() && json(value_).is_array();
}

JsonView JsonView::at(std::string_view name) const {
    if (!is_object()) return JsonView{};
    const auto found = json(value_).find(name);
    return found == json(value_).end() ? JsonView{} : JsonView{&*found};
}

std::size_t JsonView::size() const {
    return is_object() || is_array() ? json(value_).size() : 0;
}

JsonView JsonView::element(std::size_t index) const {
    return is_array() && index < size() ? JsonView{&json(value_)[index]} : JsonView{};
}

JsonView JsonView::first_member() const {
    return is_object() && size() > 0 ? JsonView{&*json(value_).begin()} : JsonView{};
}

std::optional<bool> JsonView::flag() const {
    if (absent() || !json(value_).is_boolean()) return std::nullopt;
    return *json(value_).get_ptr<const Json::boolean_t*>();
}

std::optional<std::uint64_t> JsonView::number() const {
    if (absent() || !json(value_).is_number_unsigned()) return std::nullopt;
    return *json(value_).get_ptr<const Json::number_unsigned_t*>();
}

std::optional<std::int64_t> JsonView::signed_number() const {
    if (const auto positive = number()) {
        if (*positive > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
            return std::nullopt;
        return static_cast<std::int64_t>(*positive);
    }
    if (absent() || !json(value_).is_number_integer()) return std::nullopt;
    return *json(value_).get_ptr<const Json::number_integer_t*>();
}

std::optional<std::string_view> JsonView::text() const {
    if (absent() || !json(value_).is_string()) return std::nullopt;
    return std::string_view{*json(value_).get_ptr<const std::string*>()};
}

std::string JsonView::dump() const {
    if (absent()) return {};
    return json(value_).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile::pretix
