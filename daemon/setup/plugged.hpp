// SPDX-License-Identifier: Apache-2.0
// Devices that could be readers, as stile-reader --list sees them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace stile {

struct Plugged {
    std::string kind;    // camera | nfc | scanner
    std::string source;  // as a reader of the site file names it
    std::string name;    // for people
    friend bool operator==(const Plugged&, const Plugged&) = default;
};

// Of what the program printed. A camera is named by its link in `by_id`, if it has one: its number
// changes with the order in which cameras are found. A USB device is named by its model, and by its
// port where there are two of a model.
[[nodiscard]] std::vector<Plugged> plugged_in(std::string_view list,
                                              const std::filesystem::path& by_id);

// Runs the reader program and waits for it, 20 s at most. Empty when that does not work.
[[nodiscard]] std::vector<Plugged> look_for_devices(const std::string& reader_program);

}  // namespace stile
