// SPDX-License-Identifier: Apache-2.0
// Monotonic time, multiplied.
#include "tests/simulate/evening_clock.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "daemon/runtime/event_loop.hpp"

namespace stile::simulate {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

nanoseconds machine_time() {
    return nanoseconds{EventLoop::monotonic_ns()};
}

}  // namespace

EveningClock EveningClock::from_now(WallTime start, int speed) {
    return {start, machine_time(), speed};
}

WallTime EveningClock::now() const {
    return start_ + std::chrono::floor<milliseconds>((machine_time() - origin_) * speed_);
}

milliseconds EveningClock::until(WallTime moment) const {
    const nanoseconds left = moment - now();
    return std::max(std::chrono::ceil<milliseconds>(left / speed_), milliseconds{0});
}

std::string EveningClock::text() const {
    return std::to_string(start_.time_since_epoch().count()) + "," +
           std::to_string(origin_.count()) + "," + std::to_string(speed_);
}

std::optional<EveningClock> EveningClock::parse(std::string_view text) {
    std::array<std::int64_t, 3> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0 && (at == end || *at++ != ',')) return std::nullopt;
        const auto [stop, fault] = std::from_chars(at, end, numbers[i]);
        if (fault != std::errc{}) return std::nullopt;
        at = stop;
    }
    if (at != end || numbers[2] < 1 || numbers[2] > 100'000) return std::nullopt;
    return EveningClock{WallTime{milliseconds{numbers[0]}}, nanoseconds{numbers[1]},
                        static_cast<int>(numbers[2])};
}

ClockReading SimulatedClock::now() {
    const WallTime time = evening_.now();
    return {.time = time,
            .quality = ClockQuality::Synced,
            .bounds = {std::chrono::floor<std::chrono::seconds>(time),
                       std::chrono::ceil<std::chrono::seconds>(time)},
            .doubt = ClockDoubt::None};
}

}  // namespace stile::simulate
