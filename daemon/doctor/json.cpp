// SPDX-License-Identifier: Apache-2.0
// nlohmann-json, whose exceptions end here.
#include "daemon/doctor/json.hpp"

#include <nlohmann/json.hpp>

namespace stile::doctor {
namespace {

using Json = nlohmann::ordered_json;

Json object_of(const Finding& finding) {
    return {{"check", finding.check},
            {"of", finding.of},
            {"verdict", name_of(finding.verdict)},
            {"says", finding.says},
            {"fix", finding.fix}};
}

std::string line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Verdict verdict_named(std::string_view name) {
    for (const Verdict verdict : {Verdict::Good, Verdict::Look}) {
        if (name_of(verdict) == name) return verdict;
    }
    return Verdict::Bad;
}

// "" for a key that is missing, or null, or no text.
std::string text(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::uint64_t number(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<std::uint64_t>() : 0;
}

double real(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

std::optional<std::chrono::seconds> age(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number()) return std::nullopt;
    return std::chrono::seconds{found->get<std::int64_t>()};
}

std::vector<std::string> texts(const Json& object, const char* key) {
    std::vector<std::string> list;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return list;
    for (const Json& item : *found) {
        if (item.is_string()) list.push_back(item.get<std::string>());
    }
    return list;
}

// What is under a key, if it is an object or a list; else an empty one.
const Json& part(const Json& object, const char* key) {
    static const Json none = Json::object();
    const auto found = object.find(key);
    return found != object.end() && found->is_structured() ? *found : none;
}

void read_health(const Json& health, GateStatus& out) {
    out.clock = text(health, "clock");
    out.clock_doubt = text(health, "clock_doubt");
    out.ledger_trouble = text(health, "ledger_trouble");
    out.ledger_damage = text(health, "ledger_damage");
    out.catalog_damage = text(health, "catalog_damage");
    out.entries = number(health, "ledger_seq");
    out.bad_rows = number(health, "bad_rows");
    out.backup_age = age(health, "backup_age_s");
    out.alarms = texts(health, "alarms");
    const Json& list = part(health, "revocations");
    out.revocation_generation = number(list, "generation");
    out.revocation_records = number(list, "records");
    out.revocation_age = age(list, "age_s").value_or(std::chrono::seconds{0});
    for (const Json& event : part(health, "orders"))
        out.orders.push_back({text(event, "event"), age(event, "age_s")});
    for (const Json& reader : part(health, "readers")) {
        out.readers[text(reader, "name")] = {text(reader, "state"), text(reader, "detail"),
                                             real(reader, "frames_per_s")};
    }
}

GateStatus status_of(const Json& json) {
    GateStatus out;
    out.software = text(part(json, "info"), "software");
    const Json& health = part(json, "health");
    (void)health.at("clock");  // throws: a report of something else
    read_health(health, out);
    for (const Json& lane : part(json, "lanes"))
        out.lanes[text(lane, "lane")] = {text(lane, "mode"), text(lane, "state")};
    const Json& link = part(json, "broker");
    out.link = text(link, "state");
    out.link_detail = text(link, "detail");
    out.outbox = number(link, "outbox_depth");
    return out;
}

UsbFact usb_of(const Json& json, const Json& reader) {
    const auto found = reader.find("found");
    UsbFact fact{.found = found != reader.end() && found->is_boolean() && found->get<bool>()};
    for (const Json& device : part(json, "devices")) {
        if (text(device, "reader") != text(reader, "name")) continue;
        fact.why = text(device, "why");
        fact.advice = texts(device, "advice");
    }
    return fact;
}

// What `use` makes of the JSON; nothing where it is not what it should be.
template <class Use>
auto guarded(std::string_view json, const Use& use) -> std::optional<decltype(use(Json{}))> {
    try {
        return use(Json::parse(json));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace

std::string findings_json(const Findings& findings) {
    Json list = Json::array();
    for (const Finding& finding : findings)
        list.push_back(object_of(finding));
    return line({{"verdict", name_of(worst_of(findings))},
                 {"good", count(findings, Verdict::Good)},
                 {"look", count(findings, Verdict::Look)},
                 {"bad", count(findings, Verdict::Bad)},
                 {"findings", std::move(list)}});
}

std::string findings_lines(const Findings& findings) {
    std::string out;
    for (const Finding& finding : findings)
        out += line(object_of(finding));
    return out;
}

Findings parse_findings(std::string_view lines) {
    Findings found;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const auto finding = guarded(lines.substr(0, end), [](const Json& json) {
            return Finding{json.at("check").get<std::string>(), text(json, "of"),
                           verdict_named(text(json, "verdict")), text(json, "says"),
                           text(json, "fix")};
        });
        if (finding) found.push_back(*finding);
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return found;
}

std::optional<GateStatus> parse_status(std::string_view json) {
    return guarded(json, status_of);
}

std::optional<CameraFact> parse_camera(std::string_view json) {
    return guarded(json, [](const Json& found) {
        return CameraFact{found.at("state").get<std::string>(), text(found, "reason"),
                          texts(found, "advice"), real(found, "pictures_a_second")};
    });
}

std::map<std::string, UsbFact> parse_usb(std::string_view json) {
    const auto facts = guarded(json, [](const Json& found) {
        std::map<std::string, UsbFact> readers;
        for (const Json& reader : part(found, "readers"))
            readers[text(reader, "name")] = usb_of(found, reader);
        return readers;
    });
    return facts.value_or(std::map<std::string, UsbFact>{});
}

}  // namespace stile::doctor
