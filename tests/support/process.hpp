// SPDX-License-Identifier: Apache-2.0
// A real program of ours under test: started, waited for without polling, never left behind.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::test {

class Process {
public:
    // Starts `program` of the build's bin folder, or with a / anywhere; its output goes to
    // "<output>.out" and ".err".
    Process(const std::string& program, std::vector<std::string> arguments,
            const std::filesystem::path& output);
    // Kills it if it still runs.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    [[nodiscard]] pid_t pid() const { return pid_; }
    // The exit code, or nothing when it does not end in time; 128 + n after signal n.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);

private:
    pid_t pid_ = -1;
    UniqueFd ended_;  // a pidfd
};

struct Finished {
    int exit_code = -1;
    std::string out;
    std::string err;
};

// Runs to the end, at most two minutes.
[[nodiscard]] Finished run(const std::string& program, std::vector<std::string> arguments,
                           const std::filesystem::path& folder);

}  // namespace stile::test
