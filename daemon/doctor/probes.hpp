// SPDX-License-Identifier: Apache-2.0
// The thin part: fills in facts from the machine. Blocks; changes nothing.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/site.hpp"
#include "daemon/doctor/facts.hpp"

namespace stile::doctor {

[[nodiscard]] FileFact look_at_file(const std::string& path);
// Where systemd looks for a credential of that name, or the path itself.
[[nodiscard]] FileFact look_at_secret(const std::string& name);
[[nodiscard]] bool has_user(const std::string& name);

// Of systemctl show, one for each name; without load where systemd does not answer.
[[nodiscard]] std::vector<UnitFact> look_at_units(const std::vector<std::string>& names);
// What `systemctl show` prints for several units.
[[nodiscard]] std::vector<UnitFact> parse_units(std::string_view text);

[[nodiscard]] ClockFact look_at_clock();
[[nodiscard]] HostFact look_at_host();

[[nodiscard]] DiskFact look_at_disk(const std::filesystem::path& state);
// The kind of file system of `path`, by the lines of /proc/self/mountinfo.
struct Mount {
    std::string kind;
    bool read_only = false;
};
[[nodiscard]] Mount mount_of(std::string_view mountinfo, const std::filesystem::path& path);
// Writes for about `time` into a file that has no name.
[[nodiscard]] SpeedFact measure_writes(const std::filesystem::path& state,
                                       std::chrono::milliseconds time);
// Of writes that took so long, in any order.
[[nodiscard]] SpeedFact speed_of(std::vector<std::chrono::microseconds> times);

[[nodiscard]] BackupFact look_at_backups(const std::filesystem::path& state);
[[nodiscard]] WiringFact look_at_wiring(const config::Wiring& wiring);
[[nodiscard]] WiringFact look_at_fire(const config::FirePanel& panel);
// Whether somebody accepts connections at this address of the machine itself.
[[nodiscard]] bool answers_at(const std::string& address);

}  // namespace stile::doctor
