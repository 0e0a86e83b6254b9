// SPDX-License-Identifier: Apache-2.0
// A ticketing platform's objects in one file, and the worlds that are made of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/update.hpp"

namespace stile {

// One object of the platform.
struct WorldRow {
    Resource resource = Resource::Event;
    std::string event;  // its short name; empty for media
    std::string json;
};

struct World {
    std::vector<std::string> events;  // short names; the first is the one that steps act on
    std::vector<WorldRow> rows;       // an event before what belongs to it
    std::map<std::string, std::string, std::less<>> files;  // all of them: name to JSON
};

// Errors: NotFound, Io, Invalid (with the place).
[[nodiscard]] Result<World> read_world(const std::filesystem::path& file, std::string_view name);

}  // namespace stile
