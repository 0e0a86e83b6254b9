// SPDX-License-Identifier: Apache-2.0
// A disk that is soon full.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <sched.h>
#include <sys/mount.h>

namespace stile::test {

// Mounts one at a folder, for this process alone, with which it goes. False: that takes root.
[[nodiscard]] inline bool mount_small_disk(const std::filesystem::path& at, unsigned mib) {
    const std::string size = "size=" + std::to_string(mib) + "m";
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", at.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

// Writes until no byte is free.
inline void fill_up(const std::filesystem::path& file) {
    std::ofstream out{file, std::ios::binary};
    const std::string part(4096, 'x');
    while (out.write(part.data(), static_cast<std::streamsize>(part.size())).flush()) {
    }
}

}  // namespace stile::test
