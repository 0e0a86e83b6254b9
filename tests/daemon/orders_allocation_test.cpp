// SPDX-License-Identifier: Apache-2.0
// Looking up a position allocates nothing: this program counts every allocation of its C++.
#include "tests/daemon/orders_fixture.hpp"
#include "tests/support/allocations.hpp"

namespace stile::test {
namespace {

TEST(OrdersAllocation, NoneForADecisionsLookUpsAfterTheFirst) {
    const Json visit{{"list", 1}, {"datetime", "2026-01-01T00:00:00Z"}};
    const Json answer{{"question", 1}, {"answer", std::string(100, 'a')}};
    const Json base = position(1, std::string(40, 's'),
                               {{"attendee_name", std::string(50, 'n')},
                                {"checkins", {visit, visit}},
                                {"answers", {answer}}});
    OrderCatalog catalog;
    ASSERT_TRUE(
        catalog.load({orders("e", {order("A", {base, position(2, "addon", {{"addon_to", 1}})})}),
                      rows(Resource::Media, "",
                           {{{"id", 1},
                             {"type", "nfc_uid"},
                             {"identifier", "04AABB"},
                             {"active", true},
                             {"linked_orderpositions", {1}}}}),
                      rows(Resource::Revoked, "e", {{{"id", 1}, {"secret", "r"}}})}));
    const std::uint32_t event = event_number("e");
    const std::string secret(40, 's');
    FoundPositions positions;
    FoundMedia media;
    const auto look_up = [&] {
        positions.clear();
        media.clear();
        auto view = catalog.orders().view();
        ASSERT_TRUE(view->find_by_secret({&event, 1}, secret, positions));
        ASSERT_EQ(positions.size(), 1U);
        ASSERT_TRUE(view->addons_of(positions.all()[0], positions));
        ASSERT_TRUE(view->find_medium("nfc_uid", "04AABB", media));
        ASSERT_TRUE(view->has_medium(1).value());
        ASSERT_FALSE(
            view->is_listed(SecretList::Revoked, event, positions.all()[0].identities).value());
    };
    look_up();
    const std::size_t before = allocations;
    look_up();
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_EQ(positions.size(), 2U);
    EXPECT_EQ(media.size(), 1U);
}

}  // namespace
}  // namespace stile::test
