// SPDX-License-Identifier: Apache-2.0
// A GPIO chip and a relay board that tests hold in their hands: each does what real ones do, and
// the things that cannot be made to happen with real ones.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/gpio_lines.hpp"
#include "devices/turnstile/relay_link.hpp"

namespace stile::devices::test {

class FakeLines;

// Lines by name. Whatever is plugged into it stays plugged in.
class FakeChip {
public:
    using Clock = std::chrono::steady_clock;
    void plug_in() { plugged_ = true; }
    void unplug();
    // As a real chip goes, of which only who listens for edges hears at once.
    void unplug_quietly(const std::string& heard_by);
    // Somebody outside drives an input; the loop may hear of it late.
    void drive(const std::string& line, Switch to, GpioLines::Time at = Clock::now());
    [[nodiscard]] Switch level(const std::string& line) { return levels_[line]; }
    // How often this output went on.
    [[nodiscard]] int pulses(const std::string& line) { return pulses_[line]; }
    // An output that is shorted, or whose driver died.
    void jam(const std::string& line) { jammed_ = line; }
    void follow(const std::string& output, const std::string& input) { wire_[output] = input; }
    [[nodiscard]] int openings() const { return openings_; }

private:
    friend class FakeLines;
    std::map<std::string, Switch> levels_;
    std::map<std::string, int> pulses_;
    std::map<std::string, std::string> wire_;
    std::string jammed_;
    std::vector<FakeLines*> open_;
    bool plugged_ = true;
    int openings_ = 0;
};

class FakeLines final : public GpioLines {
public:
    FakeLines(FakeChip& chip, std::vector<std::string> names)
        : chip_{chip}, names_{std::move(names)} {}
    ~FakeLines() override { FakeLines::close(); }
    FakeLines(const FakeLines&) = delete;
    FakeLines& operator=(const FakeLines&) = delete;

    Result<void> open() override {
        ++chip_.openings_;
        if (!chip_.plugged_) return fail(Errc::NotFound, "no such chip");
        chip_.open_.push_back(this);
        return {};
    }
    void close() override { std::erase(chip_.open_, this); }
    Result<void> set(std::size_t line, Switch to) override {
        if (!is_open()) return fail(Errc::Closed, "gone");
        if (chip_.jammed_ == names_[line]) return fail(Errc::Io, "stays as it was");
        Switch& level = chip_.levels_[names_[line]];
        if (level == Switch::Off && to == Switch::On) ++chip_.pulses_[names_[line]];
        level = to;
        if (const auto wire = chip_.wire_.find(names_[line]); wire != chip_.wire_.end())
            chip_.drive(wire->second, to);
        return {};
    }
    Result<Switch> get(std::size_t line) override {
        if (!is_open()) return fail(Errc::Closed, "gone");
        return chip_.levels_[names_[line]];
    }

private:
    friend class FakeChip;
    [[nodiscard]] bool is_open() const {
        return std::ranges::find(chip_.open_, this) != chip_.open_.end();
    }
    void drive(const std::string& name, Switch to, Time at) {
        const auto line = std::ranges::find(names_, name);
        if (line != names_.end())
            tell_edge(static_cast<std::size_t>(line - names_.begin()), to, at);
    }

    FakeChip& chip_;
    std::vector<std::string> names_;
};

inline void FakeChip::unplug() {
    plugged_ = false;
    const auto users = std::exchange(open_, {});
    for (FakeLines* lines : users)
        lines->tell_fault();
}

inline void FakeChip::unplug_quietly(const std::string& heard_by) {
    plugged_ = false;
    const auto users = std::exchange(open_, {});
    for (FakeLines* lines : users) {
        if (std::ranges::find(lines->names_, heard_by) != lines->names_.end()) lines->tell_fault();
    }
}

inline void FakeChip::drive(const std::string& line, Switch to, GpioLines::Time at) {
    levels_[line] = to;
    const auto users = open_;
    for (FakeLines* lines : users)
        lines->drive(line, to, at);
}

// The board of eight relays that its thread talks to.
class FakeRelay {
public:
    enum class Way : int { Works, Unplugged, Hangs, Stuck };
    void go(Way way) {
        const Way before = way_.exchange(way);
        if (before == Way::Hangs) wake_.release();
    }
    [[nodiscard]] Way way() const { return way_; }
    [[nodiscard]] std::uint8_t states() const { return states_; }
    [[nodiscard]] std::uint8_t ever_on() const { return ever_on_; }
    [[nodiscard]] int pulses() const { return pulses_; }
    // How often its states were read: each order ends with that.
    [[nodiscard]] int reads() const { return reads_; }
    // Block until it was read so often, or until its thread is inside it and hangs.
    void await_reads(int times) const {
        for (int now = reads_; now < times; now = reads_)
            reads_.wait(now);
    }
    void await_hanging() const { hanging_.wait(false); }

