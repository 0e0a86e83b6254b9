// SPDX-License-Identifier: Apache-2.0
// What every turnstile promises, whatever moves it: a driver makes a rig, and instantiates
// TurnstileContract (turnstile_contract.cpp) with it.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/ledger/ledger.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/turnstile.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/listen.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::devices::test {

// One turnstile, and the people and mishaps around it. Nobody passes unless the rig walks.
class TurnstileRig {
public:
    virtual ~TurnstileRig() = default;
    [[nodiscard]] virtual Turnstile& turnstile() = 0;
    // Somebody goes through, or tries to; the sensors see them.
    virtual void walk(Direction direction) = 0;
    // A sensor's contact chatters at a kilohertz, and nobody is there.
    virtual void bounce() = 0;
    virtual void unplug() = 0;
    virtual void plug_in() = 0;
};

struct RigMaker {
    std::string name;
    std::function<std::unique_ptr<TurnstileRig>(EventLoop&)> make;
    // GoogleTest prints it, else its bytes, into the names of tests.
    friend void PrintTo(const RigMaker& maker, std::ostream* out) { *out << maker.name; }
};

// A turnstile on a loop, what is heard of it, and a ledger that grants releases.
class TurnstileBench {
public:
    explicit TurnstileBench(const RigMaker& maker) : rig_{maker.make(loop_)} {
        turnstile().on_signal([this](Signal signal) {
            EXPECT_FALSE(inside_call_) << "told from inside a call";
            heard_.push_back(signal);
        });
    }

    Turnstile& turnstile() { return rig_->turnstile(); }

    // From a ledger, as every grant.
    Grant grant(Direction direction = Direction::Entry) {
        auto batch = ledger_.begin().value();
        EXPECT_TRUE(batch.admit({.decided = {.verdict = Verdict::Admit,
                                             .reason = Reason::Valid,
                                             .direction = direction}},
                                clock_.now()));
        return std::move(batch).commit().value().front();
    }
    Result<void> release(Direction direction = Direction::Entry) {
        const Grant proof = grant(direction);
        inside_call_ = true;
        auto released = turnstile().release(proof, {.people = 1, .hold = std::chrono::seconds{8}});
        inside_call_ = false;
        return released;
    }
    void lock() {
        inside_call_ = true;
        turnstile().lock();
        inside_call_ = false;
    }
    // The quickest of a few calls: a busy machine makes some of them slow, and a turnstile that
    // waits for its device all of them.
    std::chrono::nanoseconds quickest_release() {
        using Clock = std::chrono::steady_clock;
        const Grant proof = grant();
        auto quickest = std::chrono::nanoseconds::max();
        for (int i = 0; i < 5; ++i) {
            const auto before = Clock::now();
            EXPECT_TRUE(turnstile().release(proof, {.people = 1, .hold = std::chrono::seconds{8}}));
            quickest = std::min(quickest, Clock::now() - before);
        }
        return quickest;
    }
    // Until it was heard so often.
    void hear(Signal signal, std::ptrdiff_t times = 1) {
        until([&] { return count(signal) >= times; });
    }
    template <class Happened>
    void until(const Happened& happened) {
        stile::test::listen_until(loop_, happened);
    }
    void listen(std::chrono::milliseconds time) { stile::test::listen(loop_, time); }
    [[nodiscard]] std::ptrdiff_t count(Signal signal) const {
        return std::ranges::count(heard_, signal);
    }
    // What was heard of the sensors, in order.
    [[nodiscard]] std::vector<Signal> passages() const {
        std::vector<Signal> out;
        for (const Signal signal : heard_) {
            if (signal <= Signal::InnerClear) out.push_back(signal);
        }
        return out;
    }

    stile::test::TempDir temp_;
    stile::test::FakeClock clock_{WallTime{std::chrono::seconds{1'790'000'000}}};
    Ledger ledger_ =
        Ledger::open({.folder = temp_.path() / "ledger", .map_bytes = 16U << 20U}, clock_).value();
    EventLoop loop_;
    std::unique_ptr<TurnstileRig> rig_;
    std::vector<Signal> heard_;
    bool inside_call_ = false;
};

class TurnstileContract : public TurnstileBench, public testing::TestWithParam<RigMaker> {
protected:
    TurnstileContract() : TurnstileBench{GetParam()} {}
};

}  // namespace stile::devices::test
