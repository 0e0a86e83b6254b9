// SPDX-License-Identifier: Apache-2.0
// Child processes, temporary folders and free ports for the tests against real programs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::sync::testbed {

using Timeout = std::chrono::milliseconds;
// Generous: the machine may be busy, and a passing test never waits for it.
inline constexpr Timeout kPatience{30'000};

// The lines that a child writes, collected on a thread of their own.
class Lines {
public:
    using Predicate = std::function<bool(const std::vector<std::string>&)>;

    explicit Lines(UniqueFd source);
    // Whether `enough` became true in time. Blocks.
    [[nodiscard]] bool wait(const Predicate& enough, Timeout timeout = kPatience);
    // Whether a line that contains `part` came, among those from number `from` on.
    [[nodiscard]] bool wait_for(const std::string& part, std::size_t from = 0,
                                Timeout timeout = kPatience);
    [[nodiscard]] std::vector<std::string> all();
    // All of them. Blocks until nobody can write more.
    [[nodiscard]] std::vector<std::string> to_the_end();

private:
    void read(int fd);
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    UniqueFd source_;
    std::jthread reader_;
};

// A running program. Killed when it goes out of scope.
class Child {
public:
    enum class Stream { Output, Errors };

    // The child gets `environment` in addition to ours; lines of `stream` are collected.
    Child(const std::vector<std::string>& command, Stream stream,
          const std::vector<std::string>& environment = {});
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void signal(int number) const;
    // The exit code, or minus the signal that ended it; nothing when it still runs. Blocks.
    [[nodiscard]] std::optional<int> wait(Timeout timeout = kPatience);
    void kill();
    [[nodiscard]] Lines& lines() { return *lines_; }

private:
    pid_t process_ = -1;
    UniqueFd handle_;  // readable when the child has ended
    std::unique_ptr<Lines> lines_;
};

// In memory where there is room for it: for what waits for a disk again and again, and is not about
// the disk.
[[nodiscard]] std::filesystem::path quick_parent();

class TempFolder {
public:
    explicit TempFolder(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path());
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Writes a file and returns its path.
    [[nodiscard]] std::string write(const std::string& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

[[nodiscard]] std::uint16_t free_port();
// Waits until somebody accepts connections there. Blocks.
[[nodiscard]] bool wait_for_port(std::uint16_t port, Timeout timeout = kPatience);
[[nodiscard]] bool have_program(const std::string& name);

}  // namespace stile::sync::testbed
