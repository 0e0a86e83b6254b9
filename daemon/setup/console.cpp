// SPDX-License-Identifier: Apache-2.0
// A terminal. Whoever leaves with Ctrl-C in the middle of a password gets the echo back.
#include "daemon/setup/console.hpp"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace stile {
namespace {

constexpr std::size_t kLongestLine = 1024;

volatile std::sig_atomic_t interrupted = 0;

void note_interrupt(int) {
    interrupted = 1;
}

// Ctrl-C only ends the waiting, as long as it lives; at any other moment it is kept until then.
class SoftInterrupt {
public:
    SoftInterrupt() {
        interrupted = 0;
        sigset_t kept{};
        ::sigemptyset(&kept);
        ::sigaddset(&kept, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &kept, &mask_);
        struct sigaction soft{};
        soft.sa_handler = note_interrupt;
        ::sigaction(SIGINT, &soft, &before_);
    }
    SoftInterrupt(const SoftInterrupt&) = delete;
    SoftInterrupt& operator=(const SoftInterrupt&) = delete;
    ~SoftInterrupt() {
        ::sigaction(SIGINT, &before_, nullptr);
        ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    }
    // Until there is a line, or the end. False: Ctrl-C came first.
    [[nodiscard]] bool wait_for_input() const {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        while (::ppoll(&input, 1, nullptr, &mask_) < 0 && errno == EINTR) {
            if (interrupted != 0) return false;  // and not only stopped for a while
        }
        return true;
    }

private:
    sigset_t mask_{};
    struct sigaction before_{};
};

class HiddenEcho {
public:
    HiddenEcho() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    HiddenEcho(const HiddenEcho&) = delete;
    HiddenEcho& operator=(const HiddenEcho&) = delete;
    ~HiddenEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

private:
    termios before_{};
};

class Terminal final : public Console {
public:
    void say(std::string_view text) override {
        while (!text.empty()) {
            const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
            if (written < 0 && errno != EINTR) return;  // nobody is there
            if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    std::optional<std::string> read_line() override {
        const auto line = read_locked();
        if (!line) return std::nullopt;
        return std::string{as_text(line->bytes())};
    }

    std::optional<crypto::LockedBytes> read_hidden(std::string_view prompt) override {
        std::optional<crypto::LockedBytes> line;
        bool leaves = false;
        {
            const SoftInterrupt soft;
            const HiddenEcho hidden;
            say(prompt);
            leaves = !soft.wait_for_input();
            if (!leaves) line = read_locked();
        }
        say("\n");
        if (leaves) (void)::raise(SIGINT);  // ends the program as anywhere else
        return line;
    }

private:
    // A terminal gives a line at a time. What is longer than a line may be is cut off.
    static std::optional<crypto::LockedBytes> read_locked() {
        crypto::LockedBytes line{kLongestLine};
        std::size_t size = 0;
        for (;;) {
            std::uint8_t letter = 0;
            const ssize_t count = ::read(STDIN_FILENO, &letter, 1);
            if (count <= 0) return std::nullopt;
            if (letter == '\n') break;
            if (size < kLongestLine) line.span()[size++] = letter;
        }
        line.shrink(size);
        return line;
    }
};

}  // namespace

std::unique_ptr<Console> open_console() {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return nullptr;
    return std::make_unique<Terminal>();
}

}  // namespace stile
