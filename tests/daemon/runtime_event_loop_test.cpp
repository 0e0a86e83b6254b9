// SPDX-License-Identifier: Apache-2.0
// The event loop: what is called when, and that a callback may take itself away.
#include <array>
#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
        out = UniqueFd{ends[0]};
        in = UniqueFd{ends[1]};
    }
    void put() const { EXPECT_EQ(::write(in.get(), "x", 1), 1); }
    void drain() const {
        char byte = 0;
        while (::read(out.get(), &byte, 1) == 1) {
        }
    }
    UniqueFd out;
    UniqueFd in;
};

class RuntimeEventLoop : public testing::Test {
protected:
    // Runs until stop(); the code 99 says that the time was over.
    int run() {
        const EventSource deadline = loop_.after(10s, [this] { loop_.stop(99); });
        return loop_.run();
    }
    EventLoop loop_;
    std::string log_;
};

TEST_F(RuntimeEventLoop, ReturnsTheCodeThatItWasStoppedWith) {
    const EventSource timer = loop_.after(0ms, [this] { loop_.stop(42); });
    EXPECT_EQ(run(), 42);
}

TEST_F(RuntimeEventLoop, MayBeStoppedBeforeItRuns) {
    loop_.stop(7);
    EXPECT_EQ(loop_.run(), 7);
}

TEST_F(RuntimeEventLoop, MayRunAgainAfterItWasStopped) {
    const EventSource first = loop_.after(0ms, [this] { loop_.stop(1); });
    EXPECT_EQ(run(), 1);
    const EventSource second = loop_.after(0ms, [this] { loop_.stop(2); });
    EXPECT_EQ(run(), 2);
}

TEST_F(RuntimeEventLoop, CallsTimersInTheOrderOfTheirTimes) {
    const EventSource late = loop_.after(60ms, [this] { loop_.stop(0); });
    const EventSource second = loop_.after(30ms, [this] { log_ += 'b'; });
    const EventSource first = loop_.after(5ms, [this] { log_ += 'a'; });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "ab");
}

