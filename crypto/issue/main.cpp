// SPDX-License-Identifier: Apache-2.0
// stile-issue, the organiser's tool: reads the command line, runs one command, turns failure into
// words.
#include <chrono>
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "crypto/issue/command_line.hpp"

namespace {

namespace crypto = stile::crypto;

int run(int argc, char** argv) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto work = crypto::parse_command_line(argc, argv, now);
    if (!work) return work.error();
    const auto outcome = (*work)();
    if (!outcome) {
        fmt::print(stderr, "stile-issue: {}\n", outcome.error().context);
        return 1;
    }
    if (std::fflush(stdout) == 0) return *outcome == crypto::Outcome::Done ? 0 : 1;
    fmt::print(stderr, "stile-issue: standard output could not be written\n");
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fputs("stile-issue: ", stderr);
        std::fputs(error.what(), stderr);
        std::fputs("\n", stderr);
        return 1;
    }
}
