// SPDX-License-Identifier: Apache-2.0
// The table of what can change while a gate runs.
#include "daemon/config/changes.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "daemon/config/site_fields.hpp"

namespace stile::config {
namespace {

using enum InForce;

// One key, or (empty) all others of a section. The first row that fits counts.
struct Row {
    std::string_view section;
    std::string_view key;
    InForce when;
};

constexpr Row kRows[] = {
    {"site", "time_zone", AtOnce},
    {"paths", "keys", AtOnce},
    {"paths", "policy", AtOnce},
    {"roles", "", AtOnce},
    {"policy", "", AtOnce},
    {"platform", "", AtOnce},
    {"cards", "", AtOnce},
    {"staff", "", AtOnce},
    {"mqtt", "collectors", WithGate},
    {"mqtt", "health_period_ms", WithGate},
    {"mqtt", "", WithSync},
    {"metrics", "", WithSync},
    {"display", "", WithDisplay},
    {"lane", "lists", AtOnce},
    {"lane", "passage_timeout_ms", AtOnce},
    {"lane", "each_person_ms", AtOnce},
    {"lane", "group", AtOnce},
    {"lane", "entrance", AtOnce},
    {"lane", "greeting", AtOnce},
    {"lane", "language", WithDisplay},
    {"reader", "direction", AtOnce},
    {"reader", "most_scans", AtOnce},
    {"reader", "lane", WithGate},
    {"reader", "kind", WithGate},
    {"reader", "", WithReader},
};

InForce when_in_force(std::string_view section, std::string_view key) {
    const auto* row = std::ranges::find_if(kRows, [&](const Row& each) {
        return each.section == section && (each.key.empty() || each.key == key);
    });
    return row == std::end(kRows) ? WithGate : row->when;
}

std::string unit_of(InForce when, std::string_view reader) {
    switch (when) {
        case AtOnce:
            return {};
        case WithGate:
            return "stile.target";
        case WithSync:
            return "stile-sync";
        case WithReader:
            return "stile-reader@" + std::string{reader};
        case WithDisplay:
            return "stile-display";
    }
    return {};
}

bool same(const Field::Target& one, const Field::Target& other) {
    return std::visit([&other](auto* value) { return *value == *std::get<decltype(value)>(other); },
                      one);
}

void copy(const Field::Target& from, const Field::Target& to) {
    std::visit([&to](auto* value) { *std::get<decltype(value)>(to) = *value; }, from);
}

// One section, or one table of a list with its name.
struct Spot {
    std::string_view section;
    std::string_view name;

    [[nodiscard]] std::string text() const {
        std::string out{section};
        if (!name.empty()) out.append(" ").append(name);
        return out;
    }
};

// What of a reader would not make sense with what the gate keeps until its restart.
struct Held {
    bool sources = false;
    bool direction = false;
};

class Comparison {
public:
    void compare(const Spot& spot, const Fields& running, const Fields& read,
                 const Held& held = {}) {
        assert(running.size() == read.size());
        for (std::size_t i = 0; i < running.size(); ++i) {
            if (same(running[i].target, read[i].target)) continue;
            InForce when = when_in_force(spot.section, running[i].key);
            if (when == WithReader ? held.sources : held.direction && running[i].key == "direction")
                when = WithGate;
            note(spot.text().append(".").append(running[i].key), when, spot.name);
            if (when != WithGate) copy(read[i].target, running[i].target);
        }
    }
    template <class T>
    void section(std::string_view name, T& running, T read) {
        compare({name, {}}, fields(running), fields(read));
    }
    // By name: their order says nothing.
    template <class T, class HeldOf>
    void list(std::string_view section, std::vector<T>& running, const std::vector<T>& read,
              HeldOf held_of) {
        const auto find = [](auto& in, const T& what) {
            return std::ranges::find(in, what.name, &T::name);
        };
        for (T& each : running) {
            const auto found = find(read, each);
            if (found == read.end()) {
                note(Spot{section, each.name}.text() + ": gone", WithGate, {});
                continue;
            }
            T copied = *found;
            compare({section, each.name}, fields(each), fields(copied), held_of(each, *found));
        }
        for (const T& each : read) {
            if (find(running, each) == running.end())
                note(Spot{section, each.name}.text() + ": new", WithGate, {});
        }
    }
    void note(std::string what, InForce when, std::string_view reader) {
        changes.push_back({std::move(what), when, unit_of(when, reader)});
    }

    std::vector<Change> changes;
};

// Sources go together, each with its reader's kind.
bool same_readers(const Site& running, const Site& read) {
    const auto find = [&](const Reader& reader) {
        return std::ranges::find(read.readers, reader.name, &Reader::name);
    };
    return running.readers.size() == read.readers.size() &&
           std::ranges::all_of(running.readers, [&](const Reader& reader) {
               const auto found = find(reader);
               return found != read.readers.end() && found->kind == reader.kind;
           });
}

// A reader's direction goes with its lane's.
bool same_way(const Site& running, const Reader& reader, const Site& read, const Reader& found) {
    const Lane* lane = running.lane(reader.lane);
    const Lane* other = read.lane(found.lane);
    return reader.lane == found.lane && lane != nullptr && other != nullptr &&
           lane->direction == other->direction;
}

// Rows of lanes that are not there yet wait for them; those of lanes that the file no longer has go
// on until the restart, like the lanes. Tells whether any row is another one now.
bool take_schedules(Site& running, const Site& read) {
    const auto rows_of = [](const Site& from, const Site& other) {
        std::vector<Schedule> rows;
        std::ranges::copy_if(from.schedules, std::back_inserter(rows), [&](const Schedule& row) {
            return row.lane.empty() || other.lane(row.lane) != nullptr;
        });
        return rows;
    };
    std::vector<Schedule> rows = rows_of(read, running);
    if (rows == rows_of(running, read)) return false;
    std::ranges::copy_if(running.schedules, std::back_inserter(rows), [&](const Schedule& row) {
        return !row.lane.empty() && read.lane(row.lane) == nullptr;
    });
    running.schedules = std::move(rows);
    return true;
}

}  // namespace

std::vector<Change> take_over(Site& running, const Site& read) {
    Comparison all;
    all.section("site", running.site, read.site);
    all.section("paths", running.paths, read.paths);
    all.section("sockets", running.sockets, read.sockets);
    all.section("roles", running.roles, read.roles);
    all.section("ledger", running.ledger, read.ledger);
    all.section("clock", running.clock, read.clock);
    all.section("policy", running.policy, read.policy);
    all.section("platform", running.platform, read.platform);
    all.section("cards", running.cards, read.cards);
    all.section("staff", running.staff, read.staff);
    all.section("mqtt", running.mqtt, read.mqtt);
    all.section("metrics", running.metrics, read.metrics);
    all.section("display", running.display, read.display);
    all.list("lane", running.lanes, read.lanes, [](auto&, auto&) { return Held{}; });
    const bool sources = !same_readers(running, read);
    all.list("reader", running.readers, read.readers, [&](const Reader& is, const Reader& found) {
        return Held{.sources = sources, .direction = !same_way(running, is, read, found)};
    });
    all.section("fire", running.fire, read.fire);
    if (take_schedules(running, read)) all.note("schedule", AtOnce, {});
    running.text = read.text;
    return std::move(all.changes);
}

}  // namespace stile::config