TEST_F(RuntimeEventLoop, CallsATimerNotBeforeItsTime) {
    const auto begin = EventLoop::monotonic_ns();
    const EventSource timer = loop_.after(30ms, [this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_GE(EventLoop::monotonic_ns() - begin, 30'000'000);
}

TEST_F(RuntimeEventLoop, CallsATimerOnce) {
    const EventSource once = loop_.after(1ms, [this] { log_ += 'x'; });
    const EventSource end = loop_.after(40ms, [this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "x");
}

TEST_F(RuntimeEventLoop, RepeatsATimerAfterEachPeriod) {
    const auto begin = EventLoop::monotonic_ns();
    int calls = 0;
    const EventSource timer = loop_.every(10ms, [&] {
        if (++calls == 4) loop_.stop(0);
    });
    EXPECT_EQ(run(), 0);
    EXPECT_GE(EventLoop::monotonic_ns() - begin, 40'000'000);
}

TEST_F(RuntimeEventLoop, NeverCallsATimerThatWasTakenAway) {
    EventSource timer = loop_.after(1ms, [this] { log_ += 'x'; });
    timer.reset();
    EXPECT_FALSE(timer);
    const EventSource end = loop_.after(20ms, [this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "");
}

TEST_F(RuntimeEventLoop, KeepsACallbackWhoseSourceIsMoved) {
    EventSource first = loop_.after(1ms, [this] { loop_.stop(3); });
    const EventSource second = std::move(first);
    EXPECT_EQ(run(), 3);
}

TEST_F(RuntimeEventLoop, LetsATimerTakeItselfAwayAndGoOn) {
    const std::string tag = "a text too long for the inside of a string object";
    EventSource timer;
    timer = loop_.every(1ms, [&, tag] {
        timer.reset();
        log_ = tag;  // the callback still owns what it captured
        loop_.stop(0);
    });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, tag);
}

TEST_F(RuntimeEventLoop, LetsATimerReplaceItself) {
    EventSource timer;
    timer = loop_.after(1ms, [&] { timer = loop_.after(1ms, [this] { loop_.stop(5); }); });
    EXPECT_EQ(run(), 5);
}

TEST_F(RuntimeEventLoop, LetsAReaderTakeItselfAway) {
    const Pipe pipe;
    EventSource reader;
    reader = loop_.on_readable(pipe.out.get(), [&] {
        reader.reset();  // the byte stays unread: without the reset this would never end
        log_ += 'r';
    });
    const EventSource end = loop_.after(30ms, [this] { loop_.stop(0); });
    pipe.put();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "r");
}

TEST_F(RuntimeEventLoop, LetsOneCallbackTakeAwayAnotherThatIsReadyToo) {
    const Pipe first;
    const Pipe second;
    EventSource a;
    EventSource b;
    const auto on_either = [&] {
        a.reset(), b.reset();
        log_ += 'x';
    };
    a = loop_.on_readable(first.out.get(), on_either);
    b = loop_.on_readable(second.out.get(), on_either);
    first.put(), second.put();
    const EventSource end = loop_.after(20ms, [this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "x");
}

TEST_F(RuntimeEventLoop, CallsAReaderAgainUntilEverythingIsRead) {
    const Pipe pipe;
    int calls = 0;
    const EventSource reader = loop_.on_readable(pipe.out.get(), [&] {
        char byte = 0;
        EXPECT_EQ(::read(pipe.out.get(), &byte, 1), 1);
        if (++calls == 3) loop_.stop(0);
    });
    pipe.put(), pipe.put(), pipe.put();
    EXPECT_EQ(run(), 0);
}

TEST_F(RuntimeEventLoop, CallsAReaderWhenTheOtherEndIsGone) {
    Pipe pipe;
    const EventSource reader = loop_.on_readable(pipe.out.get(), [this] { loop_.stop(4); });
    pipe.in.reset();
    EXPECT_EQ(run(), 4);
}

TEST_F(RuntimeEventLoop, CallsAWriterWhenThereIsRoom) {
    const Pipe pipe;
    while (::write(pipe.in.get(), "0123456789abcdef", 16) > 0) {
    }
    const EventSource writer = loop_.on_writable(pipe.in.get(), [this] {
        log_ += 'w';
        loop_.stop(0);
    });
    const EventSource later = loop_.after(20ms, [&] {
        EXPECT_EQ(log_, "") << "the pipe was full";
        pipe.drain();
    });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "w");
}

TEST_F(RuntimeEventLoop, IsIdleOnlyAfterEverythingElseThatIsReady) {
    const Pipe first;
    const Pipe second;
    const auto reader = [this](const Pipe& pipe, char tag) {
        return loop_.on_readable(pipe.out.get(), [this, &pipe, tag] {
            pipe.drain();
            log_ += tag;
        });
    };
    const EventSource idle = loop_.when_idle([this] {
        log_ += 'i';
        loop_.stop(0);
    });
    const EventSource a = reader(first, 'r');
    const EventSource b = reader(second, 'r');
    first.put(), second.put();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "rri");
}

TEST_F(RuntimeEventLoop, IsIdleInTheEndThoughOneDescriptorIsAlwaysReady) {
    const Pipe busy;
    const EventSource reader = loop_.on_readable(busy.out.get(), [] {});  // never drained
    busy.put();
    const EventSource idle = loop_.when_idle([this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
}

TEST_F(RuntimeEventLoop, IsIdleAfterAllReadersThatWereReadyWhenOneOfThemAsked) {
    std::array<Pipe, 8> pipes;
    std::vector<EventSource> readers;
    EventSource idle;
    for (const Pipe& pipe : pipes) {
        pipe.put();
        readers.push_back(loop_.on_readable(pipe.out.get(), [&] {
            pipe.drain();
            log_ += 'r';
            if (!idle) idle = loop_.when_idle([this] { loop_.stop(0); });
        }));
    }
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "rrrrrrrr");
}

TEST_F(RuntimeEventLoop, IsIdleOnceForEachRequest) {
    const EventSource idle = loop_.when_idle([this] { log_ += 'i'; });
    const EventSource end = loop_.after(20ms, [this] { loop_.stop(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(log_, "i");
}

TEST_F(RuntimeEventLoop, MayBeAskedForIdlenessWhileItIsIdle) {
    EventSource idle;
    int calls = 0;
    const std::function<void()> again = [&] {
        if (++calls == 3) return loop_.stop(0);
        idle = loop_.when_idle(again);
    };
    idle = loop_.when_idle(again);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(calls, 3);
}

TEST_F(RuntimeEventLoop, IsWokenByAnotherThread) {
    const auto here = std::this_thread::get_id();
    loop_.on_wake([&] {
        EXPECT_EQ(std::this_thread::get_id(), here);
        loop_.stop(0);
    });
    const std::jthread other{[this] { loop_.wake(); }};
    EXPECT_EQ(run(), 0);
}

TEST_F(RuntimeEventLoop, LosesNoWakeHoweverManyThreadsCall) {
    std::atomic<int> posted = 0;
    int seen = 0;
    loop_.on_wake([&] {
        seen = posted;
        if (seen == 400) loop_.stop(0);
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 100; ++k) {
                ++posted;
                loop_.wake();
            }
        });
    }
    EXPECT_EQ(run(), 0);
}

TEST_F(RuntimeEventLoop, TakesAWakeFromBeforeItRan) {
    loop_.on_wake([this] { loop_.stop(0); });
    loop_.wake();
    EXPECT_EQ(run(), 0);
}

TEST_F(RuntimeEventLoop, IgnoresAWakeThatNobodyWaitsFor) {
    loop_.wake();
    loop_.stop(0);
    EXPECT_EQ(loop_.run(), 0);
}

TEST_F(RuntimeEventLoop, RunsWithoutAWatchdogToFeed) {
    loop_.feed_watchdog();
    loop_.stop(0);
    EXPECT_EQ(loop_.run(), 0);
}

TEST(RuntimeEventSource, MayOutliveItsLoop) {
    EventSource timer;
    {
        EventLoop loop;
        timer = loop.after(1ms, [] {});
    }
    EXPECT_TRUE(timer);
    timer.reset();
}

TEST(RuntimeEventLoopLimits, EndTheProcessOnASecondSourceForOneDescriptor) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(
        {
            EventLoop loop;
            const Pipe pipe;
            const EventSource first = loop.on_readable(pipe.out.get(), [] {});
            const EventSource second = loop.on_readable(pipe.out.get(), [] {});
        },
        "");
}

}  // namespace
}  // namespace stile
