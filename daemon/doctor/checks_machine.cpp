// SPDX-License-Identifier: Apache-2.0
// Clock, disk and the machine itself.
#include <algorithm>

#include <fmt/format.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"

namespace stile::doctor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::years;

// What a guest does not notice, of the 200 ms from code to open turnstile; and what is too slow.
constexpr milliseconds kQuick{50};
constexpr milliseconds kSlow{200};

constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::string_view kSetTime =
    "sudo timedatectl set-ntp true, or: sudo timedatectl "
    "set-time \"2026-01-31 18:00:00\"";

Finding clock_sync(const ClockFact& fact, const GateStatus* gate) {
    if (gate != nullptr && gate->clock == "wrong")
        return bad(kClockSync,
                   fmt::format("The running gate does not believe the clock of this machine ({}): "
                               "rotating tickets are refused, and early ones admitted.",
                               gate->clock_doubt.empty() ? "doubtful" : gate->clock_doubt),
                   std::string{kSetTime});
    if (!fact.synced)
        return look(kClockSync,
                    "No time server sets the clock. The gate works, with wider margins; a clock "
                    "that drifts refuses good tickets some day.",
                    "sudo timedatectl set-ntp true; without a network look at the time each "
                    "morning");
    if (fact.error > seconds{1})
        return look(kClockSync,
                    fmt::format("The clock is set by a time server, and known to {} only.",
                                duration_words(std::chrono::ceil<seconds>(fact.error))),
                    "timedatectl timesync-status says which server; take a nearer one");
    return good(kClockSync, fmt::format("A time server sets the clock; it is known to {}.",
                                        short_time(fact.error)));
}

Finding clock_plausible(const ClockFact& fact) {
    const std::string now = day_of(std::chrono::floor<seconds>(fact.now));
    if (fact.now < fact.built)
        return bad(kClockPlausible,
                   fmt::format("The clock says {}, and this program was built later, on {}: "
                               "tickets cannot be judged by such a clock.",
                               now, day_of(std::chrono::floor<seconds>(fact.built))),
                   std::string{kSetTime});
    if (fact.now > fact.built + years{5})
        return look(kClockPlausible,
                    fmt::format("The clock says {}, more than five years after this program was "
                                "built.",
                                now),
                    "date; if it is right, update stile");
    return good(kClockPlausible, fmt::format("The clock says {}.", now));
}

Finding clock_hardware(const ClockFact& fact) {
    if (!fact.hardware)
        return look(kClockHardware,
                    "This machine has no clock with a battery: after a power cut it does not know "
                    "the time until a time server tells it.",
                    "Add one (DS3231, some euros), or leave the network on");
    const auto off = std::chrono::abs(*fact.hardware - fact.now);
    if (off > std::chrono::minutes{1})
        return look(kClockHardware,
                    fmt::format("The clock with the battery is {} off: after a power cut the gate "
                                "starts with that time.",
                                duration_words(std::chrono::floor<seconds>(off))),
                    "sudo hwclock --systohc; if it is off again tomorrow, a new battery");
    return good(kClockHardware, "The clock with the battery is right.");
}

