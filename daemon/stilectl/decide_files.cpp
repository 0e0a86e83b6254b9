// SPDX-License-Identifier: Apache-2.0
// {"worlds": {NAME: {"events": {SLUG: FILE}, "items": {SLUG: [FILE]}, ...}}, "files": {FILE:
// {...}}}
#include "daemon/stilectl/decide_files.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/stilectl/shallow.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

// The members of a world, in the order in which they are loaded.
constexpr std::array kMembers{
    std::pair{"events", Resource::Event},
    std::pair{"settings", Resource::Settings},
    std::pair{"subevents", Resource::Subevents},
    std::pair{"items", Resource::Items},
    std::pair{"lists", Resource::Lists},
    std::pair{"questions", Resource::Questions},
    std::pair{"orders", Resource::Orders},
    std::pair{"media", Resource::Media},
    std::pair{"revokedsecrets", Resource::Revoked},
    std::pair{"blockedsecrets", Resource::Blocked},
};

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// One file's name, or a list of them.
Result<void> add_rows(const Json& names, Resource resource, std::string_view event, World& world) {
    if (names.is_array()) {
        for (const Json& name : names) {
            if (auto added = add_rows(name, resource, event, world); !added) return added;
        }
        return {};
    }
    if (!names.is_string()) return fail(Errc::Invalid, "a world names files as texts");
    const auto file = world.files.find(names.get<std::string>());
    if (file == world.files.end())
        return fail(Errc::Invalid, fmt::format("there is no file {}", dump(names)));
    world.rows.push_back({resource, std::string{event}, file->second});
    return {};
}

Result<void> add_member(const Json& member, Resource resource, World& world) {
    if (!member.is_object()) return add_rows(member, resource, {}, world);
    for (const auto& [slug, names] : member.items()) {
        if (resource == Resource::Event) world.events.push_back(slug);
        if (auto added = add_rows(names, resource, slug, world); !added) return added;
    }
    return {};
}

Result<Json> read_json(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in) return fail(Errc::NotFound, fmt::format("{}: cannot be read", file.native()));
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    Json json = Json::parse(made_shallow(text), nullptr, /*allow_exceptions=*/false);
    if (!json.is_object())
        return fail(Errc::Invalid, fmt::format("{}: no JSON object", file.native()));
    return json;
}

// The object under this name, or an empty one.
Json member_of(const Json& json, std::string_view name) {
    const auto found = json.find(name);
    return found == json.end() || !found->is_object() ? Json::object() : *found;
}

}  // namespace

Result<World> read_world(const std::filesystem::path& file, std::string_view name) {
    const auto json = read_json(file);
    if (!json) return std::unexpected{json.error()};
    const Json worlds = member_of(*json, "worlds");
    const auto wanted = worlds.find(name);
    if (wanted == worlds.end() || !wanted->is_object())
        return fail(Errc::Invalid, fmt::format("{}: there is no world {}", file.native(), name));
    World world;
    const Json files = member_of(*json, "files");
    for (const auto& [path, content] : files.items())
        world.files[path] = dump(content);
    for (const auto& [member, resource] : kMembers) {
        const auto found = wanted->find(member);
        if (found == wanted->end()) continue;
        if (auto added = add_member(*found, resource, world); !added)
            return fail(fmt::format("{}: {}", file.native(), member), std::move(added.error()));
    }
    return world;
}

}  // namespace stile
