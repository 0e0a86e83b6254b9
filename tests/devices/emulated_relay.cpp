// SPDX-License-Identifier: Apache-2.0
// stile-emulated-relay PROGRAM...: runs a program that finds a USB relay board with the id QAAMZ in
// port 1-1.4, and says each change of its relays on standard output. SIGUSR1 makes the board
// silent, SIGUSR2 makes it answer again. Start it with umockdev-wrapper.
#include "tests/devices/emulated_relay.hpp"

#include <csignal>
#include <cstdio>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using stile::devices::test::EmulatedRelay;

namespace {

// Signals come as they are told, one after the other.
void obey(EmulatedRelay& relay, sigset_t signals) {
    for (int signal = 0; ::sigwait(&signals, &signal) == 0;) {
        if (signal == SIGUSR1) relay.go(EmulatedRelay::Way::Silent);
        if (signal == SIGUSR2) relay.go(EmulatedRelay::Way::Works);
        if (signal == SIGCHLD) return;
    }
}

int run(char** program) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGUSR1, SIGUSR2, SIGCHLD})
        sigaddset(&signals, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    UMockdevTestbed* bed = umockdev_testbed_new();
    int status = 0;
    {
        EmulatedRelay relay{bed, "hidraw1", "1-1.4", "QAAMZ"};
        relay.on_change([](std::uint8_t states) {
            std::printf("relays %d\n", states);
            std::fflush(stdout);
        });
        const pid_t child = ::fork();
        if (child == 0) {
            ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // the test ends the emulator
            ::execv(program[0], program);
            ::_exit(127);
        }
        obey(relay, signals);
        ::waitpid(child, &status, 0);
    }
    g_object_unref(bed);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

}  // namespace

int main(int argc, char** argv) {
    return argc < 2 ? 2 : run(argv + 1);
}
