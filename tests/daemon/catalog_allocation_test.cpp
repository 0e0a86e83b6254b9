// SPDX-License-Identifier: Apache-2.0
// A look-up allocates nothing: this program counts every allocation of its C++.
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/daemon/catalog_fixture.hpp"

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

std::size_t allocations_of(Revocations& revocations, const crypto::Ticket& ticket) {
    const std::size_t before = allocations;
    const auto status = revocations.look_up(ticket);
    const std::size_t after = allocations;
    EXPECT_TRUE(status);
    return after - before;
}

TEST(CatalogAllocation, NoneForALookUpOfAKnownList) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1\nfar 7 1\nacme 7 2 <3\nsecret 7 x\n"));
    EXPECT_GT(allocations_of(catalog.revocations(), ticket(kIssuer, 7, 1)), 0U);  // a new list
    for (const crypto::Ticket& asked : {ticket(kIssuer, 7, 1), ticket(kIssuer, 7, 2),
                                        ticket("far", 7, 1), ticket("far", 7, 2), secret(7, "x")})
        EXPECT_EQ(allocations_of(catalog.revocations(), asked), 0U);
}

}  // namespace
}  // namespace stile::test
