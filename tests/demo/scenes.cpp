// SPDX-License-Identifier: Apache-2.0
// Two numbers from the end of each line; what is left is the path, spaces and all.
#include "tests/demo/scenes.hpp"

#include <fstream>
#include <string>

#include <fmt/format.h>

namespace stile::demo {
namespace {

constexpr double kLongestSeconds = 600;

// Cuts the last word off `line` and reads it as seconds; negative when it is none.
double take_seconds(std::string& line) {
    const auto end = line.find_last_not_of(" \t\r");
    const auto gap = end == std::string::npos ? end : line.find_last_of(" \t", end);
    if (gap == std::string::npos) return -1;
    char* rest = nullptr;
    const std::string word = line.substr(gap + 1, end - gap);
    const double seconds = std::strtod(word.c_str(), &rest);
    line.resize(gap);
    return *rest == '\0' && seconds <= kLongestSeconds ? seconds : -1;
}

}  // namespace

Result<std::vector<Scene>> read_scenes(const std::filesystem::path& list) {
    std::ifstream in{list};
    if (!in) return fail(Errc::NotFound, list.native() + ": cannot be read");
    std::vector<Scene> scenes;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') continue;
        Scene scene;
        scene.empty_seconds = take_seconds(line);
        scene.seconds = take_seconds(line);
        const auto end = line.find_last_not_of(" \t");
        if (scene.seconds < 0 || scene.empty_seconds < 0 || end == std::string::npos) {
            return fail(Errc::Invalid, fmt::format("{}:{}: PICTURE SECONDS EMPTY_SECONDS expected",
                                                   list.native(), number));
        }
        scene.picture = list.parent_path() / line.substr(0, end + 1);
        scenes.push_back(std::move(scene));
    }
    return scenes;
}

}  // namespace stile::demo
