// SPDX-License-Identifier: Apache-2.0
// How far a long command has come: one moving line on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstddef>

namespace stile::crypto {

class Progress {
public:
    // `whole` in any unit; 0 if it is not known.
    explicit Progress(std::size_t whole);
    // Says something on standard error if it is time to.
    void show(std::size_t done, std::size_t tickets, std::size_t refused);
    // Ends the moving line, so that something else can be printed.
    void pause();

private:
    using Clock = std::chrono::steady_clock;

    std::size_t whole_;
    bool terminal_;
    Clock::time_point start_;
    Clock::time_point next_;
    bool line_open_ = false;
};

}  // namespace stile::crypto
