// SPDX-License-Identifier: Apache-2.0
// A look-up allocates nothing: this program counts every allocation of its C++.
#include "tests/daemon/catalog_fixture.hpp"
#include "tests/support/allocations.hpp"

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