Finding disk_kind(const DiskFact& fact) {
    constexpr std::string_view kMemory[] = {"tmpfs", "ramfs"};
    constexpr std::string_view kNetwork[] = {
        "nfs",   "nfs4", "cifs",       "smb3",           "9p",      "ceph", "afs", "glusterfs",
        "ocfs2", "gfs2", "fuse.sshfs", "fuse.glusterfs", "virtiofs"};
    constexpr std::string_view kLocal[] = {"ext4", "ext3", "ext2",     "xfs", "btrfs",
                                           "f2fs", "zfs",  "bcachefs", "jfs"};
    constexpr std::string_view kMove = "Put paths.state on a disk of this machine";
    if (fact.read_only)
        return bad(kDiskKind,
                   fmt::format("The disk of {} cannot be written: nobody is let in. A card or disk "
                               "that does so by itself is worn out.",
                               fact.folder),
                   "journalctl -k -p err; replace the card or disk, then: stilectl restore");
    if (std::ranges::find(kMemory, fact.kind) != std::end(kMemory))
        return bad(
            kDiskKind,
            fmt::format("{} is in memory ({}): after a power cut every ticket is good again.",
                        fact.folder, fact.kind),
            std::string{kMove});
    if (std::ranges::find(kNetwork, fact.kind) != std::end(kNetwork))
        return bad(kDiskKind,
                   fmt::format("{} is on the network ({}): without the network nobody is let in, "
                               "and the ledger may break.",
                               fact.folder, fact.kind),
                   std::string{kMove});
    if (std::ranges::find(kLocal, fact.kind) != std::end(kLocal))
        return good(kDiskKind, fmt::format("{} is on a local disk ({}).", fact.folder, fact.kind));
    return look(kDiskKind,
                fmt::format("{} is on a file system of kind {}, which stile is not tested on.",
                            fact.folder, fact.kind),
                std::string{kMove} + " with ext4");
}

Finding disk_space(const DiskFact& fact) {
    const std::string left = fmt::format("{} free for the ledger", size_words(fact.free_bytes));
    constexpr std::string_view kFix = "sudo journalctl --vacuum-size=100M; df -h says what else";
    if (fact.free_bytes < 256 * kMiB)
        return bad(kDiskSpace, left + ": soon nothing can be recorded, and nobody is let in.",
                   std::string{kFix});
    if (fact.free_bytes < 1024 * kMiB) return look(kDiskSpace, left + ".", std::string{kFix});
    return good(kDiskSpace, left + ".");
}

Finding disk_inodes(const DiskFact& fact) {
    constexpr std::string_view kFix = "df -i; remove many small files";
    if (fact.inodes == 0 || fact.free_inodes >= 5'000)
        return good(kDiskInodes, "There is room for more files.");
    const std::string says = fmt::format("There is room for {} only, however much space is free.",
                                         counted(fact.free_inodes, "more file"));
    return fact.free_inodes < 500 ? bad(kDiskInodes, says, std::string{kFix})
                                  : look(kDiskInodes, says, std::string{kFix});
}

Finding disk_reserve(std::uint64_t ledger_bytes, std::uint64_t wanted) {
    if (ledger_bytes >= wanted)
        return good(kDiskReserve, fmt::format("The ledger has {} of the disk for itself.",
                                              size_words(ledger_bytes)));
    return look(kDiskReserve,
                fmt::format("The ledger has {} for itself, and the site file wants {}: a full disk "
                            "would stop the gate sooner.",
                            size_words(ledger_bytes), size_words(wanted)),
                "Keep a GiB free; the reserve comes with the next new ledger");
}

Finding temperature(double celsius) {
    const std::string says = fmt::format("The warmest part has {:.0f} °C", celsius);
    constexpr std::string_view kFix = "Shade, air, or a larger housing";
    if (celsius > 90)
        return bad(kHostTemperature, says + ": the machine slows down or ends soon.",
                   std::string{kFix});
    if (celsius > 75) return look(kHostTemperature, says + ".", std::string{kFix});
    return good(kHostTemperature, says + ".");
}

Finding memory(const HostFact& fact) {
    const std::string says =
        fmt::format("{} of {} memory are free", size_words(fact.available_bytes),
                    size_words(fact.memory_bytes));
    constexpr std::string_view kFix = "top -o %MEM shows who has it";
    if (fact.available_bytes * 100 < fact.memory_bytes * 3)
        return bad(kHostMemory, says + ": the system will end programs, the gate perhaps.",
                   std::string{kFix});
    if (fact.available_bytes * 10 < fact.memory_bytes)
        return look(kHostMemory, says + ".", std::string{kFix});
    return good(kHostMemory, says + ".");
}

Finding load(const HostFact& fact) {
    const double each = fact.load / std::max(1U, fact.cores);
    const std::string says = fmt::format("{:.1f} programs at a time want each of {}", each,
                                         counted(std::max(1U, fact.cores), "processor core"));
    constexpr std::string_view kFix = "top shows who works; reading codes gets slow";
    if (each > 1.5) return look(kHostLoad, says + ".", std::string{kFix});
    return good(kHostLoad, says + ".");
}

Findings nfc(const HostFact& fact) {
    Findings found;
    if (fact.pcscd)
        found.push_back(bad(kHostNfc,
                            "pcscd runs and takes the card readers: no card is read at the lanes.",
                            "sudo systemctl disable --now pcscd.socket pcscd.service"));
    if (fact.nfc_driver)
        found.push_back(look(kHostNfc,
                             "The kernel's own NFC driver (pn533) is loaded and takes card readers "
                             "for a while.",
                             "sudo modprobe -r pn533_usb; /etc/modprobe.d/stile.conf keeps it "
                             "away"));
    if (found.empty()) found.push_back(good(kHostNfc, "Nothing else takes the card readers."));
    return found;
}

}  // namespace

