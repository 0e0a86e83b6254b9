// SPDX-License-Identifier: Apache-2.0
// posix_spawnp, three pipes, a pidfd.
#include "daemon/runtime/child.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostInput = 4096;  // a pipe takes that at once
constexpr std::size_t kMostOutput = 256 * 1024;

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

// Both of its ends are open here, so that nobody's absence raises a signal.
Pipe pipe_with(Bytes input) {
    Pipe pipe = make_pipe();
    if (!pipe.read || input.size() > kMostInput) return {};
    const bool whole = ::write(pipe.write.get(), input.data(), input.size()) == std::ssize(input);
    return whole ? std::move(pipe) : Pipe{};
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
    std::vector<std::string> all = more;  // the first of a name counts
    for (char** line = environ; *line != nullptr; ++line)
        all.emplace_back(*line);
    return all;
}

struct Pipes {
    Pipe in, out, err;
};

// The process, or -1.
pid_t start(std::vector<std::string>& words, const std::vector<std::string>& more,
            const Pipes& pipes) {
    auto environment = environment_with(more);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, pipes.in.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, pipes.out.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, pipes.err.write.get(), STDERR_FILENO);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, words[0].c_str(), &files, nullptr,
                                      pointers_to(words).data(), pointers_to(environment).data());
    posix_spawn_file_actions_destroy(&files);
    return failed == 0 ? child : -1;
}

// Takes what is there; closes the pipe at its end.
void take(UniqueFd& from, std::string& into) {
    std::array<char, 4096> chunk{};
    const auto size = ::read(from.get(), chunk.data(), chunk.size());
    if (size <= 0) return from.reset();
    const auto room = kMostOutput - std::min(kMostOutput, into.size());
    into.append(chunk.data(), std::min(static_cast<std::size_t>(size), room));
}

int left_until(Steady::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
}

// Reads both until both are at their end, or the time is over.
void read_all(UniqueFd& out, UniqueFd& err, ChildEnd& child, Steady::time_point end) {
    while (out || err) {
        std::array<pollfd, 2> both{pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}};
        if (::poll(both.data(), both.size(), left_until(end)) <= 0) return;
        if (both[0].revents != 0) take(out, child.out);
        if (both[1].revents != 0) take(err, child.err);
    }
}

}  // namespace

ChildEnd run_child(std::vector<std::string> words, const ChildWishes& wishes) {
    const auto end = Steady::now() + wishes.limit;
    Pipes pipes{pipe_with(wishes.input), make_pipe(), make_pipe()};
    ChildEnd child;
    if (!pipes.in.read || !pipes.out.read || !pipes.err.read) return child;
    const pid_t pid = start(words, wishes.environment, pipes);
    if (pid < 0) return child;
    child.started = true;
    const UniqueFd ended{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    pipes.in = Pipe{};
    pipes.out.write.reset();
    pipes.err.write.reset();
    read_all(pipes.out.read, pipes.err.read, child, end);
    pollfd wait{ended.get(), POLLIN, 0};
    if (::poll(&wait, 1, left_until(end)) != 1) ::kill(pid, SIGKILL);
    int status = 0;
    if (::waitpid(pid, &status, 0) == pid && WIFEXITED(status))
        child.exit_code = WEXITSTATUS(status);
    return child;
}

}  // namespace stile
