// SPDX-License-Identifier: Apache-2.0
// The form of the files: sizes, first lines, pragma, and what may lie at the top.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "tree.hpp"

namespace stile::test {
namespace {

constexpr std::string_view kLicence = "SPDX-License-Identifier: Apache-2.0";

bool is_code(const File& file) {
    return file.ends_with(".hpp") || file.ends_with(".cpp");
}

bool is_script(const File& file) {
    return !file.lines.empty() && file.lines.front().starts_with("#!");
}

bool is_build_file(const File& file) {
    return file.name() == "CMakeLists.txt" || file.ends_with(".cmake");
}

std::string line(const File& file, std::size_t index) {
    return index < file.lines.size() ? file.lines[index] : "";
}

TEST(HouseFiles, AreNotTooLong) {
    for (const File& file : project_files()) {
        if (!is_code(file)) continue;
        const std::size_t limit = file.ends_with(".hpp") ? 250 : 400;
        EXPECT_LE(file.lines.size(), limit) << file.path;
    }
}

TEST(HouseFiles, HaveHeadersOfAHundredLinesAtTheMedian) {
    std::vector<std::size_t> sizes;
    for (const File& file : product_files({".hpp"}))
        sizes.push_back(file.lines.size());
    ASSERT_FALSE(sizes.empty());
    const auto middle = sizes.begin() + std::ssize(sizes) / 2;
    std::ranges::nth_element(sizes, middle);
    EXPECT_LE(*middle, 100U);
}

TEST(HouseFiles, BeginWithTheirLicence) {
    for (const File& file : project_files()) {
        const std::string comment = is_code(file) ? "// " : "# ";
        if (is_code(file) || is_build_file(file)) {
            EXPECT_EQ(line(file, 0), comment + std::string{kLicence}) << file.path;
        } else if (is_script(file)) {
            EXPECT_EQ(line(file, 1), comment + std::string{kLicence}) << file.path;
        }
    }
}

TEST(HouseFiles, SayWhatTheyAreFor) {
    for (const File& file : project_files()) {
        if (!is_code(file)) continue;
        EXPECT_TRUE(line(file, 1).starts_with("// ")) << file.path;
    }
}

TEST(HouseFiles, GuardHeadersWithPragmaOnce) {
    for (const File& file : project_files()) {
        if (!file.ends_with(".hpp")) continue;
        EXPECT_NE(std::ranges::find(file.lines, "#pragma once"), file.lines.end()) << file.path;
    }
}

TEST(HouseFiles, KeepUsingNamespaceOutOfHeaders) {
    for (const File& file : project_files()) {
        if (!file.ends_with(".hpp")) continue;
        for (const std::string& text : file.lines)
            EXPECT_EQ(text.find("using namespace"), std::string::npos) << file.path;
    }
}

TEST(HouseFiles, FitAHundredColumns) {
    for (const File& file : project_files()) {
        if (!is_code(file)) continue;
        for (const std::string& text : file.lines) {
            const auto is_lead = [](char c) {
                return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            };
            EXPECT_LE(std::ranges::count_if(text, is_lead), 100) << file.path << ": " << text;
        }
    }
}

TEST(HouseFiles, HoldNothingUnfinished) {
    const std::string marks[] = {std::string{"TO"} + "DO", std::string{"FIX"} + "ME"};
    for (const File& file : project_files()) {
        if (!is_code(file) && !is_script(file) && !is_build_file(file)) continue;
        for (const std::string& text : file.lines) {
            for (const std::string& mark : marks)
                EXPECT_EQ(text.find(mark), std::string::npos) << file.path << ": " << text;
        }
    }
}

TEST(HouseFiles, HaveNamesThatSayWhatIsInThem) {
    for (const File& file : project_files()) {
        if (!is_code(file)) continue;
        for (const std::string_view empty_word : {"utils", "common", "manager", "helper", "misc"}) {
            EXPECT_EQ(file.path.find(empty_word), std::string::npos) << file.path;
        }
        EXPECT_TRUE(std::ranges::none_of(file.name(), [](char c) { return c >= 'A' && c <= 'Z'; }))
            << file.path;
    }
}

// The layout of the project's top, and no more.
TEST(HouseFiles, LieInTheRoomsOfTheHouse) {
    constexpr std::string_view kRooms[] = {"crypto",      "devices",
                                           "daemon",      "sync",
                                           "systemd",     "tests",
                                           "debian",      "CMakeLists.txt",
                                           "README.md",   "CMakePresets.json",
                                           "stile",       "LICENSE",
                                           "SECURITY.md", "CONTRIBUTING.md",
                                           "CHANGELOG.md"};
    for (const auto& entry : std::filesystem::directory_iterator{top()}) {
        const std::string name = entry.path().filename();
        const bool ignored = name.starts_with(".") || name.starts_with("build") ||
                             name == "compile_commands.json" || name == "node_modules";
        EXPECT_TRUE(ignored || std::ranges::find(kRooms, name) != std::end(kRooms)) << name;
    }
}

}  // namespace
}  // namespace stile::test
