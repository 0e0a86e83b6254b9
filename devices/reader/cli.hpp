// SPDX-License-Identifier: Apache-2.0
// The command line of stile-reader.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/site.hpp"

namespace stile::devices {

// What --doctor asks of a camera instead of what the site file says.
struct Wishes {
    std::optional<std::string> pixel_format;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
    std::optional<std::int64_t> rate;
    std::optional<std::int64_t> exposure_us;
};

[[nodiscard]] config::Reader with_wishes(config::Reader settings, const Wishes& wishes);

struct Options {
    enum class Action { Read, CheckConfig, Files, Sequence, List, Doctor, DoctorUsb };
    enum class Run { ForEver, Once };
    Action action = Action::Read;
    Run run = Run::ForEver;
    std::string config;
    std::string name;
    std::vector<std::string> files;
    std::string folder;
    // For --doctor only, and json for --doctor-usb too.
    std::string source;  // empty: that of the reader in the site file
    Wishes wishes;
    std::string picture;
    std::int64_t seconds = 5;
    bool json = false;
};

// What to do, or the exit code when there is nothing left to do (help was printed, or the usage was
// wrong and the reason printed).
[[nodiscard]] std::expected<Options, int> parse_command_line(int argc, char** argv);

}  // namespace stile::devices
