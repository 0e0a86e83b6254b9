// SPDX-License-Identifier: Apache-2.0
// Full loads and differences: what replaces what, and what stays in memory.
#include <algorithm>

#include "daemon/catalog/revocation_list.hpp"
#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

const std::uint32_t kEvent = event_number("e");

Json changed(std::string_view when) {
    return {{"last_modified", when}};
}

class OrdersUpdate : public ::testing::Test {
protected:
    std::size_t found(std::string_view secret) { return catalog_.find("e", secret).size(); }
    bool knows(const KnownPosition& position, std::string_view secret) {
        return std::ranges::find(position.identities, secret_identity(kEvent, secret)) !=
               position.identities.end();
    }
    bool listed(SecretList list, std::string_view secret) {
        const crypto::Identity identity = secret_identity(kEvent, secret);
        auto view = catalog_.orders().view();
        return view->is_listed(list, kEvent, {&identity, 1}).value();
    }
    OrderCatalog catalog_;
};

TEST_F(OrdersUpdate, NothingIsFoundBeforeTheFirstImport) {
    EXPECT_EQ(found("s"), 0U);
    FoundMedia media;
    auto view = catalog_.orders().view();
    EXPECT_TRUE(view->find_medium("barcode", "x", media));
    EXPECT_FALSE(*view->has_medium(1));
    EXPECT_EQ(view->load(kEvent)->number, 0U);
    EXPECT_EQ(*view->book_version(), 0U);
}

TEST_F(OrdersUpdate, AFullLoadReplacesTheOrdersOfItsEventOnly) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a")})}),
                               orders("f", {order("A", {position(1, "f")})})}));
    ASSERT_TRUE(catalog_.load({orders("e", {order("B", {position(2, "b")})})}));
    EXPECT_EQ(found("a"), 0U);
    EXPECT_EQ(found("b"), 1U);
    EXPECT_EQ(catalog_.find("f", "f").size(), 1U);
    EXPECT_EQ(catalog_.keys(CatalogTable::Orders), 2U);
    EXPECT_EQ(catalog_.in_use(kEvent).rows, 1U);
}

TEST_F(OrdersUpdate, AFullLoadOfNothingLeavesNothing) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a")})})}));
    ASSERT_TRUE(catalog_.load({orders("e", {})}));
    EXPECT_EQ(found("a"), 0U);
    EXPECT_EQ(catalog_.keys(CatalogTable::Index), 0U);
}

TEST_F(OrdersUpdate, AFailedLoadLeavesTheOldOne) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a")})})}));
    Rows rows = orders("e", {order("B", {position(2, "b")})});
    rows.rows.emplace_back("rubbish");
    EXPECT_FALSE(catalog_.load({rows}));
    EXPECT_EQ(found("a"), 1U);
    EXPECT_EQ(found("b"), 0U);
    ASSERT_TRUE(catalog_.change({}));  // tidies
    EXPECT_EQ(catalog_.keys(CatalogTable::Orders), 1U);
}

TEST_F(OrdersUpdate, ADifferenceReplacesWholeOrders) {
    ASSERT_TRUE(catalog_.load({orders(
        "e", {order("A", {position(1, "a"), position(2, "b")}), order("B", {position(3, "c")})})}));
    const auto done = catalog_.change({orders(
        "e", {order("A", {position(2, "b", {{"item", 9}})}, changed("2026-01-02T00:00:00Z"))})});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->orders, 1U);
    EXPECT_EQ(found("a"), 0U);
    EXPECT_EQ(catalog_.find("e", "b").at(0).product, 9U);
    EXPECT_EQ(found("c"), 1U);
    EXPECT_EQ(catalog_.in_use(kEvent).positions, 2U);
    EXPECT_EQ(catalog_.in_use(kEvent).rows, 2U);
    EXPECT_EQ(catalog_.in_use(kEvent).newest_change,
              WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}});
}

TEST_F(OrdersUpdate, ADifferenceWithoutALoadBeginsOne) {
    ASSERT_TRUE(catalog_.change({orders("e", {order("A", {position(1, "a")})})}));
    ASSERT_TRUE(catalog_.change({orders("e", {order("B", {position(2, "b")})})}));
    EXPECT_EQ(found("a"), 1U);
    EXPECT_EQ(found("b"), 1U);
}

