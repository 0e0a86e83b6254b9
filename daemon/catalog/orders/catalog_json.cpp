// SPDX-License-Identifier: Apache-2.0
// Loads, positions and media to JSON.
#include "daemon/catalog/orders/catalog_json.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

// An answer has room for about this many.
constexpr std::size_t kMostShown = 12;
constexpr std::size_t kMostVisits = 10;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Time>
Json instant(const std::optional<Time>& time) {
    if (!time) return nullptr;
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(*time));
}

Json load_json(const Load& load) {
    return {{"rows", load.rows},
            {"positions", load.positions},
            {"doubtful", load.doubtful},
            {"loaded_at", instant(std::optional{load.loaded_at})},
            {"newest_change", instant(load.newest_change)}};
}

Result<Json> stat(OrderView& view) {
    const auto loads = view.loads();
    if (!loads) return std::unexpected{loads.error()};
    Json events = Json::array();
    Json media = load_json({});
    for (const auto& [of, load] : *loads) {
        if (!of) {
            media = load_json(load);
            continue;
        }
        const auto slug = view.slug(*of);
        if (!slug) return std::unexpected{slug.error()};
        Json row{{"event", *slug}, {"number", *of}};
        row.update(load_json(load));
        events.push_back(std::move(row));
    }
    return Json{{"events", std::move(events)}, {"media", std::move(media)}};
}

Result<Json> lists_json(OrderView& view, const EventBook& book) {
    Json out = Json::array();
    for (const BookList& row : book.lists) {
        const auto count = view.count(row.list);
        if (!count) return std::unexpected{count.error()};
        out.push_back({{"list", row.list.key.list},
                       {"name", row.list.name},
                       {"total", count->total},
                       {"checked_in", count->checked_in}});
    }
    return out;
}

Json visits_json(const KnownPosition& position) {
    Json out = Json::array();
    for (const PlatformVisit& row : position.visits) {
        if (out.size() == kMostVisits) break;
        out.push_back({{"list", row.list},
                       {"type", row.visit.direction == Direction::Entry ? "entry" : "exit"},
                       {"time", instant(std::optional{row.visit.time})}});
    }
    return out;
}

Json position_json(const KnownPosition& p, const std::string& slug) {
    return {{"event", slug},
            {"order", p.order_code},
            {"position", p.id},
            {"product", p.product},
            {"variation", p.variation},
            {"subevent", p.subevent},
            {"addon_to", p.addon_to},
            {"status", name_of(p.status)},
            {"understood", p.understood},
            {"blocked", p.blocked},
            {"require_approval", p.require_approval},
            {"valid_if_pending", p.valid_if_pending},
            {"valid_from", instant(p.valid_from)},
            {"valid_until", instant(p.valid_until)},
            {"attendee_name", p.attendee_name},
            {"identity", p.identities.empty() ? "" : to_hex(p.identities.front().bytes)},
            {"names", p.identities.size()},
            {"visits", visits_json(p)}};
}

Json medium_json(const KnownMedium& medium) {
    return {{"medium", medium.id},
            {"type", medium.type},
            {"active", medium.active},
            {"expires", instant(medium.expires)}};
}

Result<void> find_all(OrderView& view, const std::vector<std::uint32_t>& events,
                      std::string_view text, FoundPositions& into, FoundMedia& media) {
    if (auto found = view.find_by_secret(events, text, into); !found) return found;
    for (const std::uint32_t event : events)
        if (auto found = view.order(event, text, into); !found) return found;
    for (const std::string_view type : {"barcode", "nfc_uid", "nfc_mf0aes"})
        if (auto found = view.find_medium(type, text, media); !found) return found;
    for (const KnownMedium& medium : media.all())
        if (auto found = view.positions_by_id(events, medium.positions, into); !found) return found;
    return {};
}

}  // namespace

Result<std::string> catalog_stat_json(OrderView& view) {
    const auto json = stat(view);
    if (!json) return std::unexpected{json.error()};
    return dumped(*json);
}

Result<std::string> catalog_stat_json(OrderView& view, const Book& book) {
    auto json = stat(view);
    if (!json) return std::unexpected{std::move(json.error())};
    for (Json& row : (*json)["events"]) {
        const EventBook* event = book.find(row["number"].get<std::uint32_t>());
        if (event == nullptr) continue;
        auto lists = lists_json(view, *event);
        if (!lists) return std::unexpected{std::move(lists.error())};
        row["lists"] = std::move(*lists);
    }
    return dumped(*json);
}

Result<std::string> catalog_show_json(OrderView& view, std::string_view text) {
    const auto loads = view.loads();
    if (!loads) return std::unexpected{loads.error()};
    std::vector<std::uint32_t> events;
    for (const auto& [of, load] : *loads)
        if (of) events.push_back(*of);
    FoundPositions positions;
    FoundMedia media;
    if (auto found = find_all(view, events, text, positions, media); !found)
        return std::unexpected{std::move(found.error())};
    if (positions.size() + media.size() == 0)
        return fail(Errc::NotFound, "no secret, order or medium of this name is known");
    Json out{{"media", Json::array()}, {"positions", Json::array()}, {"found", positions.size()}};
    for (const KnownMedium& medium : media.all())
        out["media"].push_back(medium_json(medium));
    for (const KnownPosition& position : positions.all()) {
        if (out["positions"].size() == kMostShown) break;
        const auto slug = view.slug(position.event);
        if (!slug) return std::unexpected{slug.error()};
        out["positions"].push_back(position_json(position, *slug));
    }
    return dumped(out);
}

}  // namespace stile
