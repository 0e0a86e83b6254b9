// SPDX-License-Identifier: Apache-2.0
// A lane that is told anything at any time, beside the few things that must always hold.
#include <array>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "daemon/lane/lane.hpp"

namespace stile {
namespace {

using devices::Signal;

// What somebody who only sees orders can check.
struct Witness {
    std::map<std::uint64_t, Released> open;
    std::uint64_t ended = 0;
    std::uint64_t people = 0;
    std::uint64_t free = 0;

    void see(const LaneOrder& order) {
        if (const auto* outcome = std::get_if<LaneOutcome>(&order)) return see(outcome->passage);
        const auto* event = std::get_if<LaneEvent>(&order);
        if (event != nullptr && event->what == LaneEventKind::FreePassage) free += event->count;
    }
    void see(const Passage& passage) {
        const auto found = open.find(passage.admission);
        ASSERT_NE(found, open.end()) << "an outcome without a release, or a second one";
        ASSERT_LE(passage.people, found->second.people);
        ASSERT_EQ(passage.people == 0, passage.result == PassageResult::Released);
        people += passage.people;
        ++ended;
        open.erase(found);
    }
};

class Walk {
public:
    explicit Walk(std::uint32_t seed, devices::Capabilities has)
        : random_{seed}, lane_{{.name = "lane"}, has} {}

    void step() {
        now_ += std::chrono::milliseconds{pick(1500)};
        switch (pick(8)) {
            case 0:
                return release();
            case 1:
                lane_.set_mode(static_cast<LaneMode>(1 + pick(5)), now_);
                break;
            case 2:
                if (pick(10) == 0)
                    lane_.fire(pick(2) == 0 ? FireInput::Over : FireInput::Active, now_);
                break;
            case 3:
                lane_.tick(now_);
                break;
            default:
                signal();
        }
        check();
    }
    void finish() {
        lane_.fire(FireInput::Over, now_);
        lane_.take(Signal::Back, now_);
        for (const Signal clear : {Signal::OuterClear, Signal::InnerClear})
            lane_.take(clear, now_);
        for (int i = 0; i < 100; ++i) {
            now_ += std::chrono::seconds{60};
            lane_.tick(now_);
        }
        lane_.report_free();
        check();
        EXPECT_TRUE(seen_.open.empty()) << "every admission has its end";
        EXPECT_EQ(seen_.ended, released_);
        EXPECT_EQ(seen_.free, lane_.counts().free);
        EXPECT_EQ(seen_.people, lane_.counts().entered + lane_.counts().left);
    }

private:
    int pick(int below) { return std::uniform_int_distribution{0, below - 1}(random_); }

    void release() {
        Released released{.people = static_cast<std::uint8_t>(1 + pick(3)),
                          .hold = std::chrono::seconds{2}};
        released.admission.admission = ++released_;
        released.admission.direction = pick(2) == 0 ? Direction::Entry : Direction::Exit;
        seen_.open.emplace(released_, released);
        lane_.release(released, now_);
        check();
    }
    void signal() {
        const Signal signal = static_cast<Signal>(1 + pick(static_cast<int>(Signal::Last)));
        lane_.take(signal, now_);
    }
    void check() {
        for (const LaneOrder& order : lane_.take_orders()) {
            if (const auto* arm = std::get_if<ArmOrder>(&order)) arm_ = *arm;
            seen_.see(order);
        }
        ASSERT_LE(seen_.open.size(), 1U);
        ASSERT_EQ(seen_.open.size() == 1, lane_.busy());
        if (lane_.open_for_all()) {
            ASSERT_EQ(arm_, ArmOrder::Open);
        }
        const bool shut = !lane_.busy() && !lane_.open_for_all() && arm_;
        if (shut) {
            ASSERT_EQ(arm_, ArmOrder::Lock) << name_of(lane_.state());
        }
        ASSERT_TRUE(!lane_.busy() || lane_.due()) << "an admission always ends by itself";
    }

    std::mt19937 random_;
    Lane lane_;
    Lane::Time now_{std::chrono::hours{1}};
    std::uint64_t released_ = 0;
    std::optional<ArmOrder> arm_;
    Witness seen_;
};

TEST(LaneModel, EndsEachAdmissionOnceWhateverHappens) {
    for (std::uint32_t seed = 0; seed < 400; ++seed) {
        const devices::Capabilities has{.second_sensor = seed % 2 == 1,
                                        .arm_feedback = seed % 4 >= 2};
        Walk walk{seed, has};
        for (int i = 0; i < 500 && !testing::Test::HasFailure(); ++i)
            walk.step();
        walk.finish();
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace stile
