// SPDX-License-Identifier: Apache-2.0
// A serial line whose other end the test holds, under a name that stays when it is plugged anew.
#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::devices::testing {

class SerialLine {
public:
    explicit SerialLine(std::filesystem::path name) : name_{std::move(name)} { plug(); }

    void plug() {
        master_.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
        std::array<char, 64> path{};
        ASSERT_EQ(::grantpt(master_.get()), 0);
        ASSERT_EQ(::unlockpt(master_.get()), 0);
        ASSERT_EQ(::ptsname_r(master_.get(), path.data(), path.size()), 0);
        // Under a new name first: the reader never sees a link to nothing.
        const std::filesystem::path next = name_.native() + ".next";
        std::filesystem::create_symlink(path.data(), next);
        std::filesystem::rename(next, name_);
    }
    void unplug() {
        std::filesystem::remove(name_);
        master_.reset();
    }
    void send(std::string_view bytes) const {
        ASSERT_EQ(::write(master_.get(), bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] int master() const { return master_.get(); }
    [[nodiscard]] const std::filesystem::path& name() const { return name_; }

private:
    std::filesystem::path name_;
    UniqueFd master_;
};

}  // namespace stile::devices::testing