TEST_F(OrdersUpdate, AnOlderVersionNeverReplacesANewerOne) {
    const auto newer = order("A", {position(1, "new")}, changed("2026-01-02T00:00:00Z"));
    const auto older = order("A", {position(1, "old")}, changed("2026-01-01T23:59:59.9Z"));
    ASSERT_TRUE(catalog_.load({orders("e", {newer})}));
    const auto difference = catalog_.change({orders("e", {older})});
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->older, 1U);
    const auto full = catalog_.load({orders("e", {older})});
    ASSERT_TRUE(full);
    EXPECT_EQ(full->older, 1U);
    EXPECT_EQ(found("old"), 0U);
    EXPECT_EQ(found("new"), 1U);
}

TEST_F(OrdersUpdate, AnOrderThatComesTwiceInALoadIsThereOnce) {
    const auto first = order("A", {position(1, "a")}, changed("2026-01-01T00:00:00Z"));
    const auto second = order("A", {position(1, "b")}, changed("2026-01-02T00:00:00Z"));
    for (const auto& rows : {orders("e", {first, second}), orders("e", {second, first})}) {
        ASSERT_TRUE(catalog_.load({orders("e", {})}));
        ASSERT_TRUE(catalog_.load({rows}));
        EXPECT_EQ(found("a"), 0U);
        EXPECT_EQ(found("b"), 1U);
        EXPECT_EQ(catalog_.in_use(kEvent).positions, 1U);
    }
}

TEST_F(OrdersUpdate, AFormerSecretOpensNothingAndStaysInMemory) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "one")})})}));
    ASSERT_TRUE(catalog_.change({orders("e", {order("A", {position(1, "two")})})}));
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "three")})})}));
    EXPECT_EQ(found("one") + found("two"), 0U);
    const auto now = catalog_.find("e", "three");
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].identities[0], position_identity(kEvent, "A", 1));
    EXPECT_TRUE(knows(now[0], "one"));
    EXPECT_TRUE(knows(now[0], "two"));
    EXPECT_TRUE(knows(now[0], "three"));
}

TEST_F(OrdersUpdate, ManyFormerSecretsAreBounded) {
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(catalog_.change(
            {orders("e", {order("A", {position(1, "secret" + std::to_string(i))})})}));
    const auto now = catalog_.find("e", "secret299");
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].identities.size(), kMaxIdentities);
    EXPECT_TRUE(knows(now[0], "secret298"));
}

TEST_F(OrdersUpdate, IdentitiesOfOnePositionAreNotThoseOfAnother) {
    EXPECT_NE(position_identity(1, "A", 1), position_identity(2, "A", 1));
    EXPECT_NE(position_identity(1, "A", 1), position_identity(1, "B", 1));
    EXPECT_NE(position_identity(1, "A", 1), position_identity(1, "A", 2));
}

TEST_F(OrdersUpdate, AnOrderOfAnEarlierStateIsStillTheSameAfterAnotherChanged) {
    ASSERT_TRUE(catalog_.load(
        {orders("e", {order("A", {position(1, "a")}), order("B", {position(2, "b")})})}));
    ASSERT_TRUE(catalog_.change({orders("e", {order("A", {position(1, "x"), position(5, "y")})})}));
    EXPECT_EQ(catalog_.find("e", "b").at(0).id, 2U);
    const std::uint64_t ids[] = {5, 2};
    const auto by_id = catalog_.looked_up([&](OrderView& view, FoundPositions& into) {
        return view.positions_by_id({&kEvent, 1}, ids, into);
    });
    ASSERT_EQ(by_id.size(), 2U);
    EXPECT_EQ(by_id[0].secret, "y");
}

TEST_F(OrdersUpdate, AMediumThatChangedIsNotFoundUnderItsOldName) {
    const Json medium{{"id", 1},
                      {"type", "nfc_uid"},
                      {"identifier", "A"},
                      {"active", true},
                      {"linked_orderposition", 7}};
    Json later = medium;
    later.update({{"identifier", "B"}, {"linked_orderposition", 8}});
    ASSERT_TRUE(catalog_.load({rows(Resource::Media, "", {medium})}));
    ASSERT_TRUE(catalog_.change({rows(Resource::Media, "", {later})}));
    FoundMedia media;
    auto view = catalog_.orders().view();
    ASSERT_TRUE(view->find_medium("nfc_uid", "A", media));
    EXPECT_EQ(media.size(), 0U);
    ASSERT_TRUE(view->find_medium("nfc_uid", "B", media));
    ASSERT_EQ(media.size(), 1U);
    EXPECT_EQ(media.all()[0].positions, std::vector<std::uint64_t>{8});
    EXPECT_FALSE(*view->has_medium(7));
    EXPECT_TRUE(*view->has_medium(8));
    EXPECT_EQ(view->load({})->rows, 1U);
}

