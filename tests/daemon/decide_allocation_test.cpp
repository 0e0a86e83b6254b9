// SPDX-License-Identifier: Apache-2.0
// A decision allocates nothing: this program counts every allocation of its C++.
#include "daemon/admission/finder.hpp"
#include "daemon/admission/recall.hpp"
#include "daemon/ledger/ledger.hpp"
#include "decide_rule_text.hpp"
#include "orders_fixture.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/fakes.hpp"

namespace stile::test {
namespace {

constexpr WallTime kEvening{std::chrono::sys_days{std::chrono::year{2030} / 1 / 10} +
                            std::chrono::hours{6}};

std::vector<Rows> fest() {
    const Json event{{"slug", "fest"},
                     {"timezone", "Pacific/Auckland"},
                     {"date_from", "2030-01-10T05:00:00Z"},
                     {"date_to", "2030-01-10T10:00:00Z"},
                     {"date_admission", "2030-01-10T04:00:00Z"}};
    const Json item{{"id", 11}, {"name", "Day pass"}};
    const Json list{{"id", 1},
                    {"name", "All"},
                    {"all_products", true},
                    {"allow_multiple_entries", true},
                    {"rules", Json::parse(kTenConditions)}};
    const Json visits{{{"id", 1}, {"list", 1}, {"datetime", "2030-01-09T05:00:00Z"}}};
    return {rows(Resource::Event, "fest", {event}), rows(Resource::Items, "fest", {item}),
            rows(Resource::Lists, "fest", {list}),
            orders("fest", {order("A", {position(1, "one", {{"item", 11}, {"checkins", visits}}),
                                        position(2, "two", {{"item", 11}})})})};
}

TEST(DecideAllocation, NoneForADecisionWithARuleOfTenConditions) {
    OrderCatalog catalog;
    ASSERT_TRUE(catalog.load(fest()));
    const TempDir dir;
    FakeClock clock{kEvening};
    auto ledger = Ledger::open({.folder = dir.path(), .map_bytes = 64U << 20U}, clock);
    ASSERT_TRUE(ledger);
    const crypto::KeyRing keys;
    const crypto::Verifier verifier{keys};
    const auto book = load_access_book(catalog.environment());
    ASSERT_TRUE(book);
    Finder finder{{catalog.orders(), verifier, {}, *book, 0}};
    const ListKey key{event_number("fest"), 1};
    Case scan;
    std::size_t looked_up = 0;
    for (const std::string_view secret : {"one", "two", "one", "two", "one"}) {
        std::size_t before = allocations;
        finder.find({.text = secret, .source = "barcode", .lists = {&key, 1}, .time = kEvening},
                    scan);
        EXPECT_TRUE(recall(scan, *ledger, {.device = 5, .lane = "a"}));
        looked_up = allocations - before;
        before = allocations;
        const Decision decision = decide(scan, {}, {kEvening, kEvening});
        EXPECT_EQ(allocations - before, 0U);
        EXPECT_EQ(decision.reason, Reason::Valid);
    }
    // Cursors of the ledger's own snapshot; a batch keeps its cursor.
    EXPECT_LE(looked_up, 8U);
}

}  // namespace
}  // namespace stile::test
