// SPDX-License-Identifier: Apache-2.0
// The parts side by side, and their findings in the order of DOCTOR.md.
#include "daemon/doctor/examine.hpp"

#include <future>

#include "crypto/zone/zone.hpp"
#include "daemon/doctor/gate.hpp"
#include "daemon/doctor/probes.hpp"
#include "daemon/runtime/exit_code.hpp"

namespace stile::doctor {
namespace {

int exit_code_of(const Findings& findings) {
    return worst_of(findings) == Verdict::Bad ? kExitFailed : kExitDone;
}

Findings clock_of(const Gate& gate) {
    Findings found = check_clock(gate.clock, gate.running());
    Result<void> known;
    if (const auto zone = crypto::zone_table(gate.site.site.time_zone); !zone)
        known = std::unexpected{zone.error()};
    found.push_back(check_zone(gate.site.site.time_zone, known));
    return found;
}

// What can be said of a machine without a good site file.
Examination without_site(const Error& error, const std::string& site_file) {
    Examination out{{wrong_site_file(error, site_file)}, kExitConfig};
    append(out.findings, check_clock(look_at_clock(), nullptr));
    append(out.findings, check_host(look_at_host(), nullptr));
    return out;
}

Findings everything(const Gate& gate) {
    const auto aside = [&gate](Findings (*part)(const Gate&)) {
        return std::async(std::launch::async, part, std::cref(gate));
    };
    auto programs = aside(examine_programs);
    auto devices = aside(examine_devices);
    auto broker = aside(examine_broker);
    const HostFact host = look_at_host();  // before this examination makes it busy
    Findings site = examine_site(gate);
    Findings disk = examine_disk(gate);
    Findings records = examine_records(gate);
    Findings found = std::move(site);
    append(found, programs.get());
    append(found, devices.get());
    append(found, clock_of(gate));
    append(found, std::move(disk));
    append(found, std::move(records));
    append(found, broker.get());
    append(found, check_host(host, &gate.site));
    return found;
}

Findings part_of(const Gate& gate, Part part) {
    switch (part) {
        case Part::All:
            return everything(gate);
        case Part::Broker:
            return examine_broker(gate);
        case Part::Disk:
            return examine_disk(gate);
        case Part::Clock:
            return clock_of(gate);
    }
    return {};
}

}  // namespace

Examination examine(const std::string& site_file, const std::string& socket, Part part,
                    std::chrono::milliseconds write_for) {
    auto site = config::load_site(site_file);
    if (!site) return without_site(site.error(), site_file);
    Gate gate = meet(std::move(*site), site_file, socket);
    gate.write_for = write_for;
    Examination out{part_of(gate, part)};
    out.exit_code = exit_code_of(out.findings);
    return out;
}

}  // namespace stile::doctor
