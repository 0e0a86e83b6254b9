// SPDX-License-Identifier: Apache-2.0
// libgpiod 1.6: one descriptor for each line, and one event queue of the kernel for each input.
#include "devices/turnstile/gpio/gpiod_lines.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <gpiod.h>

namespace stile::devices {
namespace {

constexpr const char* kConsumer = "stile";
constexpr unsigned kEvents = 16;  // as many as the kernel keeps of a line

struct CloseChip {
    void operator()(gpiod_chip* chip) const { ::gpiod_chip_close(chip); }
};
using Chip = std::unique_ptr<gpiod_chip, CloseChip>;

std::unexpected<Error> fault(std::string_view what) {
    const int error = errno;
    const bool gone = error == ENODEV || error == ENXIO || error == EPIPE;
    Errc code = gone ? Errc::Closed : Errc::Io;
    if (error == ENOENT) code = Errc::NotFound;
    if (error == EACCES || error == EPERM) code = Errc::Denied;
    return fail(code, fmt::format("{}: {}", what, std::generic_category().message(error)));
}

Switch level_of(int value) {
    return value != 0 ? Switch::On : Switch::Off;
}

// The kernel stamps edges with CLOCK_MONOTONIC, as steady_clock; one before 5.7 with the wall
// clock, which is far ahead of it.
GpioLines::Time time_of(const timespec& stamp, GpioLines::Time now) {
    const auto since = std::chrono::seconds{stamp.tv_sec} + std::chrono::nanoseconds{stamp.tv_nsec};
    return std::min(GpioLines::Time{since}, now);
}

gpiod_line* find(gpiod_chip* chip, const std::string& name) {
    unsigned number = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, number);
    if (error == std::errc{} && stop == end) return ::gpiod_chip_get_line(chip, number);
    return ::gpiod_chip_find_line(chip, name.c_str());
}

int flags_of(const GpioRequest& request, const GpioLine& line) {
    int flags = 0;
    if (line.active == GpioLine::Active::Low) flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
    if (request.way == GpioRequest::Way::Outputs) return flags;
    if (request.bias == GpioRequest::Bias::PullUp) flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    if (request.bias == GpioRequest::Bias::PullDown)
        flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    return flags;
}

class GpiodLines final : public GpioLines {
public:
    GpiodLines(EventLoop& loop, GpioRequest request) : loop_{loop}, request_{std::move(request)} {}

    Result<void> open() override {
        chip_.reset(::gpiod_chip_open_lookup(request_.chip.c_str()));
        if (!chip_) return fault("GPIO chip " + request_.chip);
        for (const GpioLine& line : request_.lines) {
            if (auto taken = take(line); !taken) return taken;
        }
        return {};
    }

    void close() override {
        events_.clear();
        lines_.clear();
        chip_.reset();
    }

    Result<void> set(std::size_t line, Switch to) override {
        if (line >= lines_.size()) return fail(Errc::Closed, "the GPIO chip is not open");
        if (::gpiod_line_set_value(lines_[line], to == Switch::On ? 1 : 0) != 0)
            return fault("GPIO line " + request_.lines[line].name);
        const auto now = get(line);
        if (!now) return std::unexpected{now.error()};
        if (*now == to) return {};
        return fail(Errc::Io, fmt::format("GPIO line {} stays as it was; is it shorted?",
                                          request_.lines[line].name));
    }

    Result<Switch> get(std::size_t line) override {
        if (line >= lines_.size()) return fail(Errc::Closed, "the GPIO chip is not open");
        const int value = ::gpiod_line_get_value(lines_[line]);
        if (value < 0) return fault("GPIO line " + request_.lines[line].name);
        return level_of(value);
    }

private:
    Result<void> take(const GpioLine& wanted) {
        errno = ENOENT;
        gpiod_line* line = find(chip_.get(), wanted.name);
        if (line == nullptr)
            return fail(Errc::NotFound,
                        fmt::format("GPIO chip {} has no line {}", request_.chip, wanted.name));
        const bool input = request_.way == GpioRequest::Way::Inputs;
        const gpiod_line_request_config config{
            kConsumer,
            input ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES : GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
            flags_of(request_, wanted)};
        if (::gpiod_line_request(line, &config, 0) != 0) return fault("GPIO line " + wanted.name);
        lines_.push_back(line);
        if (!input) return {};
        events_.push_back(loop_.on_readable(::gpiod_line_event_get_fd(line),
                                            [this, at = lines_.size() - 1] { hear(at); }));
        return {};
    }

    // The kernel drops what does not fit into its queue, so the level itself has the last word.
    void hear(std::size_t line) {
        std::array<gpiod_line_event, kEvents> events{};
        const int count = ::gpiod_line_event_read_multiple(lines_[line], events.data(), kEvents);
        if (count < 0) return lose();
        const auto heard = std::span{events}.first(static_cast<std::size_t>(count));
        const auto now = std::chrono::steady_clock::now();
        for (const gpiod_line_event& event : heard) {
            tell_edge(line, level_of(event.event_type == GPIOD_LINE_EVENT_RISING_EDGE ? 1 : 0),
                      time_of(event.ts, now));
        }
        const auto level = get(line);
        if (!level) return lose();
        // After a full queue nobody knows how long the level before it stood.
        const bool dropped = heard.size() == kEvents;
        tell_edge(line, *level,
                  dropped ? time_of(heard.back().ts, now) : std::chrono::steady_clock::now());
    }

    // Of a chip that is gone every descriptor stays readable.
    void lose() {
        for (EventSource& source : events_)
            source.reset();
        tell_fault();
    }

    EventLoop& loop_;
    GpioRequest request_;
    Chip chip_;  // closing it gives its lines back
    std::vector<gpiod_line*> lines_;
    std::vector<EventSource> events_;  // before chip_ goes, these must
};

}  // namespace

std::unique_ptr<GpioLines> make_gpiod_lines(EventLoop& loop, GpioRequest request) {
    return std::make_unique<GpiodLines>(loop, std::move(request));
}

}  // namespace stile::devices