TEST_F(OrdersUpdate, ABlockIsLiftedByANewerRowAndARevocationNever) {
    const auto row = [](bool blocked, std::string_view when) {
        return Json{{"id", 1}, {"secret", "s"}, {"blocked", blocked}, {"updated", when}};
    };
    const auto put = [&](Resource list, const Json& one) {
        ASSERT_TRUE(catalog_.change({rows(list, "e", {one})}));
    };
    put(Resource::Blocked, row(true, "2026-01-01T00:00:00Z"));
    EXPECT_TRUE(listed(SecretList::Blocked, "s"));
    EXPECT_FALSE(listed(SecretList::Revoked, "s"));
    EXPECT_FALSE(listed(SecretList::Blocked, "t"));
    put(Resource::Blocked, row(false, "2026-01-02T00:00:00Z"));
    EXPECT_FALSE(listed(SecretList::Blocked, "s"));
    put(Resource::Blocked, row(true, "2026-01-01T12:00:00Z"));
    EXPECT_FALSE(listed(SecretList::Blocked, "s")) << "an older row came late";
    put(Resource::Revoked, row(true, "2026-01-01T00:00:00Z"));
    put(Resource::Revoked, row(false, "2026-01-02T00:00:00Z"));
    EXPECT_TRUE(listed(SecretList::Revoked, "s"));
}

TEST_F(OrdersUpdate, TwoRowsForOneTicketEachStandForThemselves) {
    const Json one{{"id", 1}, {"secret", "s"}, {"blocked", true}};
    const Json two{{"id", 2}, {"secret", "s"}, {"blocked", true}};
    Json lifted = two;
    lifted["blocked"] = false;
    ASSERT_TRUE(catalog_.change({rows(Resource::Blocked, "e", {one, two, lifted})}));
    EXPECT_TRUE(listed(SecretList::Blocked, "s"));
}

TEST_F(OrdersUpdate, ListsOfSecretsAreOfOneEvent) {
    ASSERT_TRUE(catalog_.load({rows(Resource::Revoked, "f", {{{"id", 1}, {"secret", "s"}}})}));
    EXPECT_FALSE(listed(SecretList::Revoked, "s"));
}

TEST_F(OrdersUpdate, AFullAnswerWithoutARowDoesNotLiftIt) {
    ASSERT_TRUE(catalog_.load({rows(Resource::Blocked, "e", {{{"id", 1}, {"secret", "s"}}})}));
    ASSERT_TRUE(catalog_.load({rows(Resource::Blocked, "e", {})}));
    EXPECT_TRUE(listed(SecretList::Blocked, "s"));
}

TEST_F(OrdersUpdate, AViewSeesOneStateWhileTheCatalogChanges) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a")})})}));
    FoundPositions before;
    auto view = catalog_.orders().view();
    ASSERT_TRUE(catalog_.load({orders("e", {})}));
    ASSERT_TRUE(view->find_by_secret({&kEvent, 1}, "a", before));
    EXPECT_EQ(before.size(), 1U);
    view = std::unexpected{Error{}};
    EXPECT_EQ(found("a"), 0U);
}

TEST_F(OrdersUpdate, DamageIsAnErrorAndNoMiss) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a")})})}));
    const auto load = catalog_.in_use(kEvent);
    auto& environment = catalog_.environment();
    {
        auto writer = environment.write();
        ASSERT_TRUE(writer->put(table_of(environment, CatalogTable::Orders),
                                order_key(load.number, 0), as_bytes("x")));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    FoundPositions into;
    auto view = catalog_.orders().view();
    const auto found = view->find_by_secret({&kEvent, 1}, "a", into);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::Corrupt);
    EXPECT_EQ(into.size(), 0U);
}

}  // namespace
}  // namespace stile::test
