// SPDX-License-Identifier: Apache-2.0
// posix_spawn, two pipes, a pidfd.
#include "daemon/doctor/run.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::doctor {
namespace {

using Steady = std::chrono::steady_clock;

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

// The process, or -1.
pid_t start(std::vector<std::string>& words, const std::vector<std::string>& more, const Pipe& out,
            const Pipe& err) {
    auto environment = environment_with(more);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO);
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
void read_all(UniqueFd& out, UniqueFd& err, ProgramFact& fact, Steady::time_point end) {
    while (out || err) {
        std::array<pollfd, 2> both{pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}};
        if (::poll(both.data(), both.size(), left_until(end)) <= 0) return;
        if (both[0].revents != 0) take(out, fact.out);
        if (both[1].revents != 0) take(err, fact.err);
    }
}

}  // namespace

std::string program_of_ours(const std::string& name) {
    std::error_code error;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& folder : {here, here / "../libexec/stile"}) {
        if (std::filesystem::exists(folder / name, error)) return (folder / name).native();
    }
    return name;
}

ProgramFact run(std::vector<std::string> words, std::chrono::seconds limit,
                const std::vector<std::string>& environment) {
    const auto end = Steady::now() + limit;
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    ProgramFact fact;
    if (!out.read || !err.read) return fact;
    const pid_t child = start(words, environment, out, err);
    if (child < 0) return fact;
    const UniqueFd ended{static_cast<int>(::syscall(SYS_pidfd_open, child, 0))};
    out.write.reset();
    err.write.reset();
    read_all(out.read, err.read, fact, end);
    pollfd wait{ended.get(), POLLIN, 0};
    if (::poll(&wait, 1, left_until(end)) != 1) ::kill(child, SIGKILL);
    int status = 0;
    if (::waitpid(child, &status, 0) == child && WIFEXITED(status))
        fact.exit_code = WEXITSTATUS(status);
    return fact;
}

}  // namespace stile::doctor
