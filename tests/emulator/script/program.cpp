// SPDX-License-Identifier: Apache-2.0
// fork, exec, and a thread that waits.
#include "tests/emulator/script/program.hpp"

#include <csignal>
#include <cstdio>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stile::emulator {

void Program::start() {
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it ends with the emulator
        ::execvp(words_[0], words_);
        std::perror(words_[0]);
        ::_exit(127);
    }
    waiter_ = std::jthread{[this] { wait(); }};
}

void Program::wait() {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
    const std::lock_guard lock{table_.mutex};
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    table_.changed.notify_all();
}

void Program::signal(int number) const {
    const std::lock_guard lock{table_.mutex};
    if (is_started() && !ended_) ::kill(pid_, number);
}

Program::~Program() {
    signal(SIGKILL);
}

}  // namespace stile::emulator
