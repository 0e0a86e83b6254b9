// SPDX-License-Identifier: Apache-2.0
// The site file: everything that an installer sets for one controller, with its defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/config/wiring.hpp"

namespace stile::config {

using Milliseconds = std::chrono::milliseconds;

struct Gate {
    std::string venue;              // [a-z0-9-], in every topic
    std::string gate;               // [a-z0-9-], unique in the venue
    std::int64_t number = 0;        // 0: the first 8 bytes of SHA-256("venue/gate")
    std::string time_zone = "UTC";  // of the clocks on the wall, for [[schedule]]
};

struct Paths {
    std::string state = "/var/lib/stile";       // both LMDB environments
    std::string runtime = "/run/stile";         // sockets
    std::string keys = "/etc/stile/keys.toml";  // issuer keys that this gate trusts
    std::string secret;  // file with the 32-byte event secret, or "stile.event.secret" for the
                         // credential; empty: one is made in `state`
    std::string policy;  // the venue's policy (daemon/POLICY.md); empty: none
};

struct Sockets {
    std::string reader_user = "stile-reader";
    std::string sync_user = "stile-sync";
    std::string display_user = "stile-display";
};

// Unix groups whose members may tell the gate what to do (daemon/control/CONTROL.md). Each role may
// do what those before it may.
struct Roles {
    std::vector<std::string> viewer = {"stile-viewer"};
    std::vector<std::string> operators = {"stile-operator"};  // "operator" is a word of C++
    std::vector<std::string> supervisor = {"stile-supervisor"};
    std::vector<std::string> security = {"stile-security"};
    std::vector<std::string> maintainer = {"stile-maintainer"};
};

struct Ledger {
    std::int64_t map_mib = 4096;  // upper bound of ledger and of catalog (address space, not disk)
    std::int64_t reserve_mib =
        64;  // disk space taken at first start, so that a full disk cannot stop admissions
};

struct Clock {
    Milliseconds assumed_error{5000};  // of a system clock that nothing disciplines (CLOCK.md)
};

struct Policy {
    std::vector<std::int64_t>
        events;  // events that this gate admits; empty: all that a trusted key signs
    std::vector<std::int64_t> products;  // empty: all
    std::string reentry = "never";       // never | after-exit | always
};

// A ticketing platform whose access lists are asked here (pretix: check-in lists).
struct Platform {
    std::vector<std::string> lists;  // "EVENT:LIST", one an event; the first counts most
    std::int64_t gate = 0;           // its number of this entrance, for custom rules; 0: none
    std::int64_t device = 0;         // its number of this gate as a device; 0: none
    std::string questions = "skip";  // skip | ask: nobody can answer at a turnstile, so refuse
    std::string unpaid = "refuse";   // refuse | ignore, where the list permits it
    std::string keys = "pinned";     // pinned: only paths.keys | platform: those of its events too
};

// What is asked of cards and phones at NFC readers (crypto/cards/CARDS.md).
struct Cards {
    std::string hce = "on";   // on | off: phones sign the gate's nonce
    std::string uid = "off";  // on | off: numbers of cards as media of the platform; anybody can
                              // clone one
    // Files with keys; "stile.NAME" is a systemd credential (is_credential()). Empty: no such
    // cards.
    std::string ev2_keys;     // NTAG 424 DNA, DESFire EV2 and EV3
    std::string mf0aes_keys;  // MIFARE Ultralight AES, encoded by the platform
};

struct Lane {
    std::string name;
    std::string direction = "entry";      // entry | exit | both
    std::vector<std::string> lists;       // of the platform; empty: platform.lists
    Wiring wiring;                        // its turnstile, sensors and lamps
    Milliseconds passage_timeout{8000};   // release without passage takes the admission back
    Milliseconds each_person{2000};       // more of it for each further person of a group
    std::string group = "together";       // together | single: people of one ticket in one release
    Milliseconds sensor_stuck{10000};     // a sensor that is covered for longer is an event
    Milliseconds simulated_passage{300};  // the simulated person needs this long; 0: nobody passes
    std::string simulated_trouble = "none";  // what goes wrong with the simulated turnstile
    std::string language = "en";             // of its display, and so are the next two
    std::string entrance;                    // as the people call it; empty: not shown
    std::string greeting = "none";           // none | name: of a guest whom the orders know
};

struct Staff {
    std::vector<std::int64_t> products;  // whose tickets open the menu of a lane; empty: none
};

// A change of mode, every week.
struct Schedule {
    std::string lane;               // empty: all lanes
    std::vector<std::string> days;  // mon .. sun; empty: every day
    std::string from;               // "07:30"
    std::string mode = "normal";    // normal | free | locked | exit-only | out-of-order
    friend bool operator==(const Schedule&, const Schedule&) = default;
};

inline constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct Reader {
    std::string name;
    std::string lane;
    std::string kind = "camera";         // camera | nfc | scanner
    std::string direction;               // entry | exit; empty: its lane's
    std::string source = "/dev/video0";  // V4L2 device, stream, video file, or folder of images;
                                         // of the others "usb..." (devices/usb/permit.hpp) or a
                                         // serial line of a scanner ("/dev/ttyACM0")
    std::string pixel_format = "auto";   // auto | mjpg | yuyv | grey; wishes to a V4L2 device, as
    std::int64_t width = 1280;           // is its size
    std::int64_t height = 720;
    std::int64_t rate = 30;         // frames a second; a folder of images is played at this rate
    std::int64_t exposure_us = 0;   // of a picture; 0: the camera's own automatic
    Milliseconds hold_off{1000};    // a code that was away this long is a new scan
    std::int64_t most_scans = 100;  // a second that the daemon looks at; a camera sees fewer
    // Of scanners (devices/scanner/SCANNER.md).
    std::string layout = "us";  // of the keyboard that it is
    Milliseconds end_gap{100};  // a code is at its end when nothing came for that long
    std::int64_t baud = 9600;   // of a serial line
    std::string prefix;         // what it puts around each code
    std::string suffix;
};

enum class ReaderKind : std::uint8_t { Camera, Nfc, Scanner };
[[nodiscard]] ReaderKind kind_of(const Reader& reader);

struct Mqtt {
    std::vector<std::string> brokers = {"tcp://127.0.0.1:1883"};
    // Whose watermarks move the outbox's cursor; empty: the broker's acknowledgements do.
    std::vector<std::string> collectors;
    std::string client_id;          // empty: stile-VENUE-GATE
    std::string discovery = "off";  // on | off: Home Assistant is told of the gate
    std::string user;
    // Of these files "stile.NAME" is a systemd credential (is_credential()).
    std::string user_file;  // instead of `user`
    std::string password_file;
    std::string ca_file;           // only these authorities; empty: the system's
    std::string certificate_file;  // of this client
    std::string key_file;
    Milliseconds keep_alive{15000};
    std::int64_t window =
        16;  // unacknowledged messages; below the broker's receive-maximum (mosquitto: 20)
    Milliseconds retry_first{250};
    Milliseconds retry_longest{10000};
    Milliseconds health_period{10000};
};

struct Metrics {
    std::string listen = "127.0.0.1:9464";  // of /metrics and /healthz; empty: not at all
};

struct Display {
    std::string listen = "127.0.0.1:9470";  // loopback only
    std::string languages;                  // folder of more language files; empty: none
    std::string sound = "on";               // on | off
};

struct Site {
    Gate site;
    Paths paths;
    Sockets sockets;
    Roles roles;
    Ledger ledger;
    Clock clock;
    Policy policy;
    Platform platform;
    Cards cards;
    Staff staff;
    Mqtt mqtt;
    Metrics metrics;
    Display display;
    std::vector<Lane> lanes;
    std::vector<Reader> readers;
    std::vector<Schedule> schedules;
    FirePanel fire;
    std::string text;  // the file itself

