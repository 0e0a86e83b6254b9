// SPDX-License-Identifier: Apache-2.0
// The command line of stile-reader.
#pragma once

#include <expected>
#include <string>
#include <vector>

namespace stile::devices {

struct Options {
    enum class Action { Read, CheckConfig, Files, Sequence, List };
    enum class Run { ForEver, Once };
    Action action = Action::Read;
    Run run = Run::ForEver;
    std::string config;
    std::string name;
    std::vector<std::string> files;
    std::string folder;
};

// What to do, or the exit code when there is nothing left to do (help was printed, or the usage was
// wrong and the reason printed).
[[nodiscard]] std::expected<Options, int> parse_command_line(int argc, char** argv);

}  // namespace stile::devices
