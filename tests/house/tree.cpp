// SPDX-License-Identifier: Apache-2.0
// Walks the project and reads it.
#include "tree.hpp"

#include <algorithm>
#include <fstream>
#include <regex>

namespace stile::test {
namespace {

// What .gitignore leaves out, and data that tests feed to parsers.
bool is_foreign(const std::filesystem::path& path) {
    const std::string name = path.filename();
    if (path.parent_path() == top() && name.starts_with("build")) return true;
    return name == ".git" || name == ".cache" || name == "node_modules" || name == "corpus" ||
           name.ends_with(".swp");
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

std::vector<File> read_project() {
    std::vector<File> files;
    std::filesystem::recursive_directory_iterator walk{top()};
    for (; walk != std::filesystem::recursive_directory_iterator{}; ++walk) {
        if (is_foreign(walk->path())) {
            if (walk->is_directory()) walk.disable_recursion_pending();
        } else if (walk->is_regular_file()) {
            files.push_back(
                {walk->path().lexically_relative(top()).native(), lines_of(walk->path())});
        }
    }
    std::ranges::sort(files, {}, &File::path);
    return files;
}

}  // namespace

bool File::in(std::string_view folder) const {
    return path.starts_with(std::string{folder} + "/");
}

std::string File::name() const {
    return std::filesystem::path{path}.filename();
}

std::filesystem::path top() {
    return STILE_SOURCE_DIR;
}

const std::vector<File>& project_files() {
    static const std::vector<File> files = read_project();
    return files;
}

std::vector<File> product_files(const std::vector<std::string_view>& tails) {
    std::vector<File> files;
    for (const File& file : project_files()) {
        const bool inside =
            file.in("crypto") || file.in("daemon") || file.in("devices") || file.in("sync");
        const auto ends = [&file](std::string_view tail) { return file.ends_with(tail); };
        if (inside && std::ranges::any_of(tails, ends)) files.push_back(file);
    }
    return files;
}

std::vector<Include> includes_of(const File& file) {
    static const std::regex directive{R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)re"};
    std::vector<Include> includes;
    for (const std::string& line : file.lines) {
        std::smatch found;
        if (std::regex_match(line, found, directive))
            includes.push_back({found[2], found[1] == "<"});
    }
    return includes;
}

}  // namespace stile::test
