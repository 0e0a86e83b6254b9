// SPDX-License-Identifier: Apache-2.0
// Pass phrases from a file or from the terminal, never from the command line, where others see
// them.
#include "crypto/issue/passphrase.hpp"

#include <algorithm>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/issue/files.hpp"

namespace stile::crypto {
namespace {

constexpr std::size_t kMaxPassphrase = 1024;

Result<LockedBytes> first_line(LockedBytes text) {
    const auto end = std::ranges::find(text.bytes(), std::uint8_t{'\n'});
    text.shrink(static_cast<std::size_t>(end - text.bytes().begin()));
    if (text.bytes().empty()) return fail(Errc::Invalid, "the pass phrase is empty");
    return text;
}

// The terminal of the person, with the typed characters hidden as long as it lives.
class Terminal {
public:
    Terminal() : descriptor_{::open("/dev/tty", O_RDWR | O_CLOEXEC)} {
        if (!is_open() || ::tcgetattr(descriptor_, &before_) != 0) return;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        ::tcsetattr(descriptor_, TCSAFLUSH, &hidden);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() {
        if (!is_open()) return;
        ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
        ::close(descriptor_);
    }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

    [[nodiscard]] Result<LockedBytes> ask(std::string_view prompt) {
        (void)!::write(descriptor_, prompt.data(), prompt.size());
        LockedBytes line{kMaxPassphrase + 1};
        const ssize_t count = ::read(descriptor_, line.span().data(), line.span().size());
        (void)!::write(descriptor_, "\n", 1);
        if (count <= 0) return fail(Errc::Closed, "no pass phrase was typed");
        line.shrink(static_cast<std::size_t>(count));
        return first_line(std::move(line));
    }

private:
    int descriptor_;
    termios before_{};
};

Result<LockedBytes> from_file(const std::filesystem::path& path) {
    auto text = read_secret_file(path, kMaxPassphrase);
    if (!text) return fail("pass phrase file", std::move(text.error()));
    return first_line(std::move(*text));
}

std::unexpected<Error> no_terminal() {
    return fail(Errc::Closed,
                "no terminal to ask for the pass phrase: give --passphrase-file FILE");
}

}  // namespace

Result<LockedBytes> get_passphrase(const PassphraseSource& source) {
    if (source.file) return from_file(*source.file);
    Terminal terminal;
    if (!terminal.is_open()) return no_terminal();
    return terminal.ask("Pass phrase of the private key: ");
}

Result<LockedBytes> choose_passphrase(const PassphraseSource& source) {
    if (source.file) return from_file(*source.file);
    Terminal terminal;
    if (!terminal.is_open()) return no_terminal();
    auto chosen = terminal.ask("New pass phrase: ");
    if (!chosen) return chosen;
    const auto again = terminal.ask("Once more: ");
    if (!again) return std::unexpected{again.error()};
    if (!std::ranges::equal(chosen->bytes(), again->bytes()))
        return fail(Errc::Invalid, "the two pass phrases differ");
    return chosen;
}

}  // namespace stile::crypto
