// SPDX-License-Identifier: Apache-2.0
// The collector as a program: store, broker, monitoring and the loop, until a signal ends it.
#pragma once

#include <filesystem>

#include "sync/uplink/wall_clock.hpp"

namespace stile::sync {

// `stile-collector check-config`: the files that it names too. Returns the exit code.
[[nodiscard]] int check_collector(const std::filesystem::path& config_file);

// `stile-collector run`. Logs. Returns the exit code.
[[nodiscard]] int run_collector(const std::filesystem::path& config_file, const WallClock& clock);

}  // namespace stile::sync
