// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal, a link to it, and a process that does nothing but own it.
#include "tests/emulator/umockdev/poll_node.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

namespace stile::emulator {

PollNode::PollNode(const std::filesystem::path& node) {
    int outside = -1;
    int inside = -1;
    std::array<char, 128> name{};
    termios raw{};
    ::cfmakeraw(&raw);
    if (::openpty(&outside, &inside, name.data(), &raw, nullptr) != 0) std::abort();
    outside_.reset(outside);
    inside_.reset(inside);
    for (const int fd : {outside, inside})
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fchmod(inside, 0666);
    std::filesystem::create_directories(node.parent_path());
    std::error_code absent;
    std::filesystem::remove(node, absent);
    std::filesystem::create_symlink(name.data(), node);
    start_keeper();
    set_ready(false);
}

void PollNode::start_keeper() {
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) std::abort();
    keeper_ = ::fork();
    if (keeper_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::signal(SIGHUP, SIG_DFL);
        ::setsid();
        ::ioctl(inside_.get(), TIOCSCTTY, 0);
        ::close(outside_.get());
        ::close(ready[0]);
        ::close(ready[1]);
        for (;;)
            ::pause();
    }
    ::close(ready[1]);
    char nothing = 0;
    while (::read(ready[0], &nothing, 1) < 0) {  // ends when the keeper has closed its end
    }
    ::close(ready[0]);
}

PollNode::~PollNode() {
    inside_.reset();
    outside_.reset();
    ::kill(keeper_, SIGKILL);
    ::waitpid(keeper_, nullptr, 0);
}

void PollNode::set_ready(bool ready) const {
    ::tcflow(inside_.get(), ready ? TCOON : TCOOFF);
}

}  // namespace stile::emulator
