// SPDX-License-Identifier: Apache-2.0
// termios, and a line that comes and goes.
#include "devices/scanner/serial_scanner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "devices/scanner/serial_speed.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::milliseconds kFirstDelay{250};
constexpr std::chrono::milliseconds kLongestDelay{5000};

// In the order of kBauds.
constexpr std::array<speed_t, kBauds.size()> kSpeeds{
    B1200, B2400, B4800, B9600, B19200, B38400, B57600, B115200, B230400, B460800, B921600};

speed_t speed_of(std::int64_t baud) {
    const auto* found = std::ranges::find(kBauds, baud);
    const auto index = static_cast<std::size_t>(found - kBauds.begin());
    return index < kSpeeds.size() ? kSpeeds.at(index) : B9600;
}

Error trouble(const std::string& path, int error) {
    const bool absent = error == ENOENT || error == ENXIO || error == ENODEV;
    const Errc code = absent                              ? Errc::NotFound
                      : error == EACCES || error == EPERM ? Errc::Denied
                                                          : Errc::Io;
    const char* advice = "";
    if (absent) advice = "; is the scanner plugged in?";
    if (error == EBUSY) advice = "; another program has it";
    if (code == Errc::Denied) advice = "; the reader's user has to be in group dialout";
    return {code, fmt::format("{}: {}{}", path, std::generic_category().message(error), advice)};
}

Result<void> set_up(int line, std::int64_t baud, const std::string& path) {
    termios form{};
    if (::tcgetattr(line, &form) != 0) return fail(Errc::Unsupported, path + " is no serial line");
    ::cfmakeraw(&form);
    form.c_cflag |= CLOCAL | CREAD;  // no modem, whose hanging up would count
    form.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
    form.c_cc[VMIN] = 1;
    form.c_cc[VTIME] = 0;
    ::cfsetspeed(&form, speed_of(baud));
    const bool set = ::tcsetattr(line, TCSANOW, &form) == 0 && ::ioctl(line, TIOCEXCL) == 0 &&
                     ::tcflush(line, TCIFLUSH) == 0;
    if (!set) return std::unexpected{trouble(path, errno)};
    return {};
}

Result<UniqueFd> open_line(const std::string& path, std::int64_t baud) {
    // Without O_NOCTTY the line would become our terminal, and unplugging it would end us.
    UniqueFd line{::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (!line) return std::unexpected{trouble(path, errno)};
    if (auto ready = set_up(line.get(), baud, path); !ready)
        return std::unexpected{std::move(ready.error())};
    return line;
}

}  // namespace

SerialScanner::SerialScanner(EventLoop& loop, std::string path, std::int64_t baud,
                             ScannerSettings settings, ScannerEvents events)
    : loop_{loop},
      path_{std::move(path)},
      baud_{baud},
      settings_{std::move(settings)},
      events_{std::move(events)},
      delay_{kFirstDelay} {}

void SerialScanner::start() {
    auto line = open_line(path_, baud_);
    if (!line) return lose(line.error());
    line_ = std::move(*line);
    feed_.emplace(loop_, events_, make_serial_decoder(settings_));
    readable_ = loop_.on_readable(line_.get(), [this] { read(); });
    delay_ = kFirstDelay;
    events_.on_ready(fmt::format("a serial scanner ({}, {} baud)", path_, baud_));
}

void SerialScanner::read() {
    std::array<std::uint8_t, 4096> bytes{};
    const ssize_t got = ::read(line_.get(), bytes.data(), bytes.size());
    if (got > 0) return feed_->take(Bytes{bytes}.first(static_cast<std::size_t>(got)));
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    lose({Errc::Closed, path_ + ": the scanner was unplugged"});
}

void SerialScanner::lose(const Error& why) {
    readable_.reset();
    feed_.reset();
    line_.reset();
    retry_ = loop_.after(delay_, [this] { start(); });
    delay_ = std::min(2 * delay_, kLongestDelay);
    events_.on_trouble(why);
}

}  // namespace stile::devices
