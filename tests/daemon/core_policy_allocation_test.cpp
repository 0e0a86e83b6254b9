// SPDX-License-Identifier: Apache-2.0
// The policy is asked without allocating: this program counts every allocation of its C++.
#include <gtest/gtest.h>

#include "tests/daemon/venue.hpp"
#include "tests/support/allocations.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;

std::size_t allocations_of(Venue& venue) {
    (void)venue.ask();  // makes the tree
    const std::size_t before = allocations;
    (void)check(venue.policy, venue.facts);
    return allocations - before;
}

TEST(PolicyAllocation, NoneForAnAdmissionOrAnExit) {
    Venue venue;
    venue.terms().slots = {{.days = 127, .from = 0min, .to = 0min}};
    venue.terms().lists = {0};
    for (Area& area : venue.areas) {
        area.capacity = 100;
        area.daily_reset = 6h;
        area.passback = Passback::Hard;
    }
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(allocations_of(venue), 0U);
    venue.goes("arena", Direction::Exit);
    EXPECT_EQ(allocations_of(venue), 0U);
}

TEST(PolicyAllocation, NoneForARefusal) {
    Venue venue;
    venue.terms().slots = {{.days = 1, .from = 1h, .to = 2h}};
    EXPECT_EQ(venue.reason(), Reason::InvalidTime);
    EXPECT_EQ(allocations_of(venue), 0U);
    venue.policy.other_products.reset();
    EXPECT_EQ(venue.reason(), Reason::Product);
    EXPECT_EQ(allocations_of(venue), 0U);
}

}  // namespace
}  // namespace stile::test
