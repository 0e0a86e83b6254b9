// SPDX-License-Identifier: Apache-2.0
// The tables of the collector's configuration, and the checks that go across sections.
#include "sync/collector/config.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "crypto/zone/zone.hpp"
#include "daemon/config/broker_fields.hpp"
#include "daemon/config/document.hpp"
#include "daemon/config/file_name.hpp"
#include "daemon/config/site.hpp"
#include "daemon/runtime/tcp_address.hpp"

namespace stile::sync {
namespace {

using config::Field;
using config::Fields;
using config::Need;
using config::Section;
using Form = Field::Form;

constexpr std::int64_t kU32 = 0xFFFF'FFFF;
constexpr std::int64_t kMostPeople = 1'000'000'000;

// The file as it is, before it is checked.
struct Draft {
    CollectorConfig out;
    std::string publishes = "on";
    std::string store_kind = "sqlite";
    std::string metrics_listen = "127.0.0.1:9465";
    config::Mqtt mqtt;
    std::map<std::size_t, std::chrono::sys_seconds> counts_from;  // by event
};

Fields collector_fields(Draft& draft) {
    return {
        {.key = "venue", .target = &draft.out.venue, .need = Need::Required, .form = Form::Name},
        {.key = "name", .target = &draft.out.name, .need = Need::Required, .form = Form::Name},
        {.key = "zone", .target = &draft.out.zone},
        {.key = "publishes", .target = &draft.publishes, .one_of = {"on", "off"}}};
}

Fields store_fields(Draft& draft) {
    StoreConfig& s = draft.out.store;
    return {{.key = "kind", .target = &draft.store_kind, .one_of = {"sqlite", "postgresql"}},
            {.key = "path", .target = &s.path, .form = Form::Filled},
            {.key = "connection_file", .target = &s.connection_file},
            {.key = "secret", .target = &s.secret},
            {.key = "keys", .target = &s.keys},
            {.key = "receipt_key", .target = &s.receipt_key, .form = Form::Filled}};
}

Fields event_fields(Draft& draft) {
    EventConfig& s = draft.out.events.emplace_back();
    auto& counts_from = draft.counts_from[draft.out.events.size() - 1];
    return {
        {.key = "number", .target = &s.number, .need = Need::Required, .least = 0, .most = kU32},
        {.key = "name", .target = &s.name, .need = Need::Required, .form = Form::Filled},
        {.key = "starts", .target = &s.starts, .need = Need::Required},
        {.key = "counts_from", .target = &counts_from},
        {.key = "sold", .target = &s.sold, .least = 0, .most = kMostPeople}};
}

Fields fields(AreaConfig& s) {
    return {
        {.key = "number", .target = &s.number, .need = Need::Required, .least = 0, .most = 65'535},
        {.key = "name", .target = &s.name, .need = Need::Required, .form = Form::Filled},
        {.key = "capacity", .target = &s.capacity, .least = 0, .most = kMostPeople},
        {.key = "parent", .target = &s.parent, .least = 0, .most = 65'535}};
}

Fields fields(ProductConfig& s) {
    return {{.key = "number", .target = &s.number, .need = Need::Required, .least = 0},
            {.key = "name", .target = &s.name, .need = Need::Required, .form = Form::Filled}};
}

template <class T>
Section many(std::string_view name, std::vector<T>& list) {
    return {name, [&list] { return fields(list.emplace_back()); }, Section::Count::List};
}

std::vector<Section> sections(Draft& draft) {
    return {{"collector", [&draft] { return collector_fields(draft); }},
            {"mqtt", [&draft] { return config::broker_fields(draft.mqtt); }},
            {"store", [&draft] { return store_fields(draft); }},
            {"metrics",
             [&draft] { return Fields{{.key = "listen", .target = &draft.metrics_listen}}; }},
            {"event", [&draft] { return event_fields(draft); }, Section::Count::List},
            many("area", draft.out.areas),
            many("product", draft.out.products)};
}

// Each gives an empty text for what is right.
template <class T>
std::string mistake_in_numbers(std::string_view section, const std::vector<T>& list) {
    std::set<std::int64_t> seen;
    for (const T& item : list) {
        if (!seen.insert(item.number).second)
            return fmt::format("{}.number: two have the number {}", section, item.number);
    }
    return {};
}

std::string mistake_in(const AreaConfig& area, const std::vector<AreaConfig>& all) {
    const bool known = std::ranges::find(all, area.parent, &AreaConfig::number) != all.end();
    if (area.parent != 0 && (!known || area.parent == area.number))
        return fmt::format("area.parent: {} lies in area {}, which is not there", area.name,
                           area.parent);
    return {};
}

std::string mistake_in(const Draft& draft) {
    if (draft.out.venue.empty())
        return "collector: missing section; it names the venue and the collector";
    if (const std::string& zone = draft.out.zone; !zone.empty()) {
        if (const auto table = crypto::zone_table(zone); !table)
            return "collector.zone: " + table.error().context;
    }
    if (auto what = config::mistake_in_mqtt(draft.mqtt); !what.empty()) return what;
    const StoreConfig& store = draft.out.store;
    if (draft.store_kind == "postgresql" && store.connection_file.empty())
        return "store.connection_file: missing; postgresql needs it";
    if (draft.store_kind == "sqlite" && !store.connection_file.empty())
        return "store.connection_file: the store is an SQLite file and has no connection";
    for (std::string what : {mistake_in_numbers("event", draft.out.events),
                             mistake_in_numbers("area", draft.out.areas),
                             mistake_in_numbers("product", draft.out.products)}) {
        if (!what.empty()) return what;
    }
    for (const AreaConfig& area : draft.out.areas) {
        if (auto what = mistake_in(area, draft.out.areas); !what.empty()) return what;
    }
    if (!draft.metrics_listen.empty() && !TcpAddress::parse(draft.metrics_listen))
        return fmt::format("metrics.listen: \"{}\" is not of the form 127.0.0.1:9465",
                           draft.metrics_listen);
    return {};
}

// The checks of addresses and credentials are those of a gate.
Result<Settings> broker_settings(const Draft& draft) {
    config::Site site;
    site.site.venue = draft.out.venue;
    site.mqtt = draft.mqtt;
    site.metrics.listen = {};
    if (site.mqtt.client_id.empty())
        site.mqtt.client_id = fmt::format("stile-{}-collector-{}", draft.out.venue, draft.out.name);
    return settings_from(site);
}

CollectorConfig finished(Draft draft, Settings broker, const std::filesystem::path& folder) {
    CollectorConfig& out = draft.out;
    out.broker = std::move(broker);
    out.voice = draft.publishes == "on" ? Voice::Speaks : Voice::Silent;
    out.store.kind = draft.store_kind == "sqlite" ? StoreKind::Sqlite : StoreKind::Postgresql;
    out.metrics_listen = draft.metrics_listen;
    for (const auto& [event, time] : draft.counts_from) {
        if (time != std::chrono::sys_seconds{}) out.events[event].counts_from = time;
    }
    for (std::string* path :
         {&out.store.path, &out.store.secret, &out.store.keys, &out.store.receipt_key})
        config::make_absolute(*path, folder);
    config::make_secret_absolute(out.store.connection_file, folder);
    return std::move(out);
}

}  // namespace

Result<CollectorConfig> load_collector(const std::filesystem::path& file) {
    const auto document = config::Document::read(file);
    if (!document) return std::unexpected{document.error()};
    Draft draft;
    if (auto filled = document->fill(sections(draft)); !filled)
        return std::unexpected{filled.error()};
    if (const auto what = mistake_in(draft); !what.empty())
        return fail(Errc::Config, fmt::format("{}: {}", file.native(), what));
    const auto folder = std::filesystem::absolute(file).parent_path();
    config::make_broker_files_absolute(draft.mqtt, folder);
    auto broker = broker_settings(draft);
    if (!broker) return fail(file.native(), std::move(broker.error()));
    return finished(std::move(draft), std::move(*broker), folder);
}

}  // namespace stile::sync
