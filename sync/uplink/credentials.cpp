// SPDX-License-Identifier: Apache-2.0
// One environment variable, one line.
#include "sync/uplink/credentials.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace stile::sync {
namespace {

constexpr std::size_t kMaxLine = 4096;

}  // namespace

Result<std::string> credential_path(std::string_view key, const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos) return name;
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        return fail(Errc::Config, fmt::format("{}: \"{}\" is a credential, but systemd gave none "
                                              "(LoadCredential=)",
                                              key, name));
    }
    return (std::filesystem::path{folder} / name).native();
}

Result<std::string> credential_line(std::string_view key, const std::string& name) {
    const auto path = credential_path(key, name);
    if (!path || path->empty()) return path;
    std::ifstream in{*path};
    std::string line;
    const bool read = static_cast<bool>(std::getline(in, line));
    if (line.ends_with('\r')) line.pop_back();  // written on Windows
    if (!read || line.empty() || line.size() > kMaxLine) {
        return fail(Errc::Config,
                    fmt::format("{}: {} cannot be read, or its first line is empty", key, *path));
    }
    return line;
}

}  // namespace stile::sync
