// SPDX-License-Identifier: Apache-2.0
// From facts to findings, by the table of DOCTOR.md. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key_ring.hpp"
#include "daemon/config/document.hpp"
#include "daemon/config/site.hpp"
#include "daemon/doctor/check_names.hpp"
#include "daemon/doctor/facts.hpp"
#include "daemon/doctor/finding.hpp"

namespace stile::doctor {

// The site.
[[nodiscard]] Finding check_site_file(const config::Site& site, std::string_view file);
// Who is known on this machine.
struct Directory {
    std::function<bool(const std::string&)> has_user;
    std::function<bool(const std::string&)> has_group;
};
[[nodiscard]] Findings check_names(config::Site site, const Directory& known);
[[nodiscard]] Finding wrong_site_file(const Error& error, std::string_view file);
[[nodiscard]] Findings check_keys(const config::Site& site, std::span<const crypto::KeyRecord> keys,
                                  WallTime now);
[[nodiscard]] Finding check_secret(const config::Site& site, const FileFact& fact,
                                   const Result<void>& readable);
[[nodiscard]] Findings check_policy(std::string_view file,
                                    std::span<const config::Mistake> mistakes,
                                    std::span<const config::Mistake> warnings);
[[nodiscard]] Finding check_languages(std::string_view folder, const ProgramFact& display);
[[nodiscard]] Findings check_schedule(const config::Site& site);

// Who has to own a file, and which permissions it must not give.
struct FileRule {
    std::string path;
    std::string what;   // "the keys"
    std::string owner;  // empty: anybody
    unsigned forbidden = 022;
    enum class Need : std::uint8_t { Must, MadeAtStart, IfThere } need = Need::Must;
    enum class Kind : std::uint8_t { File, Folder } kind = Kind::File;
    // Who has to read it: nobody in particular, the daemon's user, that of stile-sync, all programs
    // of the gate.
    enum class Readers : std::uint8_t { Any, Daemon, Sync, Everybody } readers = Readers::Any;
};
[[nodiscard]] std::vector<FileRule> file_rules(const config::Site& site, std::string_view file);
// Good only when there is nothing else to say.
[[nodiscard]] Findings check_files(std::span<const FileRule> rules,
                                   std::span<const FileFact> facts);

// A secret that the site file names by a credential's name, or by a path.
struct NamedSecret {
    std::string key;  // of the site file
    std::string name;
    FileRule::Readers readers = FileRule::Readers::Any;  // of a path; systemd hands over the others
};
[[nodiscard]] std::vector<NamedSecret> named_secrets(const config::Site& site);
[[nodiscard]] Findings check_credentials(std::span<const NamedSecret> secrets,
                                         std::span<const FileFact> facts);

// The programs.
struct UnitRule {
    std::string name;
    std::string without;  // what guests notice without it: a sentence
    enum class Weight : std::uint8_t { Gate, Side } weight = Weight::Gate;
    // Boot: enabled too. Task: a timer starts it, and it ends. Screen: not every gate has it.
    enum class Kind : std::uint8_t { Service, Boot, Task, Screen } kind = Kind::Service;
};
[[nodiscard]] std::vector<UnitRule> unit_rules(const config::Site& site);
[[nodiscard]] Findings check_unit(const UnitRule& rule, const UnitFact& fact);
enum class Daemon : std::uint8_t { Answers, Absent, Silent, Denied };
[[nodiscard]] Finding check_daemon(Daemon daemon, std::string_view detail);
struct ProgramVersion {
    std::string program;
    ProgramFact fact;  // of --version
};
// `running`: the daemon's; empty: it does not run.
[[nodiscard]] Findings check_versions(std::string_view own, std::span<const ProgramVersion> others,
                                      std::string_view running);

// The devices.
[[nodiscard]] bool holds_device(const GateStatus* gate, const std::string& reader);
[[nodiscard]] Finding check_running_reader(const config::Reader& reader,
                                           const ReaderStatus& status);
// Its program runs, and no daemon says what it sees.
[[nodiscard]] Finding check_held_reader(const config::Reader& reader);
[[nodiscard]] Finding check_camera(const config::Reader& reader, const CameraFact& fact);
[[nodiscard]] Finding check_usb(const config::Reader& reader, const UsbFact& fact);
[[nodiscard]] Findings check_wiring(const config::Lane& lane, const WiringFact& fact);
[[nodiscard]] Findings check_fire_wiring(const config::FirePanel& panel, const WiringFact& fact);
[[nodiscard]] Finding check_running_lane(const config::Lane& lane, const GateStatus& gate);
[[nodiscard]] Findings check_display(const UnitFact& unit, bool answers, std::string_view address);

// The clock.
[[nodiscard]] Findings check_clock(const ClockFact& fact, const GateStatus* gate);
[[nodiscard]] Finding check_zone(const std::string& zone, const Result<void>& known);

// The disk.
[[nodiscard]] Findings check_disk(const DiskFact& fact, const config::Site& site);
[[nodiscard]] Finding check_speed(const SpeedFact& fact);

// The ledger and the lists.
[[nodiscard]] Finding check_ledger(const GateStatus& gate);
// While no daemon runs: the error of opening it, or nothing; `found`: there is one.
[[nodiscard]] Finding check_resting_ledger(Sight found, const Result<void>& opened);
[[nodiscard]] Findings check_backup(const BackupFact& fact, const GateStatus* gate, WallTime now);
[[nodiscard]] Findings check_alarms(const GateStatus& gate);
struct Freshness {
    std::chrono::seconds max_age{std::chrono::days{1}};
    enum class Stale : std::uint8_t { Admit, Refuse } stale = Stale::Admit;  // of older lists
};
[[nodiscard]] Findings check_lists(const config::Site& site, const GateStatus* gate,
                                   const Freshness& freshness);

// The way to the broker, as the running gate says it.
[[nodiscard]] Finding check_link(const GateStatus& gate);

// The machine.
[[nodiscard]] Findings check_host(const HostFact& fact, const config::Site* site);

}  // namespace stile::doctor
