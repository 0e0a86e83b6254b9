// SPDX-License-Identifier: Apache-2.0
// fork, exec, pipes and pidfd.
#include "tests/sync/testbed/child.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stile::sync::testbed {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (const std::string& text : texts)
        out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> with_ours(std::vector<std::string> environment) {
    for (char** entry = environ; *entry != nullptr; ++entry)
        environment.emplace_back(*entry);
    return environment;
}

}  // namespace

Lines::Lines(UniqueFd source)
    : source_{std::move(source)}, reader_{[this, fd = source_.get()] { read(fd); }} {}

void Lines::read(int fd) {
    std::string rest;
    std::array<char, 65536> chunk{};
    for (ssize_t size = 0; (size = ::read(fd, chunk.data(), chunk.size())) > 0;) {
        rest.append(chunk.data(), static_cast<std::size_t>(size));
        const std::lock_guard lock{mutex_};
        for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos;) {
            lines_.push_back(rest.substr(0, end));
            rest.erase(0, end + 1);
        }
        changed_.notify_all();
    }
}

bool Lines::wait(const Predicate& enough, Timeout timeout) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, timeout, [&] { return enough(lines_); });
}

bool Lines::wait_for(const std::string& part, std::size_t from, Timeout timeout) {
    return wait(
        [&](const std::vector<std::string>& lines) {
            for (std::size_t i = from; i < lines.size(); ++i) {
                if (lines[i].find(part) != std::string::npos) return true;
            }
            return false;
        },
        timeout);
}

std::vector<std::string> Lines::all() {
    const std::lock_guard lock{mutex_};
    return lines_;
}

std::vector<std::string> Lines::to_the_end() {
    if (reader_.joinable()) reader_.join();
    return all();
}

Child::Child(const std::vector<std::string>& command, Stream stream,
             const std::vector<std::string>& environment) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) std::abort();
    const auto arguments = pointers(command);
    const auto all = with_ours(environment);
    const auto variables = pointers(all);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing outlives a test that crashes
        if (::getppid() != parent) ::_exit(127);
        ::dup2(pipe[1], stream == Stream::Output ? STDOUT_FILENO : STDERR_FILENO);
        ::execvpe(arguments[0], arguments.data(), variables.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    handle_.reset(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
    lines_ = std::make_unique<Lines>(UniqueFd{pipe[0]});
}

Child::~Child() {
    kill();
}

void Child::signal(int number) const {
    if (process_ > 0) ::kill(process_, number);
}

std::optional<int> Child::wait(Timeout timeout) {
    pollfd ended{handle_.get(), POLLIN, 0};
    if (process_ < 0 || ::poll(&ended, 1, static_cast<int>(timeout.count())) != 1) return {};
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Child::kill() {
    signal(SIGCONT);
    signal(SIGKILL);
    (void)wait();
}

std::filesystem::path quick_parent() {
    constexpr std::uintmax_t kRoom = 512U << 20U;
    const std::filesystem::path memory = "/dev/shm";
    std::error_code error;
    const auto room = std::filesystem::space(memory, error);
    const bool usable = !error && room.available >= kRoom && ::access(memory.c_str(), W_OK) == 0;
    return usable ? memory : std::filesystem::temp_directory_path();
}

TempFolder::TempFolder(const std::filesystem::path& parent) {
    std::string pattern = (parent / "stile-XXXXXX").native();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, std::string_view content) const {
    std::ofstream{path_ / name} << content;
    return path_ / name;
}

std::uint16_t free_port() {
    const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

bool wait_for_port(std::uint16_t port, Timeout timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const sockaddr_in address = loopback(port);
    while (std::chrono::steady_clock::now() < deadline) {
        const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0)
            return true;
        ::poll(nullptr, 0, 10);  // the pace of asking; the condition is the connection
    }
    return false;
}

bool have_program(const std::string& name) {
    const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    std::string folders = std::string{path == nullptr ? "" : path} + ":/usr/sbin:";
    for (std::size_t end = 0; (end = folders.find(':')) != std::string::npos;) {
        if (::access((folders.substr(0, end) + "/" + name).c_str(), X_OK) == 0) return true;
        folders.erase(0, end + 1);
    }
    return false;
}

}  // namespace stile::sync::testbed
