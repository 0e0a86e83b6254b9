// SPDX-License-Identifier: Apache-2.0
// The event loop of each program: descriptors, timers and signals on one thread (sd-event inside).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

struct sd_event;
struct sd_event_source;

namespace stile {

// Keeps one callback registered; destroying it takes the callback away. Thread-bound to its loop.
class EventSource {
public:
    EventSource() = default;
    EventSource(EventSource&&) noexcept = default;
    EventSource& operator=(EventSource&&) noexcept = default;
    [[nodiscard]] explicit operator bool() const { return held_ != nullptr; }
    void reset() { held_.reset(); }

private:
    friend class EventLoop;
    struct Held;
    struct Release {
        void operator()(Held* held) const;
    };
    std::unique_ptr<Held, Release> held_;
};

// Callbacks run one after the other on the thread that calls run(). All functions are thread-bound
// to it, but for wake(), which is thread-safe.
class EventLoop {
public:
    using Callback = std::function<void()>;
    using Milliseconds = std::chrono::milliseconds;

    // Ends the process when the loop cannot be made: nothing works without one.
    EventLoop();
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    // Calls back whenever `fd` is readable or its other end is gone. Does not own `fd`; one source
    // a descriptor (a second one ends the process).
    [[nodiscard]] EventSource on_readable(int fd, Callback callback);
    // Calls back whenever `fd` can be written. Does not own `fd`; the same rule.
    [[nodiscard]] EventSource on_writable(int fd, Callback callback);
    // Calls back once, `delay` from now.
    [[nodiscard]] EventSource after(Milliseconds delay, Callback callback);
    // Calls back every `period`, first after one period.
    [[nodiscard]] EventSource every(Milliseconds period, Callback callback);
    // Calls back once, after all events that are ready now have been handled.
    [[nodiscard]] EventSource when_idle(Callback callback);
    // Ends run() on SIGTERM and SIGINT; `callback`, if there is one, runs on SIGHUP.
    void handle_signals(Callback on_hangup = {});
    // Calls back on this loop's thread after other threads called wake(); several calls may become
    // one.
    void on_wake(Callback callback);
    void wake() const;

    // Tells systemd's watchdog, from this loop, that the thread is alive. No effect without
    // WATCHDOG_USEC.
    void feed_watchdog();

    // Runs until stop(), and may run again. Returns the code given to stop().
    int run();
    void stop(int exit_code);

    // CLOCK_MONOTONIC, in nanoseconds: the clock of all time stamps between the programs of one
    // host.
    [[nodiscard]] static std::int64_t monotonic_ns();

private:
    struct SignalSources;
    [[nodiscard]] EventSource on_io(int fd, std::uint32_t events, Callback callback);

    sd_event* event_ = nullptr;
    std::unique_ptr<SignalSources> signals_;
    EventSource waker_;
    int wake_fd_ = -1;
    std::optional<int> exit_code_;
};

}  // namespace stile
