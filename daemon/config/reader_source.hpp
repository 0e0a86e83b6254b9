// SPDX-License-Identifier: Apache-2.0
// What the source of a reader may be, for each kind of reader.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/config/site.hpp"

namespace stile::config {

// Empty when the sources are right; else what is wrong, with its key. Two readers never take the
// same USB device from each other: a ticket would be read at the wrong lane.
[[nodiscard]] std::string mistake_in_sources(const std::vector<Reader>& readers);

// Makes the path of a camera's recording absolute; other sources are absolute or no paths.
void make_source_absolute(Reader& reader, const std::filesystem::path& folder);

}  // namespace stile::config
