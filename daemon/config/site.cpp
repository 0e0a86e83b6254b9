// SPDX-License-Identifier: Apache-2.0
// The tables of the site file, and the checks that go across sections.
#include "daemon/config/site.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "daemon/config/broker_fields.hpp"
#include "daemon/config/document.hpp"
#include "daemon/config/file_name.hpp"
#include "daemon/config/reader_source.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/runtime/tcp_address.hpp"

namespace stile::config {
namespace {

constexpr std::int64_t kU32 = 0xFFFF'FFFF;
using Form = Field::Form;

}  // namespace

Fields fields(Gate& s) {
    return {{.key = "venue", .target = &s.venue, .need = Need::Required, .form = Form::Name},
            {.key = "gate", .target = &s.gate, .need = Need::Required, .form = Form::Name},
            {.key = "number", .target = &s.number, .least = 1},
            {.key = "time_zone", .target = &s.time_zone, .form = Form::Filled}};
}

Fields fields(Paths& s) {
    return {{.key = "state", .target = &s.state, .form = Form::Filled},
            {.key = "runtime", .target = &s.runtime, .form = Form::Filled},
            {.key = "keys", .target = &s.keys, .form = Form::Filled},
            {.key = "secret", .target = &s.secret},
            {.key = "policy", .target = &s.policy}};
}

Fields fields(Sockets& s) {
    return {{.key = "reader_user", .target = &s.reader_user},
            {.key = "sync_user", .target = &s.sync_user},
            {.key = "display_user", .target = &s.display_user}};
}

Fields fields(Roles& s) {
    return {{.key = "viewer", .target = &s.viewer},
            {.key = "operator", .target = &s.operators},
            {.key = "supervisor", .target = &s.supervisor},
            {.key = "security", .target = &s.security},
            {.key = "maintainer", .target = &s.maintainer}};
}

Fields fields(Ledger& s) {
    return {{.key = "map_mib", .target = &s.map_mib, .least = 16, .most = 1 << 20},
            {.key = "reserve_mib", .target = &s.reserve_mib, .least = 0, .most = 1 << 16}};
}

Fields fields(Clock& s) {
    return {
        {.key = "assumed_error_ms", .target = &s.assumed_error, .least = 0, .most = 86'400'000}};
}

Fields fields(Policy& s) {
    return {{.key = "events", .target = &s.events, .least = 0, .most = kU32},
            {.key = "products", .target = &s.products, .least = 0},
            {.key = "reentry", .target = &s.reentry, .one_of = {"never", "after-exit", "always"}}};
}

Fields fields(Platform& s) {
    return {{.key = "lists", .target = &s.lists},
            {.key = "gate", .target = &s.gate, .least = 0},
            {.key = "device", .target = &s.device, .least = 0},
            {.key = "questions", .target = &s.questions, .one_of = {"skip", "ask"}},
            {.key = "unpaid", .target = &s.unpaid, .one_of = {"refuse", "ignore"}},
            {.key = "keys", .target = &s.keys, .one_of = {"pinned", "platform"}}};
}

Fields fields(Cards& s) {
    return {{.key = "hce", .target = &s.hce, .one_of = {"on", "off"}},
            {.key = "uid", .target = &s.uid, .one_of = {"on", "off"}},
            {.key = "ev2_keys", .target = &s.ev2_keys},
            {.key = "mf0aes_keys", .target = &s.mf0aes_keys}};
}

Fields fields(Lane& s) {
    Fields all{
        {.key = "name", .target = &s.name, .need = Need::Required, .form = Form::Name},
        {.key = "direction", .target = &s.direction, .one_of = {"entry", "exit", "both"}},
        {.key = "lists", .target = &s.lists},
        {.key = "passage_timeout_ms", .target = &s.passage_timeout, .least = 500, .most = 60'000},
        {.key = "each_person_ms", .target = &s.each_person, .least = 0, .most = 60'000},
        {.key = "group", .target = &s.group, .one_of = {"together", "single"}},
        {.key = "sensor_stuck_ms", .target = &s.sensor_stuck, .least = 1000, .most = 600'000},
        {.key = "simulated_passage_ms", .target = &s.simulated_passage, .least = 0, .most = 60'000},
        {.key = "simulated_trouble",
         .target = &s.simulated_trouble,
         .one_of = {"none", "nobody-passes", "slow-person", "tailgater", "reverse-walker",
                    "bouncing-sensor", "stuck-sensor", "stuck-arm", "late-relay", "device-gone"}},
        {.key = "language", .target = &s.language, .form = Form::Filled},
        {.key = "entrance", .target = &s.entrance},
        {.key = "greeting", .target = &s.greeting, .one_of = {"none", "name"}}};
    std::ranges::move(fields(s.wiring), std::back_inserter(all));
    return all;
}

Fields fields(Staff& s) {
    return {{.key = "products", .target = &s.products, .least = 0}};
}

Fields fields(Schedule& s) {
    return {{.key = "lane", .target = &s.lane},
            {.key = "days", .target = &s.days},
            {.key = "from", .target = &s.from, .need = Need::Required},
            {.key = "mode",
             .target = &s.mode,
             .need = Need::Required,
             .one_of = {"normal", "free", "locked", "exit-only", "out-of-order"}}};
}

Fields fields(Reader& s) {
    return {{.key = "name", .target = &s.name, .need = Need::Required, .form = Form::Name},
            {.key = "lane", .target = &s.lane, .need = Need::Required, .form = Form::Name},
            {.key = "kind", .target = &s.kind, .one_of = {"camera", "nfc", "scanner"}},
            {.key = "direction", .target = &s.direction, .one_of = {"entry", "exit"}},
            {.key = "source", .target = &s.source, .need = Need::Required, .form = Form::Filled},
            {.key = "pixel_format",
             .target = &s.pixel_format,
             .one_of = {"auto", "mjpg", "yuyv", "grey"}},
            {.key = "width", .target = &s.width, .least = 64, .most = 8192},
            {.key = "height", .target = &s.height, .least = 64, .most = 8192},
            {.key = "rate", .target = &s.rate, .least = 1, .most = 240},
            {.key = "exposure_us", .target = &s.exposure_us, .least = 0, .most = 1'000'000},
            {.key = "hold_off_ms", .target = &s.hold_off, .least = 100, .most = 60'000},
            {.key = "most_scans", .target = &s.most_scans, .least = 10, .most = 100'000},
            {.key = "layout", .target = &s.layout, .form = Form::Filled},
            {.key = "end_gap_ms", .target = &s.end_gap, .least = 20, .most = 5000},
            {.key = "baud", .target = &s.baud, .least = 1200, .most = 921'600},
            {.key = "prefix", .target = &s.prefix},
            {.key = "suffix", .target = &s.suffix}};
}

Fields fields(Mqtt& s) {
    Fields all = broker_fields(s);
    all.push_back({.key = "collectors", .target = &s.collectors, .form = Form::Name});
    all.push_back({.key = "discovery", .target = &s.discovery, .one_of = {"on", "off"}});
    all.push_back(
        {.key = "health_period_ms", .target = &s.health_period, .least = 500, .most = 600'000});
    return all;
}

Fields fields(Metrics& s) {
    return {{.key = "listen", .target = &s.listen}};
}

Fields fields(Display& s) {
    return {{.key = "listen", .target = &s.listen, .form = Form::Filled},
            {.key = "languages", .target = &s.languages},
            {.key = "sound", .target = &s.sound, .one_of = {"on", "off"}}};
}

namespace {

template <class T>
Section one(std::string_view name, T& target) {
    return {name, [&target] { return fields(target); }, Section::Count::One};
}

template <class T>
Section many(std::string_view name, std::vector<T>& list) {
    return {name, [&list] { return fields(list.emplace_back()); }, Section::Count::List};
}

template <class T>
std::string twice(const std::vector<T>& list) {
    std::set<std::string_view> seen;
    for (const T& item : list) {
        if (!seen.insert(item.name).second) return item.name;
    }
    return {};
}

// Each gives an empty text for what is right.
std::string mistake_in(const Site& site, const Reader& reader) {
    const Lane* lane = site.lane(reader.lane);
    if (lane == nullptr) {
        return fmt::format("reader.lane: reader {} names lane {}, which is not there", reader.name,
                           reader.lane);
    }
    if (reader.name.size() > 32)
        return fmt::format("reader.name: {} is longer than 32", reader.name);
    if (lane->direction == "both" && reader.direction.empty()) {
        return fmt::format(
            "reader.direction: missing; lane {} has both, so reader {} must say its own",
            lane->name, reader.name);
    }
    if (lane->direction == "both" || reader.direction.empty() ||
        reader.direction == lane->direction)
        return {};
    return fmt::format("reader.direction: reader {} is for {}, but lane {} is for {} only",
                       reader.name, reader.direction, lane->name, lane->direction);
}

std::string mistake_in(const Site& site, const Schedule& schedule) {
    if (!schedule.lane.empty() && site.lane(schedule.lane) == nullptr)
        return fmt::format("schedule.lane: there is no lane {}", schedule.lane);
    if (!time_of_day(schedule.from))
        return fmt::format("schedule.from: \"{}\" is not a time of day like \"07:30\"",
                           schedule.from);
    for (const std::string& day : schedule.days) {
        if (std::ranges::find(kDays, day) == std::end(kDays))
            return fmt::format(
                "schedule.days: \"{}\" is not one of: mon, tue, wed, thu, fri, sat, sun", day);
    }
    return {};
}

// A scan asks at most one list of an event, so which one must be certain.
std::string mistake_in(std::string_view key, const std::vector<std::string>& lists) {
    std::set<std::string> events;
    for (const std::string& text : lists) {
        const auto name = list_name(text);
        if (!name) {
            return fmt::format(
                "{}: \"{}\" is not an event and the number of its list, like "
                "\"summer:3\"",
                key, text);
        }
        if (!events.insert(name->event).second)
            return fmt::format("{}: event {} has two lists here; a lane asks one of them", key,
                               name->event);
    }
    return {};
}

// People who are released one by one need no time together.
Milliseconds each_person_of(const Lane& lane) {
    return lane.group == "together" ? lane.each_person : Milliseconds::max();
}

// A number stands for what the platform's orders say of it, and for nothing else.
std::string mistake_in(const Site& site, const Cards& cards) {
    const bool is_asked = std::ranges::any_of(
        site.lanes, [&](const Lane& lane) { return !site.lists_of(lane).empty(); });
    if (is_asked) return {};
    if (cards.uid == "on")
        return "cards.uid: numbers of cards are known by a platform only; name its lists in "
               "[platform]";
    if (!cards.mf0aes_keys.empty())
        return "cards.mf0aes_keys: these chips are known by a platform only; name its lists in "
               "[platform]";
    return {};
}

constexpr std::size_t kMostCollectors = 8;

std::string mistake_in(const Mqtt& mqtt) {
    if (auto what = mistake_in_mqtt(mqtt); !what.empty()) return what;
    if (mqtt.collectors.size() > kMostCollectors)
        return fmt::format("mqtt.collectors: at most {}", kMostCollectors);
    std::set<std::string> names;
    for (const std::string& name : mqtt.collectors) {
        if (!names.insert(name).second)
            return fmt::format("mqtt.collectors: {} stands there twice", name);
    }
    return {};
}

std::string mistake_in(const Metrics& metrics) {
    if (metrics.listen.empty() || TcpAddress::parse(metrics.listen)) return {};
    return fmt::format("metrics.listen: \"{}\" is not of the form 127.0.0.1:9464 or [::1]:9464",
                       metrics.listen);
}

std::string mistake_in(const Display& display) {
    const auto address = TcpAddress::parse(display.listen);
    if (address && address->is_loopback()) return {};
    return fmt::format(
        "display.listen: \"{}\" is not of the form 127.0.0.1:9470 or [::1]:9470; other machines "
        "shall not see who passes",
        display.listen);
}

}  // namespace

Result<void> check(const Site& site, const std::filesystem::path& file) {
    const auto wrong = [&file](std::string_view what) {
        return fail(Errc::Config, fmt::format("{}: {}", file.native(), what));
    };
    if (site.site.venue.empty())
        return wrong("site: missing section; it names the venue and the gate");
    if (site.lanes.empty()) return wrong("lane: at least one section [[lane]] is needed");
    if (site.lanes.size() > 16) return wrong("lane: at most 16 lanes a controller");
    for (const auto& what :
         {mistake_in(site.mqtt), mistake_in(site.metrics), mistake_in(site.display)}) {
        if (!what.empty()) return wrong(what);
    }
    if (site.ledger.reserve_mib > site.ledger.map_mib)
        return wrong("ledger.reserve_mib: more than ledger.map_mib");
    if (const auto name = twice(site.lanes); !name.empty())
        return wrong(fmt::format("lane: two lanes are named {}", name));
    if (const auto name = twice(site.readers); !name.empty())
        return wrong(fmt::format("reader: two readers are named {}", name));
    if (const auto what = mistake_in("platform.lists", site.platform.lists); !what.empty())
        return wrong(what);
    for (const Lane& lane : site.lanes) {
        if (const auto what = mistake_in("lane.lists", lane.lists); !what.empty())
            return wrong(what);
    }
    if (const auto what = mistake_in(site, site.cards); !what.empty()) return wrong(what);
    std::vector<WiredLane> wired;
    wired.reserve(site.lanes.size());
    for (const Lane& lane : site.lanes)
        wired.push_back({lane.name, lane.wiring, each_person_of(lane)});
    if (const auto what = mistake_in(wired, site.fire); !what.empty()) return wrong(what);
    for (const Reader& reader : site.readers) {
        if (const auto what = mistake_in(site, reader); !what.empty()) return wrong(what);
    }
    if (const auto what = mistake_in_sources(site.readers); !what.empty()) return wrong(what);
    for (const Schedule& schedule : site.schedules) {
        if (const auto what = mistake_in(site, schedule); !what.empty()) return wrong(what);
    }
    return {};
}

std::optional<ListName> list_name(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
    ListName name{.event = std::string{text.substr(0, colon)}};
    const std::string_view number = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), name.list);
    if (error != std::errc{} || end != number.data() + number.size() || name.list == 0)
        return std::nullopt;
    return name;
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    const auto digit = [&text](std::size_t at) { return text[at] - '0'; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (digit(at) < 0 || digit(at) > 9) return std::nullopt;
    }
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour > 23 || minute > 59) return std::nullopt;
    return std::chrono::minutes{hour * 60 + minute};
}

ReaderKind kind_of(const Reader& reader) {
    if (reader.kind == "nfc") return ReaderKind::Nfc;
    return reader.kind == "scanner" ? ReaderKind::Scanner : ReaderKind::Camera;
}

const Reader* Site::reader(std::string_view name) const {
    const auto found = std::ranges::find(readers, name, &Reader::name);
    return found == readers.end() ? nullptr : &*found;
}

const Lane* Site::lane(std::string_view name) const {
    const auto found = std::ranges::find(lanes, name, &Lane::name);
    return found == lanes.end() ? nullptr : &*found;
}

std::vector<Section> sections_of(Site& site) {
    return {one("site", site.site),       one("paths", site.paths),
            one("sockets", site.sockets), one("roles", site.roles),
            one("ledger", site.ledger),   one("clock", site.clock),
            one("policy", site.policy),   one("platform", site.platform),
            one("cards", site.cards),     one("staff", site.staff),
            one("mqtt", site.mqtt),       one("metrics", site.metrics),
            one("display", site.display), many("lane", site.lanes),
            many("reader", site.readers), many("schedule", site.schedules),
            one("fire", site.fire)};
}

Result<Site> load_site(const std::filesystem::path& file) {
    const auto document = Document::read(file);
    if (!document) return std::unexpected{document.error()};
    Site site;
    const auto filled = document->fill(sections_of(site));
    if (!filled) return std::unexpected{filled.error()};
    if (auto checked = check(site, file); !checked) return std::unexpected{checked.error()};
    site.text = document->text();
    const auto folder = std::filesystem::absolute(file).parent_path();
    for (std::string* path : {&site.paths.state, &site.paths.runtime, &site.paths.keys,
                              &site.paths.policy, &site.display.languages}) {
        make_absolute(*path, folder);
    }
    for (std::string* secret : {&site.paths.secret, &site.cards.ev2_keys, &site.cards.mf0aes_keys})
        make_secret_absolute(*secret, folder);
    make_broker_files_absolute(site.mqtt, folder);
    for (Reader& reader : site.readers)
        make_source_absolute(reader, folder);
    return site;
}

}  // namespace stile::config
