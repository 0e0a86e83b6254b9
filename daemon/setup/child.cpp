// SPDX-License-Identifier: Apache-2.0
// posix_spawnp between two pipes.
#include "daemon/setup/child.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

constexpr std::size_t kMostInput = 4096;  // a pipe takes that at once
constexpr std::size_t kMostOutput = 256 << 10;

struct Pipe {
    UniqueFd read, write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::Io, "no pipe can be made");
    return Pipe{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

Result<pid_t> start(std::vector<std::string>& words, const Pipe& in, const Pipe& out) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, in.read.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int error =
        ::posix_spawnp(&pid, words.front().c_str(), &files, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (error == 0) return pid;
    return fail(Errc::Io, words.front() + ": " + std::system_category().message(error));
}

// Up to the end, or one byte too much.
std::size_t read_all(int fd, std::span<std::uint8_t> room) {
    std::size_t size = 0;
    while (size < room.size()) {
        const ssize_t count = ::read(fd, room.data() + size, room.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
    }
    return size;
}

}  // namespace

Result<crypto::LockedBytes> output_of_child(std::vector<std::string> words, Bytes input) {
    if (input.size() > kMostInput) return fail(Errc::Invalid, "longer than 4096 bytes");
    auto in = make_pipe();
    auto out = make_pipe();
    if (!in || !out) return fail(Errc::Io, "no pipe can be made");
    // Both ends of the first are open, so that nobody's absence raises a signal.
    const bool given =
        ::write(in->write.get(), input.data(), input.size()) == static_cast<ssize_t>(input.size());
    const auto pid = start(words, *in, *out);
    in = Pipe{};
    out->write.reset();
    if (!pid) return std::unexpected{pid.error()};
    crypto::LockedBytes printed{kMostOutput + 1};
    const std::size_t size = read_all(out->read.get(), printed.span());
    out->read.reset();
    int status = 0;
    while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!given || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(Errc::Io, words.front() + " failed");
    if (size > kMostOutput) return fail(Errc::Invalid, words.front() + " prints too much");
    printed.shrink(size);
    return printed;
}

}  // namespace stile