    [[nodiscard]] const Reader* reader(std::string_view name) const;
    [[nodiscard]] const Lane* lane(std::string_view name) const;
    // The lists of the platform that a lane asks.
    [[nodiscard]] const std::vector<std::string>& lists_of(const Lane& lane) const {
        return lane.lists.empty() ? platform.lists : lane.lists;
    }
    [[nodiscard]] std::filesystem::path socket(std::string_view name) const {
        return std::filesystem::path{paths.runtime} / name;
    }
};

// One of Platform::lists.
struct ListName {
    std::string event;  // the platform's short name
    std::uint64_t list = 0;
    friend bool operator==(const ListName&, const ListName&) = default;
};
// Nothing for anything else than "EVENT:LIST".
[[nodiscard]] std::optional<ListName> list_name(std::string_view text);

// Minutes after midnight of "07:30"; nothing for anything else.
[[nodiscard]] std::optional<std::chrono::minutes> time_of_day(std::string_view text);

// What goes across sections; load_site() has asked it. Errors: Config, naming the file.
[[nodiscard]] Result<void> check(const Site& site, const std::filesystem::path& file);

// Reads and validates the whole file. Errors: Config with file, line and key ("site.toml:12:
// mqtt.windw: unknown key"), NotFound, Denied. Relative paths in the file are relative to its
// folder.
[[nodiscard]] Result<Site> load_site(const std::filesystem::path& file);

}  // namespace stile::config
