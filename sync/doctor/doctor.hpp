// SPDX-License-Identifier: Apache-2.0
// stile-sync --doctor: goes the way to each broker once, and says what it met.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "daemon/doctor/finding.hpp"

namespace stile::sync {

// Told of findings as soon as they are there, in the thread that called examine_brokers().
using TellFindings = std::function<void(const doctor::Findings&)>;

// As root it becomes `user` for good, when it has read what only root may read and before it speaks
// to the network. Brokers are examined side by side. Blocks; a broker that does not answer takes
// some seconds. Starts threads of the client library, so call it once. Returns the exit code: 0, 1
// (something is bad), 78 (the site file is wrong).
[[nodiscard]] int examine_brokers(const std::filesystem::path& site_file, const TellFindings& tell,
                                  const std::string& user = "stile-sync");

}  // namespace stile::sync
