// SPDX-License-Identifier: Apache-2.0
// posix_spawn and a pidfd.
#include "tests/support/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stile::test {
namespace {

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

Process::Process(const std::string& program, std::vector<std::string> arguments,
                 const std::filesystem::path& output) {
    const bool elsewhere = program.find('/') != std::string::npos;
    const std::string path = elsewhere ? program : std::string{STILE_BIN_DIR} + "/" + program;
    arguments.insert(arguments.begin(), path);
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    const int flags = O_CREAT | O_WRONLY | O_TRUNC;
    const std::string out = output.native() + ".out";
    const std::string err = output.native() + ".err";
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), flags, 0600);
    if (::posix_spawn(&pid_, path.c_str(), &files, nullptr, pointers.data(), environ) != 0)
        std::abort();
    posix_spawn_file_actions_destroy(&files);
    ended_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Process::~Process() {
    if (pid_ < 0) return;
    signal(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
    pollfd wait{ended_.get(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(timeout.count())) != 1) return std::nullopt;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Finished run(const std::string& program, std::vector<std::string> arguments,
             const std::filesystem::path& folder) {
    const auto output = folder / "run";
    Process process{program, std::move(arguments), output};
    const int exit_code = process.wait(std::chrono::minutes{2}).value_or(-1);
    return {exit_code, read_text(output.native() + ".out"), read_text(output.native() + ".err")};
}

}  // namespace stile::test
