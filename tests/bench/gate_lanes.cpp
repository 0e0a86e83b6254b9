// SPDX-License-Identifier: Apache-2.0
// Guests who show their tickets one after the other, at one lane or at many.
#include "tests/bench/gate_lanes.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/bench/gate_stage.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/bench/slow_disk.hpp"

namespace stile::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t kLanes = 8;
constexpr int kScans = 800;
constexpr int kSlowScans = 400;
constexpr int kPeerEntriesASecond = 80;  // 40 gates, a guest a second each: two entries

void must(const protocol::Feedback& answer) {
    if (answer.outcome != protocol::Outcome::Admit)
        throw std::runtime_error{"a good ticket was not admitted"};
}

// Every lane takes the next ticket as soon as its guest has passed. Admissions a second.
double admissions_a_second(GateStage& stage, std::size_t lanes,
                           std::span<const std::string> tickets) {
    std::size_t next = 0;
    std::size_t done = 0;
    std::function<void(std::size_t)> step = [&](std::size_t lane) {
        if (next == tickets.size()) return;
        stage.show(lane, tickets[next++], [&, lane](const protocol::Feedback& answer) {
            must(answer);
            stage.turnstile(lane).pass();
            if (++done == tickets.size()) stage.loop.stop(0);
            step(lane);
        });
    };
    const auto start = Clock::now();
    for (std::size_t lane = 0; lane < lanes; ++lane)
        step(lane);
    stage.loop.run();
    const std::chrono::duration<double> took = Clock::now() - start;
    return static_cast<double>(tickets.size()) / took.count();
}

double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

// Guests come at their own times, also while the gate waits for the disk.
class Crowd {
public:
    Crowd(GateStage& stage, std::span<const std::string> tickets)
        : stage_{stage}, tickets_{tickets}, comes_(2), arrivals_(2) {
        peers_ = stage_.loop.every(std::chrono::milliseconds{1000 / kPeerEntriesASecond}, [this] {
            stage_.gate().record({.generation = ++entries_, .records = 1, .list = "peer"});
        });
        for (std::size_t lane = 0; lane < comes_.size(); ++lane) {
            stage_.turnstile(lane).on_release = [this, lane] {
                waits_ms.push_back(
                    std::chrono::duration<double, std::milli>{Clock::now() - comes_[lane]}.count());
            };
            expect(lane);
        }
    }
    std::vector<double> waits_ms;  // of each guest, from coming to the open turnstile

private:
    void expect(std::size_t lane) {
        const std::chrono::milliseconds gap{100 + random_() % 200};
        comes_[lane] = Clock::now() + gap;
        arrivals_[lane] = stage_.loop.after(gap, [this, lane] { come(lane); });
    }
    void come(std::size_t lane) {
        if (next_ == tickets_.size()) return stage_.loop.stop(0);
        stage_.show(lane, tickets_[next_++], [this, lane](const protocol::Feedback& answer) {
            must(answer);
            stage_.turnstile(lane).pass();
            expect(lane);
        });
    }

    GateStage& stage_;
    std::span<const std::string> tickets_;
    std::vector<Clock::time_point> comes_;
    std::vector<EventSource> arrivals_;
    EventSource peers_;
    std::uint64_t entries_ = 0;
    std::size_t next_ = 0;
    std::minstd_rand random_{1};
};

}  // namespace

void scan_to_release(const GateWork& work) {
    GateStage stage{work.folder / "one", 1, work.keys, work.now};
    std::vector<double> ours_us;
    std::vector<double> bare_us;
    Clock::time_point shown;
    stage.turnstile(0).on_release = [&] {
        ours_us.push_back(Microseconds{Clock::now() - shown}.count());
    };
    for (int i = 0; i < kScans; ++i) {
        shown = Clock::now();
        stage.show(0, work.tickets[static_cast<std::size_t>(i)], [&](const auto& answer) {
            must(answer);
            stage.turnstile(0).pass();
            stage.loop.stop(0);
        });
        stage.loop.run();
        bare_us.push_back(round_us(work.bare_commit, 1));
    }
    std::printf("%-58s %6.3f  (%.1f us / %.1f us)\n", "scan received to release / bare LMDB commit",
                median(ours_us) / median(bare_us), median(ours_us), median(bare_us));
}

void eight_lanes_against_one(const GateWork& work) {
    GateStage one{work.folder / "single", 1, work.keys, work.now};
    GateStage eight{work.folder / "eight", kLanes, work.keys, work.now};
    const double alone = admissions_a_second(one, 1, work.tickets.first(kScans));
    const double together = admissions_a_second(eight, kLanes, work.tickets.subspan(kScans));
    std::printf("%-58s %6.3f  (%.0f a second / %.0f a second)\n",
                "admissions of 8 lanes together / of one lane", together / alone, together, alone);
}

void release_on_a_slow_disk(const GateWork& work) {
    GateStage stage{work.folder / "slow", 2, work.keys, work.now};
    const SlowDisk disk{std::chrono::milliseconds{10}};
    Crowd crowd{stage, work.tickets.first(kSlowScans)};
    stage.loop.run();
    std::printf("%-58s p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
                "2 lanes, 40 peers, 10 ms a flush: guest to release", quantile(crowd.waits_ms, 0.5),
                quantile(crowd.waits_ms, 0.99), quantile(crowd.waits_ms, 1));
}

}  // namespace stile::bench
