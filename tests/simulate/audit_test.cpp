// SPDX-License-Identifier: Apache-2.0
// What must be found is what happened, not what was planned.
#include "tests/simulate/audit.hpp"

#include <gtest/gtest.h>

namespace stile::simulate {
namespace {

Seen saw(Reason reason, bool unanswered = false) {
    return {.reason = reason, .unanswered = unanswered, .arrived = {}};
}

// An owner, a copy at the same gate, and one at another that has not heard of it.
class SimulatedDoubles : public ::testing::Test {
protected:
    SimulatedDoubles() {
        plan.tickets.resize(1);
        plan.showings.resize(3);
        plan.showings[1].needs = plan.showings[2].needs = Needs::Inside;
        plan.showings[1].expected = Reason::Used;
    }
    Bounds with(const Seen& second_gate) const {
        return double_entries(plan, {saw(Reason::Valid), saw(Reason::Used), second_gate});
    }
    Plan plan;
};

TEST_F(SimulatedDoubles, AreCopiesThatAnotherGateLetIn) {
    EXPECT_EQ(with(saw(Reason::Valid)), (Bounds{1, 1}));
}

TEST_F(SimulatedDoubles, AreNotThoseWhoWereSentHome) {
    EXPECT_EQ(with({}), (Bounds{0, 0}));
}

TEST_F(SimulatedDoubles, AreNotThoseWhoWereRefused) {
    EXPECT_EQ(with(saw(Reason::Used)), (Bounds{0, 0}));
}

TEST_F(SimulatedDoubles, AreThoseWhomADeadGateLetIn) {
    EXPECT_EQ(with(saw(Reason::Used, true)), (Bounds{1, 1}));
}

TEST_F(SimulatedDoubles, MayBeThoseWhoWereAskedWhenTheFireCame) {
    EXPECT_EQ(with({.reason = {}, .unanswered = true, .arrived = {}}), (Bounds{0, 1}));
}

TEST_F(SimulatedDoubles, AreNotSmokersWhoComeBack) {
    plan.showings[2].needs = Needs::Outside;
    EXPECT_EQ(with(saw(Reason::Valid)), (Bounds{0, 0}));
}

}  // namespace
}  // namespace stile::simulate
