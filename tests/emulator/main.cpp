// SPDX-License-Identifier: Apache-2.0
// stile-emulator SCRIPT -- PROGRAM ARGUMENTS...: runs a program among emulated USB devices, and
// plays the transcript (tests/emulator/TRANSCRIPT.md) meanwhile. Exit code 0: every line of it
// held.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/emulator/script/player.hpp"
#include "tests/emulator/umockdev/umockdev_bus.hpp"

namespace {

const std::string kPreload = "libumockdev-preload.so.0";

// This program sends udev's events by the library that the programs receive them by, and they get
// it from its environment: so it starts itself anew with it. The sanitizers of a program under test
// find another library before theirs, and bear with it.
void start_among_mocks(char** words) {
    const char* old = std::getenv("LD_PRELOAD");
    if (old != nullptr && std::strstr(old, kPreload.c_str()) != nullptr) return;
    const std::string all = kPreload + (old == nullptr ? "" : std::string{":"} + old);
    ::setenv("LD_PRELOAD", all.c_str(), 1);
    // Memory is judged: a sanitizer shall not keep for long what a program has freed.
    ::setenv("ASAN_OPTIONS",
             "verify_asan_link_order=0:detect_leaks=0:quarantine_size_mb=1:"
             "thread_local_quarantine_size_kb=64",
             0);
    ::setenv("TSAN_OPTIONS", "report_bugs=0", 0);
    ::execv("/proc/self/exe", words);
}

int play(const std::string& script, char** program) {
    using namespace stile::emulator;
    std::ifstream file;
    if (script != "-") {
        file.open(script);
        if (!file) {
            std::fprintf(stderr, "stile-emulator: %s cannot be read\n", script.c_str());
            return 2;
        }
    }
    ::umask(0);  // the program may run as another user
    Table table;
    UmockdevBus bus{table};
    Program under_test{table, program};
    Player player{table, bus, under_test, std::filesystem::path{script}.parent_path()};
    const auto played = player.play(script == "-" ? std::cin : file);
    if (played) return 0;
    std::fprintf(stderr, "stile-emulator: %s\n", played.error().context.c_str());
    return played.error().code == stile::Errc::Invalid ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4 || std::strcmp(argv[2], "--") != 0) {
        std::fputs("Usage: stile-emulator SCRIPT -- PROGRAM ARGUMENTS...\n", stderr);
        return 2;
    }
    start_among_mocks(argv);
    return play(argv[1], argv + 3);
}
