// SPDX-License-Identifier: Apache-2.0
// Progress on standard error, seldom enough to cost nothing.
#include "crypto/issue/progress.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace stile::crypto {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{200};
constexpr std::chrono::seconds kElsewhere{10};

}  // namespace

Progress::Progress(std::size_t whole)
    : whole_{whole},
      terminal_{::isatty(STDERR_FILENO) == 1},
      start_{Clock::now()},
      next_{start_ + (terminal_ ? Clock::duration{kOnTerminal} : Clock::duration{kElsewhere})} {}

void Progress::show(std::size_t done, std::size_t tickets, std::size_t refused) {
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? Clock::duration{kOnTerminal} : Clock::duration{kElsewhere});
    const std::chrono::duration<double> took = now - start_;
    const std::size_t percent = whole_ == 0 ? 0 : 100 * done / whole_;
    fmt::print(stderr, "{}{:3} %  {} tickets, {} rows refused, {:.0f}/s{}", terminal_ ? "\r" : "",
               percent, tickets, refused, static_cast<double>(tickets) / took.count(),
               terminal_ ? "   " : "\n");
    std::fflush(stderr);
    line_open_ = terminal_;
}

void Progress::pause() {
    if (line_open_) std::fputs("\n", stderr);
    line_open_ = false;
}

}  // namespace stile::crypto
