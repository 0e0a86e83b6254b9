// SPDX-License-Identifier: Apache-2.0
// stile-demo-watch: shows the entries that arrive on standard input, one line a scan, and ends when
// all expected verdicts came.
#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/demo/verdict_watch.hpp"

namespace stile::demo {
namespace {

using Clock = std::chrono::steady_clock;

// The first word of each line; empty lines and lines that begin with # are left out.
std::vector<std::string> read_expected(const std::string& file) {
    std::vector<std::string> reasons;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == std::string::npos || line[begin] == '#') continue;
        reasons.push_back(line.substr(begin, line.find_first_of(" \t\r", begin) - begin));
    }
    return reasons;
}

void print(const Shown& shown) {
    static const bool colours = ::isatty(STDOUT_FILENO) == 1;
    const bool admit = shown.verdict == Shown::Verdict::Admit;
    const std::string_view paint = !colours ? "" : admit ? "\x1b[32m" : "\x1b[31m";
    std::cout << fmt::format("{:<12}  {:<16}  {}{:<6}  {:<14}{}  {:>8.1f} ms  {}\n", shown.time,
                             shown.gate, paint, admit ? "admit" : "refuse", shown.reason,
                             colours ? "\x1b[0m" : "", static_cast<double>(shown.latency_us) / 1000,
                             shown.passage)
              << std::flush;
}

// Lines from standard input, as long as they come in time.
class Input {
public:
    enum class State { Line, Late, Closed };
    State next(std::string& line, Clock::time_point deadline) {
        while (true) {
            if (const auto end = pending_.find('\n'); end != std::string::npos) {
                line = pending_.substr(0, end);
                pending_.erase(0, end + 1);
                return State::Line;
            }
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
            pollfd wait{STDIN_FILENO, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) == 0)
                return State::Late;
            char buffer[4096];
            const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof buffer);
            if (size <= 0) return State::Closed;
            pending_.append(buffer, static_cast<std::size_t>(size));
        }
    }

private:
    std::string pending_;
};

int watch(VerdictWatch& verdicts, std::chrono::seconds timeout) {
    // After the last expected scan, one more would be wrong: give it a moment to show up.
    constexpr std::chrono::seconds kSettle{1};
    Clock::time_point deadline = Clock::now() + timeout;
    bool settling = false;
    Input input;
    std::string line;
    while (input.next(line, deadline) == Input::State::Line) {
        for (const Shown& shown : verdicts.take(line))
            print(shown);
        if (!settling && verdicts.complete()) {
            deadline = std::min(deadline, Clock::now() + kSettle);
            settling = true;
        }
    }
    std::cout << '\n' << verdicts.summary() << '\n';
    return verdicts.as_expected() ? kExitDone : kExitFailed;
}

int run(int argc, char** argv) {
    std::string expect;
    int timeout_seconds = 120;
    CLI::App app{"Reads entries (mosquitto_sub -v, or JSON lines) and shows one line a scan."};
    app.add_option("--expect", expect, "File with one expected reason a line")
        ->check(CLI::ExistingFile);
    app.add_option("--timeout", timeout_seconds, "Seconds to wait for all of them")
        ->check(CLI::Range(1, 86'400));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }
    std::vector<std::string> expected;
    if (!expect.empty()) {
        expected = read_expected(expect);
        if (expected.empty()) {
            std::cerr << expect << ": no reason in it\n";
            return kExitUsage;
        }
    }
    VerdictWatch verdicts{std::move(expected)};
    return watch(verdicts, std::chrono::seconds{timeout_seconds});
}

}  // namespace
}  // namespace stile::demo

int main(int argc, char** argv) {
    try {
        return stile::demo::run(argc, argv);
    } catch (const std::exception& thrown) {
        std::cerr << "stile-demo-watch: " << thrown.what() << '\n';
        return stile::kExitFailed;
    }
}
