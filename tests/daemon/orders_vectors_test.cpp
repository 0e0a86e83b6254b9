// SPDX-License-Identifier: Apache-2.0
// The shared worlds of the pretix suite, loaded and asked.
#include <algorithm>
#include <cstdlib>

#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

class OrdersVectors : public ::testing::Test {
protected:
    void load(const std::string& world) {
        const auto rows = shared_world(world);
        if (rows.empty()) GTEST_SKIP() << "no ../shared/vectors/pretix/fixtures.json";
        const auto loaded = catalog_.load(rows);
        ASSERT_TRUE(loaded) << loaded.error().context;
        summary_ = *loaded;
    }
    OrderCatalog catalog_;
    UpdateSummary summary_;
};

TEST_F(OrdersVectors, MainWorldIsUnderstoodCompletely) {
    load("main");
    if (IsSkipped()) return;
    EXPECT_EQ(summary_.orders, 11U);
    EXPECT_EQ(summary_.refused, 0U);
    EXPECT_EQ(summary_.doubtful, 0U);
    EXPECT_TRUE(summary_.warnings.empty());
    const auto book = load_book(catalog_.environment());
    ASSERT_TRUE(book) << book.error().context;
    const EventBook* demo = (*book)->find("demo");
    ASSERT_NE(demo, nullptr);
    EXPECT_EQ(demo->event.zone, "Asia/Tokyo");
    EXPECT_EQ(demo->keys.size(), 2U);
    EXPECT_EQ(demo->products.size(), 3U);
    EXPECT_EQ(demo->lists.size(), 7U);
    ASSERT_NE(demo->subevent(14), nullptr);
    EXPECT_EQ(demo->subevent(14)->name, "Test");
    ASSERT_NE(demo->list(4), nullptr);
    EXPECT_TRUE(demo->list(4)->list.addon_match);
    EXPECT_EQ(demo->list(4)->rules, "");
}

TEST_F(OrdersVectors, APositionHasAllThatADecisionAsksFor) {
    load("main");
    if (IsSkipped()) return;
    const auto found = catalog_.find("demo", "kfndgffgyw4tdgcacx6bb3bgemq69cxj");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].order_code, "VH3D3");
    EXPECT_EQ(found[0].attendee_name, "Casey Flores");
    EXPECT_EQ(found[0].status, OrderStatus::Paid);
    EXPECT_EQ(found[0].product, 1U);
    EXPECT_EQ(found[0].identities.size(), 2U);
    EXPECT_TRUE(catalog_.find("demo2", "kfndgffgyw4tdgcacx6bb3bgemq69cxj").empty());
}

TEST_F(OrdersVectors, PositionsWithOneNumberInSeveralOrdersStayApart) {
    load("main");
    if (IsSkipped()) return;
    const std::uint32_t event = event_number("demo");
    const std::uint64_t id = 31174;
    const auto found = catalog_.looked_up([&](OrderView& view, FoundPositions& into) {
        return view.positions_by_id({&event, 1}, {&id, 1}, into);
    });
    ASSERT_EQ(found.size(), 3U);
    EXPECT_NE(found[0].identities[0], found[1].identities[0]);
}

TEST_F(OrdersVectors, AddOnsAreFoundFromTheirBase) {
    load("main");
    if (IsSkipped()) return;
    const auto found = catalog_.looked_up([&](OrderView& view, FoundPositions& into) {
        const std::uint32_t event = event_number("demo");
        if (auto order = view.order(event, "ADDO1", into); !order) return order;
        const KnownPosition base = into.all().front();
        into.clear();
        return view.addons_of(base, into);
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, 31180U);
}

TEST_F(OrdersVectors, CountsAreThoseOfTheSuite) {
    load("main");
    if (IsSkipped()) return;
    const auto book = load_book(catalog_.environment());
    auto view = catalog_.orders().view();
    const auto counted = view->count((*book)->find("demo")->list(1)->list);
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->total, 20U);
    EXPECT_EQ(counted->checked_in, 2U);
    EXPECT_EQ(counted->products.size(), 3U);
    EXPECT_EQ(counted->products.at(1).total, 8U);
    EXPECT_EQ(counted->products.at(1).checked_in, 1U);
}

TEST_F(OrdersVectors, MediaLeadToTheirPositionsInAllEvents) {
    load("reusable_media");
    if (IsSkipped()) return;
    FoundMedia media;
    FoundPositions positions;
    auto view = catalog_.orders().view();
    ASSERT_TRUE(view->find_medium("barcode", "2222", media));
    ASSERT_EQ(media.size(), 1U);
    const std::uint32_t events[] = {event_number("event1"), event_number("event2")};
    ASSERT_TRUE(view->positions_by_id(events, media.all()[0].positions, positions));
    EXPECT_EQ(positions.size(), 2U);
    EXPECT_TRUE(view->has_medium(18697).value_or(false));
    EXPECT_FALSE(view->has_medium(18704).value_or(true));
    ASSERT_TRUE(view->find_medium("nfc_uid", "2222", media));
    EXPECT_EQ(media.size(), 1U);
}

}  // namespace
}  // namespace stile::test
