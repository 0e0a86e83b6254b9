// SPDX-License-Identifier: Apache-2.0
// The policy is asked without allocating: this program counts every allocation of its C++.
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tests/daemon/venue.hpp"

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
// The analyzer does not see that these are the other half of the operator above.
// NOLINTBEGIN(clang-analyzer-cplusplus.NewDelete)
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}
// NOLINTEND(clang-analyzer-cplusplus.NewDelete)

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
