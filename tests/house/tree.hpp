// SPDX-License-Identifier: Apache-2.0
// The files of the project, as the house tests look at them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace stile::test {

struct File {
    std::string path;  // from the top of the project: "daemon/core/reason.hpp"
    std::vector<std::string> lines;

    [[nodiscard]] bool in(std::string_view folder) const;
    [[nodiscard]] bool ends_with(std::string_view tail) const { return path.ends_with(tail); }
    [[nodiscard]] std::string name() const;
};

struct Include {
    std::string header;
    bool angled = false;  // <header>, not "header"
};

[[nodiscard]] std::filesystem::path top();

// All files that belong to the project, read into lines; build folders and the test corpus do not.
[[nodiscard]] const std::vector<File>& project_files();
// Those below the folders of the product (not tests/) that end with one of `tails`.
[[nodiscard]] std::vector<File> product_files(const std::vector<std::string_view>& tails);

[[nodiscard]] std::vector<Include> includes_of(const File& file);

}  // namespace stile::test
