// SPDX-License-Identifier: Apache-2.0
// The world as the checks see it: values that probes fill in, and tests make up.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stile::doctor {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Sight : std::uint8_t { Seen, Absent, Hidden };  // Hidden: this user may not look

struct FileFact {
    Sight sight = Sight::Absent;
    unsigned mode = 0;  // permission bits
    std::string owner;
    std::string group;
    std::string path;  // where it was found
};

// Of systemctl show.
struct UnitFact {
    std::string load;     // loaded, not-found, masked; empty: systemd does not answer
    std::string active;   // active, activating, failed, inactive
    std::string enabled;  // enabled, disabled, static, ...
    std::string result;   // success, exit-code, watchdog, ...
    int exit_status = 0;
    unsigned restarts = 0;
    std::string last_error;  // of the journal; empty: none
};

// A program of ours that ran to its end, or not.
struct ProgramFact {
    std::optional<int> exit_code;  // nothing: it could not be started, or did not end in time
    std::string out;
    std::string err;
    bool started = false;
};

struct ReaderStatus {
    std::string state;  // working, degraded, failed, starting, absent
    std::string detail;
    double frames_per_s = 0;
};

struct LaneStatus {
    std::string mode;
    std::string state;
};

struct OrdersStatus {
    std::string event;
    std::optional<std::chrono::seconds> age;  // nothing: they never came
};

// What the running daemon says.
struct GateStatus {
    std::string software;
    std::string clock;
    std::string clock_doubt;
    std::string ledger_trouble;
    std::string ledger_damage;
    std::string catalog_damage;
    std::uint64_t entries = 0;
    std::uint64_t bad_rows = 0;
    std::optional<std::chrono::seconds> backup_age;
    std::vector<std::string> alarms;
    std::uint64_t revocation_generation = 0;
    std::uint64_t revocation_records = 0;
    std::chrono::seconds revocation_age{};
    std::vector<OrdersStatus> orders;
    std::string link;
    std::string link_detail;
    std::uint64_t outbox = 0;
    std::map<std::string, ReaderStatus> readers;
    std::map<std::string, LaneStatus> lanes;
};

struct CameraFact {
    std::string state;   // ok, or what is wrong; empty: the examination did not work
    std::string reason;  // of a failure
    std::vector<std::string> advice;
    double pictures_a_second = 0;
};

struct UsbFact {
    bool found = false;
    std::string why;  // of the device that it wants; empty: there is none
    std::vector<std::string> advice;
};

// Where a contact should be.
struct ContactFact {
    std::string key;
    std::string where;
    enum class State : std::uint8_t { Free, Taken, Missing } state = State::Free;
    std::string taken_by;
};

struct WiringFact {
    Sight chip = Sight::Seen;
    // One: there is a board, and its id is known only to who opens it.
    enum class Board : std::uint8_t { NotNeeded, There, One, Absent } board = Board::NotNeeded;
    std::vector<ContactFact> contacts;
};

struct ClockFact {
    WallTime now;
    WallTime built;
    bool synced = false;
    std::chrono::milliseconds error{};
    std::optional<WallTime> hardware;
};

struct DiskFact {
    Sight sight = Sight::Seen;
    std::string folder;
    std::string kind;  // of /proc/self/mountinfo: ext4
    bool read_only = false;
    std::uint64_t free_bytes = 0;
    std::uint64_t inodes = 0;  // 0: the file system does not count them
    std::uint64_t free_inodes = 0;
    std::optional<std::uint64_t> ledger_bytes;  // on the disk; nothing: there is no ledger yet
};

// Small writes, each waited for.
struct SpeedFact {
    std::string trouble;  // empty: measured
    Sight sight = Sight::Seen;
    std::size_t writes = 0;
    std::chrono::microseconds median{};
    std::chrono::microseconds p99{};
};

struct BackupFact {
    Sight sight = Sight::Seen;
    std::optional<WallTime> newest;
    bool same_disk = false;
};

struct HostFact {
    std::optional<double> temperature_c;
    std::uint64_t memory_bytes = 0;
    std::uint64_t available_bytes = 0;
    double load = 0;  // of five minutes
    unsigned cores = 1;
    bool nfc_driver = false;
    bool pcscd = false;
};

}  // namespace stile::doctor