Findings check_clock(const ClockFact& fact, const GateStatus* gate) {
    return {clock_sync(fact, gate), clock_plausible(fact), clock_hardware(fact)};
}

Finding check_zone(const std::string& zone, const Result<void>& known) {
    if (known) return good(kClockZones, fmt::format("The time zone {} is known.", zone));
    return bad(kClockZones,
               fmt::format("{}: the gate does not start. (Time zone of the site: {})",
                           known.error().context, zone),
               "apt install tzdata; names: timedatectl list-timezones");
}

Findings check_disk(const DiskFact& fact, const config::Site& site) {
    if (fact.sight == Sight::Hidden) return {hidden(kDiskKind, fact.folder)};
    Findings found{disk_kind(fact), disk_space(fact), disk_inodes(fact)};
    if (fact.ledger_bytes)
        found.push_back(disk_reserve(*fact.ledger_bytes,
                                     static_cast<std::uint64_t>(site.ledger.reserve_mib) * kMiB));
    return found;
}

Finding check_speed(const SpeedFact& fact) {
    if (fact.sight == Sight::Hidden)
        return hidden(kDiskSpeed, "the state folder, so its speed is not known");
    if (!fact.trouble.empty())
        return bad(kDiskSpeed,
                   fmt::format("The state folder cannot be written: {}. Nobody is let in without "
                               "a record.",
                               fact.trouble),
                   "df -h; mount | grep ro,");
    const std::string says = fmt::format(
        "Before a lane opens, its record must be safe on the disk: that takes {} here, "
        "the slowest of a hundred {}",
        short_time(fact.median), short_time(fact.p99));
    constexpr std::string_view kFix =
        "An industrial card or an SSD; no other program may write "
        "much to this disk";
    // Not the slowest ones: those may be of a machine that is busy for a moment.
    if (fact.median > kSlow)
        return bad(kDiskSpeed, says + ". Guests stand before a closed turnstile.",
                   std::string{kFix});
    if (fact.p99 > kQuick)
        return look(kDiskSpeed, says + ". Guests notice that now and then.", std::string{kFix});
    return good(kDiskSpeed, says + ". Nobody notices that.");
}

Findings check_host(const HostFact& fact, const config::Site* site) {
    Findings found;
    if (fact.temperature_c) found.push_back(temperature(*fact.temperature_c));
    if (fact.memory_bytes > 0) found.push_back(memory(fact));
    found.push_back(load(fact));
    const bool cards =
        site != nullptr && std::ranges::any_of(site->readers, [](const config::Reader& reader) {
            return config::kind_of(reader) == config::ReaderKind::Nfc;
        });
    if (cards) append(found, nfc(fact));
    return found;
}

}  // namespace stile::doctor
