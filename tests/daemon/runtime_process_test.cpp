// SPDX-License-Identifier: Apache-2.0
// What a program does as a process: signals, log lines, words to systemd, descriptors.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using stile::test::TempDir;

// A child process whose standard output and error come to the test.
class Child {
public:
    explicit Child(const std::function<int()>& body) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::dup2(ends[1], STDERR_FILENO);
            ::_exit(body());
        }
        out_ = UniqueFd{ends[0]};
        ::close(ends[1]);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    void signal(int number) const { EXPECT_EQ(::kill(process_, number), 0); }
    // The next line; what there is when the child ends.
    std::string line() {
        std::string text;
        char c = 0;
        while (::read(out_.get(), &c, 1) == 1 && c != '\n')
            text += c;
        return text;
    }
    // Its exit code, or minus the signal that killed it.
    int wait() {
        int status = 0;
        EXPECT_GT(::waitpid(std::exchange(process_, -1), &status, 0), 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t process_ = -1;
    UniqueFd out_;
};

void say(std::string_view line) {
    (void)!::write(STDOUT_FILENO, line.data(), line.size());
}

int loop_with_signals() {
    EventLoop loop;
    loop.handle_signals([] { say("hangup\n"); });
    const EventSource ready = loop.after(0ms, [] { say("ready\n"); });
    const EventSource deadline = loop.after(10s, [&loop] { loop.stop(99); });
    return loop.run();
}

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(RuntimeSignals, EndTheLoopOnTerminateAndInterrupt) {
    for (const int signal : {SIGTERM, SIGINT}) {
        Child child{loop_with_signals};
        ASSERT_EQ(child.line(), "ready");
        child.signal(signal);
        EXPECT_EQ(child.wait(), 0);
    }
}

TEST(RuntimeSignals, CallBackOnHangUpAndGoOn) {
    Child child{loop_with_signals};
    ASSERT_EQ(child.line(), "ready");
    child.signal(SIGHUP);
    EXPECT_EQ(child.line(), "hangup");
    child.signal(SIGHUP);
    EXPECT_EQ(child.line(), "hangup");
    child.signal(SIGTERM);
    EXPECT_EQ(child.wait(), 0);
}

TEST(RuntimeSignals, IgnoreAHangUpThatNobodyAskedFor) {
    Child child{[] {
        EventLoop loop;
        loop.handle_signals();
        const EventSource raised = loop.after(0ms, [] {
            ::raise(SIGHUP);
            ::raise(SIGTERM);
        });
        return loop.run();
    }};
    EXPECT_EQ(child.wait(), 0);
}

TEST(RuntimeLog, WritesTheTextWithoutItsFieldsToStandardError) {
    Child child{[] {
        ::unsetenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): the only thread
        log::set_program("stiled");
        log::warning("no broker", {{"BROKER", "tcp://a"}, {"TRIES", "3"}});
        log::error("bad");
        log::notice("list changed");
        log::info("started");
        return 0;
    }};
    EXPECT_EQ(child.line(), "stiled: warning: no broker");
    EXPECT_EQ(child.line(), "stiled: error: bad");
    EXPECT_EQ(child.line(), "stiled: list changed");
    EXPECT_EQ(child.line(), "stiled: started");
    EXPECT_EQ(child.wait(), 0);
}

TEST(RuntimeLog, StaysOnOneLineWhateverATextHolds) {
    Child child{[] {
        ::unsetenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): the only thread
        log::info("evil\nstile: fake\x1b[31m", {{"WHO", "me\n"}});
        return 0;
    }};
    EXPECT_EQ(child.line(), "stile: evil?stile: fake?[31m");
}

TEST(RuntimeLog, WritesToStandardErrorWhenTheJournalOfSomebodyElseIsInTheEnvironment) {
    Child child{[] {
        ::setenv("JOURNAL_STREAM", "8:1", 1);  // NOLINT(concurrency-mt-unsafe): the only thread
        log::info("visible");
        return 0;
    }};
    EXPECT_EQ(child.line(), "stile: visible");
}

TEST(RuntimeLog, DropsALineThatCannotBeWritten) {
    Child child{[] {
        ::close(STDERR_FILENO);
        log::error("nobody reads this");
        return 7;
    }};
    EXPECT_EQ(child.wait(), 7);
}

TEST(RuntimeNotify, DoesNothingWithoutAServiceManager) {
    Child child{[] {
        ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): the only thread
        notify::ready();
        notify::status("working");
        notify::stopping();
        return 7;
    }};
    EXPECT_EQ(child.wait(), 7);
}

TEST(RuntimeNotify, GoesOnWhenTheServiceManagerIsGone) {
    Child child{[] {
        ::setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);  // NOLINT(concurrency-mt-unsafe)
        notify::ready();
        return 7;
    }};
    EXPECT_EQ(child.wait(), 7);
}

TEST(RuntimeNotify, TellsTheServiceManagerInItsWords) {
    const TempDir folder;
    const std::string path = (folder.path() / "notify").native();
    const UniqueFd manager{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ASSERT_TRUE(manager);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(manager.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    Child child{[&path] {
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
        notify::ready();
        notify::status("2 lanes open");
        notify::stopping();
        return 0;
    }};
    EXPECT_EQ(child.wait(), 0);
    for (const std::string_view wanted : {"READY=1", "STATUS=2 lanes open", "STOPPING=1"}) {
        std::array<char, 256> text{};
        EXPECT_GT(::recv(manager.get(), text.data(), text.size() - 1, MSG_DONTWAIT), 0);
        EXPECT_EQ(std::string_view{text.data()}, wanted);
    }
}

TEST(RuntimeUniqueFd, ClosesOnceAtItsEnd) {
    int number = -1;
    {
        const UniqueFd fd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
        ASSERT_TRUE(fd);
        number = fd.get();
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
}

TEST(RuntimeUniqueFd, HandsItsDescriptorOnWhenItIsMoved) {
    UniqueFd first{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const int number = first.get();
    UniqueFd second{std::move(first)};
    EXPECT_EQ(second.get(), number);
    UniqueFd third{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const int replaced = third.get();
    third = std::move(second);
    EXPECT_EQ(third.get(), number);
    EXPECT_FALSE(is_open(replaced));
    EXPECT_TRUE(is_open(number));
}

TEST(RuntimeUniqueFd, LetsGoWithoutClosing) {
    UniqueFd fd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const int number = fd.release();
    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(number));
    EXPECT_EQ(::close(number), 0);
}

TEST(RuntimeUniqueFd, IsEmptyByDefaultAndClosesNothing) {
    UniqueFd fd;
    EXPECT_FALSE(fd);
    fd.reset();
    EXPECT_EQ(fd.get(), -1);
}

}  // namespace
}  // namespace stile
