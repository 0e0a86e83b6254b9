// SPDX-License-Identifier: Apache-2.0
// The same for machines.
#include <nlohmann/json.hpp>

#include "daemon/policy/policy_text.hpp"
#include "daemon/policy/policy_words.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;
using policy::clock_text;
using policy::name_of;

Json json_of(const std::vector<config::Mistake>& mistakes) {
    Json list = Json::array();
    for (const auto& mistake : mistakes)
        list.push_back({{"line", mistake.line}, {"key", mistake.key}, {"what", mistake.what}});
    return list;
}

Json json_of(const Area& area) {
    Json json{{"number", area.number},
              {"name", area.name},
              {"title", area.title},
              {"parent", area.parent},
              {"capacity", nullptr},
              {"passback", name_of(area.passback)},
              {"strict", area.parents == Parents::Strict},
              {"daily_reset", nullptr}};
    if (area.capacity) json["capacity"] = *area.capacity;
    if (area.daily_reset) json["daily_reset"] = clock_text(*area.daily_reset);
    return json;
}

Json json_of(const Way& way) {
    return {{"gate", way.gate},
            {"lane", way.lane},
            {"direction", name_of(way.direction)},
            {"from", way.from},
            {"to", way.to}};
}

Json json_of(const AccessPolicy& policy, const ProductTerms& product) {
    Json json{{"name", product.name},
              {"event", nullptr},
              {"ids", product.ids},
              {"class", policy.classes[product.terms.class_number]},
              {"assurance", static_cast<unsigned>(product.terms.assurance)},
              {"together", product.terms.group == GroupMode::Together},
              {"release_ms", product.terms.release.count()},
              {"slots", Json::array()},
              {"lists", product.terms.lists}};
    for (const Slot& slot : product.terms.slots)
        json["slots"].push_back(slot.name);
    if (product.event) json["event"] = *product.event;
    return json;
}

Json json_of(const AccessList& list) {
    return {{"name", list.name},         {"event", list.key.event},
            {"number", list.key.list},   {"all_products", list.all_products},
            {"products", list.products}, {"reentry", policy::reentry_name(list)}};
}

Json json_of(const AccessPolicy& policy) {
    Json json{{"name", policy.name},      {"version", policy.version},
              {"zone", policy.zone_name}, {"areas", Json::array()},
              {"lanes", Json::array()},   {"products", Json::array()},
              {"lists", Json::array()},   {"other_products", policy.other_products.has_value()}};
    for (const Area& area : policy.areas.areas().subspan(1))
        json["areas"].push_back(json_of(area));
    for (const Way& way : policy.ways)
        json["lanes"].push_back(json_of(way));
    for (const ProductTerms& product : policy.products)
        json["products"].push_back(json_of(policy, product));
    for (const AccessList& list : policy.lists)
        json["lists"].push_back(json_of(list));
    return json;
}

}  // namespace

std::string policy_json(const PolicyReading& reading, std::string_view file) {
    const bool good = reading.mistakes.empty();
    Json json{{"file", file},
              {"good", good},
              {"mistakes", json_of(reading.mistakes)},
              {"warnings", json_of(reading.warnings)}};
    if (good) json["policy"] = json_of(reading.policy);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
