// SPDX-License-Identifier: Apache-2.0
// Names of files in a file of settings.
#pragma once

#include <filesystem>
#include <string>

namespace stile::config {

// A relative name begins at `folder`, where the file of settings is. An empty one stays empty.
void make_absolute(std::string& file, const std::filesystem::path& folder);

// The same, but a credential (is_credential()) stays the name that it is: what has no slash
// afterwards is one.
void make_secret_absolute(std::string& file, const std::filesystem::path& folder);

}  // namespace stile::config