    [[nodiscard]] RelayOpener opener() {
        return [this]() -> Result<std::unique_ptr<RelayLink>> {
            if (way_ == Way::Unplugged) return fail(Errc::NotFound, "not plugged in");
            return std::make_unique<Link>(*this);
        };
    }

private:
    class Link final : public RelayLink {
    public:
        explicit Link(FakeRelay& board) : board_{board} {}
        Result<void> set(std::uint8_t channel, Switch to) override {
            if (auto here = board_.answer(); !here) return here;
            const auto bit = static_cast<std::uint8_t>(1U << (channel - 1U));
            if (board_.way_ == Way::Stuck) return {};
            const std::uint8_t before = board_.states_;
            if (to == Switch::On && (before & bit) == 0) ++board_.pulses_;
            board_.states_ =
                static_cast<std::uint8_t>(to == Switch::On ? before | bit : before & ~bit);
            board_.ever_on_ |= board_.states_;
            return {};
        }
        Result<std::uint8_t> states() override {
            if (auto here = board_.answer(); !here) return std::unexpected{here.error()};
            const std::uint8_t states = board_.states_;
            ++board_.reads_;
            board_.reads_.notify_all();
            return states;
        }

    private:
        FakeRelay& board_;
    };
    Result<void> answer() {
        if (way_ == Way::Hangs) {
            hanging_ = true;
            hanging_.notify_all();
            wake_.acquire();
            hanging_ = false;
        }
        if (way_ == Way::Unplugged) return fail(Errc::Closed, "unplugged");
        return {};
    }

    std::atomic<Way> way_{Way::Works};
    std::atomic<std::uint8_t> states_{0};
    std::atomic<std::uint8_t> ever_on_{0};
    std::atomic<int> pulses_{0};
    std::atomic<int> reads_{0};
    std::atomic<bool> hanging_{false};
    std::binary_semaphore wake_{0};
};

// Acts in a row, each some time after the one before.
class Play {
public:
    explicit Play(EventLoop& loop) : loop_{loop} {}
    void then(std::chrono::milliseconds after, std::function<void()> act) {
        acts_.emplace_back(after, std::move(act));
        if (!next_) wait();
    }

private:
    void wait() {
        if (acts_.empty()) return next_.reset();
        next_ = loop_.after(acts_.front().first, [this] {
            const auto act = std::move(acts_.front().second);
            acts_.pop_front();
            act();
            wait();
        });
    }

    EventLoop& loop_;
    std::deque<std::pair<std::chrono::milliseconds, std::function<void()>>> acts_;
    EventSource next_;
};

// Somebody walks through the sensors "outer" and "inner".
inline void play_walk(Play& play, FakeChip& chip, Direction direction, Capabilities has) {
    constexpr std::chrono::milliseconds kStep{15};
    const bool back = has.second_sensor && direction == Direction::Exit;
    const std::string first = back ? "inner" : "outer";
    const std::string second = back ? "outer" : "inner";
    const auto step = [&](const std::string& line, Switch to) {
        play.then(kStep, [&chip, line, to] { chip.drive(line, to); });
    };
    step(first, Switch::On);
    if (has.second_sensor) step(second, Switch::On);
    step(first, Switch::Off);
    if (has.second_sensor) step(second, Switch::Off);
}

// A kilohertz as the contact itself has it, however late a busy machine plays it.
inline void play_bounces(Play& play, FakeChip& chip, int times) {
    static constexpr std::chrono::milliseconds kBounce{1};
    play.then(kBounce, [&chip, times] {
        const auto begun = FakeChip::Clock::now() - times * kBounce;
        for (int i = 0; i < times; ++i)
            chip.drive("outer", i % 2 == 0 ? Switch::On : Switch::Off, begun + i * kBounce);
    });
}

}  // namespace stile::devices::test
