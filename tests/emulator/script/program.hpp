// SPDX-License-Identifier: Apache-2.0
// The program under test: started among the emulated devices, waited for, and ended.
#pragma once

#include <optional>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "tests/emulator/bus.hpp"

namespace stile::emulator {

class Program {
public:
    // The words outlive it; without any there is no program.
    Program(Table& table, char** words) : table_{table}, words_{words} {}
    // Kills it if it still runs.
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] bool is_there() const { return words_[0] != nullptr; }
    void start();
    void signal(int number) const;
    [[nodiscard]] bool is_started() const { return pid_ > 0; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    // With the table's lock. The exit code, 128 + n after signal n; nothing while it runs.
    [[nodiscard]] std::optional<int> ended() const { return ended_; }

private:
    void wait();

    Table& table_;
    char** words_;
    pid_t pid_ = -1;
    std::optional<int> ended_;
    std::jthread waiter_;
};

}  // namespace stile::emulator
