// SPDX-License-Identifier: Apache-2.0
// Kills work in the middle, as a power cut would.
#pragma once

#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::test {

// Runs `work` in a child, which writes one byte at each of its steps into the descriptor it is
// given and never returns, and kills it while it goes on from step number `after`. True when it was
// still running. Call it before any thread starts.
inline bool kill_child_after(int after, const std::function<void(int steps)>& work) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    const UniqueFd out{ends[0]};
    UniqueFd in{ends[1]};
    const pid_t child = ::fork();
    if (child == 0) {
        work(in.get());
        ::_exit(1);
    }
    in.reset();
    char step = 0;
    for (int i = 0; i <= after; ++i)
        if (::read(out.get(), &step, 1) != 1) break;
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status);
}

}  // namespace stile::test
