// SPDX-License-Identifier: Apache-2.0
// sd-event behind the loop.
#include "daemon/runtime/event_loop.hpp"

#include <cstdlib>
#include <utility>

#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

namespace stile {
namespace {

constexpr std::uint64_t kAccuracyUs = 1000;

// sd-event serves what has been pending longest. A source that joins at one turn of the loop is
// behind all that was noticed before, what was ready unnoticed is noticed at the next turn, and
// from the third on all of it is older. An idle priority would do too, but one busy descriptor
// starves it.
constexpr int kIdleTurns = 3;

void require(int result) {
    if (result < 0) std::abort();  // out of descriptors or memory at set-up: a bug, restart
}

std::uint64_t microseconds(EventLoop::Milliseconds delay) {
    return static_cast<std::uint64_t>(std::chrono::microseconds{delay}.count());
}

}  // namespace

struct EventSource::Held {
    sd_event_source* source = nullptr;
    EventLoop::Callback callback;
    std::uint64_t period_us = 0;  // of a repeating timer
    int turns_left = 0;           // of when_idle()

    // Stands back behind whatever else is pending, or calls back when its turns are over.
    static int on_turn(sd_event_source* turn, void* data) {
        auto* held = static_cast<Held*>(data);
        if (--held->turns_left > 0) {
            sd_event_source* next = nullptr;
            require(sd_event_add_defer(sd_event_source_get_event(turn), &next, on_turn, held));
            sd_event_source_disable_unref(std::exchange(held->source, next));
            return 0;
        }
        const EventLoop::Callback call = held->callback;
        call();
        return 0;
    }
};

void EventSource::Release::operator()(Held* held) const {
    sd_event_source_disable_unref(held->source);
    delete held;
}

struct EventLoop::SignalSources {
    sd_event_source* term = nullptr;
    sd_event_source* interrupt = nullptr;
    sd_event_source* hangup = nullptr;
    Callback on_hangup;
    ~SignalSources() {
        sd_event_source_disable_unref(term);
        sd_event_source_disable_unref(interrupt);
        sd_event_source_disable_unref(hangup);
    }
};

EventLoop::EventLoop() {
    require(sd_event_new(&event_));
}

EventLoop::~EventLoop() {
    waker_.reset();
    signals_.reset();
    if (wake_fd_ >= 0) ::close(wake_fd_);
    sd_event_unref(event_);
}

EventSource EventLoop::on_io(int fd, std::uint32_t events, Callback callback) {
    EventSource source;
    source.held_.reset(new EventSource::Held{.callback = std::move(callback)});
    const auto handler = [](sd_event_source*, int, std::uint32_t, void* data) {
        // A copy keeps the callable alive when it drops its own source.
        const Callback call = static_cast<EventSource::Held*>(data)->callback;
        call();
        return 0;
    };
    require(
        sd_event_add_io(event_, &source.held_->source, fd, events, handler, source.held_.get()));
    return source;
}

EventSource EventLoop::on_readable(int fd, Callback callback) {
    return on_io(fd, EPOLLIN, std::move(callback));
}

EventSource EventLoop::on_writable(int fd, Callback callback) {
    return on_io(fd, EPOLLOUT, std::move(callback));
}

EventSource EventLoop::after(Milliseconds delay, Callback callback) {
    EventSource source;
    source.held_.reset(new EventSource::Held{.callback = std::move(callback)});
    const auto handler = [](sd_event_source* timer, std::uint64_t, void* data) {
        auto* held = static_cast<EventSource::Held*>(data);
        if (held->period_us != 0) {
            require(sd_event_source_set_time_relative(timer, held->period_us));
            require(sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT));
        }
        const Callback call = held->callback;
        call();
        return 0;
    };
    require(sd_event_add_time_relative(event_, &source.held_->source, CLOCK_MONOTONIC,
                                       microseconds(delay), kAccuracyUs, handler,
                                       source.held_.get()));
    return source;
}

EventSource EventLoop::every(Milliseconds period, Callback callback) {
    EventSource source = after(period, std::move(callback));
    source.held_->period_us = microseconds(period);
    return source;
}

EventSource EventLoop::when_idle(Callback callback) {
    EventSource source;
    source.held_.reset(
        new EventSource::Held{.callback = std::move(callback), .turns_left = kIdleTurns});
    require(sd_event_add_defer(event_, &source.held_->source, EventSource::Held::on_turn,
                               source.held_.get()));
    return source;
}

void EventLoop::handle_signals(Callback on_hangup) {
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&handled, signal);
    require(-pthread_sigmask(SIG_BLOCK, &handled, nullptr));
    signals_ = std::make_unique<SignalSources>();
    signals_->on_hangup = std::move(on_hangup);
    const auto end = [](sd_event_source*, const signalfd_siginfo*, void* data) {
        static_cast<EventLoop*>(data)->stop(0);
        return 0;
    };
    const auto hangup = [](sd_event_source*, const signalfd_siginfo*, void* data) {
        const auto* sources = static_cast<SignalSources*>(data);
        if (sources->on_hangup) sources->on_hangup();
        return 0;
    };
    require(sd_event_add_signal(event_, &signals_->term, SIGTERM, end, this));
    require(sd_event_add_signal(event_, &signals_->interrupt, SIGINT, end, this));
    require(sd_event_add_signal(event_, &signals_->hangup, SIGHUP, hangup, signals_.get()));
}

void EventLoop::on_wake(Callback callback) {
    wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    require(wake_fd_);
    waker_ = on_readable(wake_fd_, [fd = wake_fd_, call = std::move(callback)] {
        std::uint64_t count = 0;
        (void)!::read(fd, &count, sizeof count);  // only resets the counter
        call();
    });
}

void EventLoop::wake() const {
    const std::uint64_t one = 1;
    (void)!::write(wake_fd_, &one, sizeof one);  // a full counter means that a wake is due anyway
}

void EventLoop::feed_watchdog() {
    require(sd_event_set_watchdog(event_, 1));
}

// Not sd_event_exit(): it is for good, and a program still has to tidy up after its loop.
int EventLoop::run() {
    while (!exit_code_)
        require(sd_event_run(event_, UINT64_MAX));
    return *std::exchange(exit_code_, std::nullopt);
}

void EventLoop::stop(int exit_code) {
    exit_code_ = exit_code;
}

std::int64_t EventLoop::monotonic_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace stile
