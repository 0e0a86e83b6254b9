// SPDX-License-Identifier: Apache-2.0
// stile-sync --doctor: goes the way to each broker once, and says what it met.
#pragma once

#include <filesystem>

#include "daemon/doctor/finding.hpp"

namespace stile::sync {

struct BrokerExamination {
    doctor::Findings findings;
    int exit_code = 0;  // 0, 1: something is bad, 78: the site file is wrong
};

// Blocks; a broker that does not answer takes some seconds. Starts threads of the client library,
// so call it once.
[[nodiscard]] BrokerExamination examine_brokers(const std::filesystem::path& site_file);

}  // namespace stile::sync
