// SPDX-License-Identifier: Apache-2.0
// Lexically: nothing is looked up.
#include "daemon/config/file_name.hpp"

#include "daemon/runtime/secret_file.hpp"

namespace stile::config {

void make_absolute(std::string& file, const std::filesystem::path& folder) {
    if (!file.empty() && file.front() != '/') file = (folder / file).lexically_normal().native();
}

void make_secret_absolute(std::string& file, const std::filesystem::path& folder) {
    if (!is_credential(file)) make_absolute(file, folder);
}

}  // namespace stile::config
