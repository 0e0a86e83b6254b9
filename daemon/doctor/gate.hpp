// SPDX-License-Identifier: Apache-2.0
// What the parts of an examination share: the site, and the running gate's word.
#pragma once

#include <optional>
#include <string>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/facts.hpp"

namespace stile::doctor {

struct Gate {
    config::Site site;
    std::string site_file;
    Daemon daemon = Daemon::Absent;
    std::string daemon_detail;
    std::optional<GateStatus> status;  // what it says, if it answers
    ClockFact clock;
    std::chrono::milliseconds write_for{};  // to the disk, to measure it

    [[nodiscard]] const GateStatus* running() const { return status ? &*status : nullptr; }
};

// Asks the daemon.
[[nodiscard]] Gate meet(config::Site site, std::string site_file, const std::string& socket);

// Each blocks for as long as its probes.
[[nodiscard]] Findings examine_site(const Gate& gate);
[[nodiscard]] Findings examine_programs(const Gate& gate);
[[nodiscard]] Findings examine_devices(const Gate& gate);
[[nodiscard]] Findings examine_disk(const Gate& gate);
[[nodiscard]] Findings examine_records(const Gate& gate);
[[nodiscard]] Findings examine_broker(const Gate& gate);

}  // namespace stile::doctor
