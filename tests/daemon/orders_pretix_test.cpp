// SPDX-License-Identifier: Apache-2.0
// Rows of the platform that make no sense: each has a defined result, and none opens a gate.
#include <algorithm>

#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

class OrdersPretix : public ::testing::Test {
protected:
    // The position with the secret `s` of an order that holds only this one.
    KnownPosition loaded(const Json& more, const Json& order_more = Json::object()) {
        const auto done =
            catalog_.load({orders("e", {order("A", {position(7, "s", more)}, order_more)})});
        EXPECT_TRUE(done) << done.error().context;
        const auto found = catalog_.find("e", "s");
        EXPECT_EQ(found.size(), 1U);
        return found.empty() ? KnownPosition{} : found[0];
    }
    void expect_unusable(const Json& more, const Json& order_more = Json::object()) {
        const KnownPosition position = loaded(more, order_more);
        EXPECT_EQ(position.status, OrderStatus::Canceled) << more << order_more;
        EXPECT_FALSE(position.understood) << more << order_more;
    }
    OrderCatalog catalog_;
};

TEST_F(OrdersPretix, APlainPositionIsUnderstood) {
    const KnownPosition position = loaded({{"variation", 5},
                                           {"subevent", 6},
                                           {"attendee_name", "A"},
                                           {"valid_from", "2026-01-01T00:00:00Z"},
                                           {"unknown field", {1, 2}}},
                                          {{"checkin_text", "T"}, {"checkin_attention", true}});
    EXPECT_TRUE(position.understood);
    EXPECT_EQ(position.status, OrderStatus::Paid);
    EXPECT_EQ(position.variation, 5U);
    EXPECT_EQ(position.subevent, 6U);
    EXPECT_EQ(position.order_text, "T");
    EXPECT_TRUE(position.order_attention);
    EXPECT_TRUE(position.valid_from);
    EXPECT_FALSE(position.valid_until);
}

TEST_F(OrdersPretix, AnOrderOfUnknownStatusIsUnusable) {
    for (const Json& status :
         {Json("x"), Json(""), Json("P"), Json(1), Json(nullptr), Json::array()})
        expect_unusable(Json::object(), {{"status", status}});
}

TEST_F(OrdersPretix, AnOrderWhoseConditionsAreUnclearIsUnusable) {
    for (const char* field : {"require_approval", "valid_if_pending"})
        for (const Json& value : {Json("no"), Json(1), Json::object()})
            expect_unusable(Json::object(), {{field, value}});
}

TEST_F(OrdersPretix, TimesThatCannotBeReadMakeAPositionUnusable) {
    for (const char* field : {"valid_from", "valid_until"})
        for (const Json& value : {Json("soon"), Json(1), Json(true), Json("1969-12-31T00:00:00Z"),
                                  Json("2107-01-01T00:00:00Z"), Json("")})
            expect_unusable({{field, value}});
}

TEST_F(OrdersPretix, NumbersOutOfRangeMakeAPositionUnusable) {
    for (const char* field : {"item", "variation", "subevent", "addon_to"})
        for (const Json& value : {Json(-1), Json(1.5), Json(1e300), Json("1"), Json(0), Json(true)})
            expect_unusable({{field, value}});
    expect_unusable({{"id", -7}});
    expect_unusable({{"item", nullptr}});
}

TEST_F(OrdersPretix, ACheckInThatCannotBeReadMakesAPositionUnusable) {
    for (const Json& visit :
         {Json(1), Json{{"list", 1}}, Json{{"datetime", "2026-01-01T00:00:00Z"}},
          Json{{"list", 1}, {"datetime", "late"}},
          Json{{"list", 1}, {"datetime", "2026-01-01T00:00:00Z"}, {"type", "jump"}}})
        expect_unusable({{"checkins", {visit}}});
    expect_unusable({{"checkins", 5}});
}

TEST_F(OrdersPretix, CheckInsWithoutATypeAreEntriesAndFailedOnesNone) {
    const Json time = "2026-01-01T00:00:00.25Z";
    const KnownPosition position =
        loaded({{"checkins",
                 {{{"id", 3}, {"list", 1}, {"datetime", time}, {"device_id", 9}},
                  {{"list", 1}, {"datetime", time}, {"type", "exit"}},
                  {{"list", 1}, {"datetime", time}, {"successful", false}}}}});
    ASSERT_EQ(position.visits.size(), 2U);
    EXPECT_EQ(position.visits[0].visit.direction, Direction::Entry);
    EXPECT_EQ(position.visits[0].visit.order, 3U);
    EXPECT_EQ(position.visits[0].device, 9U);
    EXPECT_EQ(position.visits[0].visit.time.time_since_epoch().count() % 1'000, 250);
    EXPECT_EQ(position.visits[1].visit.direction, Direction::Exit);
}

TEST_F(OrdersPretix, WhateverIsNotClearlyUnblockedIsBlocked) {
    for (const Json& value : {Json{"admin"}, Json(true), Json("api"), Json(1), Json{{"a", 1}}})
        EXPECT_TRUE(loaded({{"blocked", value}}).blocked) << value;
    for (const Json& value : {Json(nullptr), Json::array(), Json(false)})
        EXPECT_FALSE(loaded({{"blocked", value}}).blocked) << value;
}

TEST_F(OrdersPretix, ACanceledPositionOfAPaidOrderIsCanceled) {
    const KnownPosition position = loaded({{"canceled", true}});
    EXPECT_EQ(position.status, OrderStatus::Canceled);
    EXPECT_TRUE(position.understood);
}

TEST_F(OrdersPretix, NamesAreCutAndSecretsAreNot) {
    EXPECT_EQ(loaded({{"attendee_name", std::string(5'000, 'a')}}).attendee_name.size(), 1'000U);
    const std::string longest(4'096, 's');
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, longest)})})}));
    EXPECT_EQ(catalog_.find("e", longest).size(), 1U);
}

TEST_F(OrdersPretix, ASecretOfAMegabyteOpensNothing) {
    const std::string secret(1U << 20U, 's');
    const auto done = catalog_.load({orders("e", {order("A", {position(1, secret)})})});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->doubtful, 1U);
    EXPECT_TRUE(catalog_.find("e", secret).empty());
    EXPECT_TRUE(catalog_.find("e", secret.substr(0, 4'096)).empty());
}

TEST_F(OrdersPretix, PositionsWithoutASecretAreNotFoundByNothing) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {{{"id", 1}, {"item", 1}}})})}));
    EXPECT_TRUE(catalog_.find("e", "").empty());
}

TEST_F(OrdersPretix, TwoPositionsWithOneSecretAreBothFound) {
    ASSERT_TRUE(catalog_.load({orders(
        "e", {order("A", {position(1, "s"), position(2, "s")}), order("B", {position(3, "s")})})}));
    EXPECT_EQ(catalog_.find("e", "s").size(), 3U);
}

TEST_F(OrdersPretix, TwoPositionsOfAnOrderWithOneNumberAreNotBothBelieved) {
    ASSERT_TRUE(catalog_.load({orders("e", {order("A", {position(1, "a"), position(1, "b")})})}));
    EXPECT_EQ(catalog_.find("e", "b")[0].status, OrderStatus::Canceled);
}

TEST_F(OrdersPretix, AnOrderWithoutACodeKeepsItsSecretsKnown) {
    Json row = order("A", {position(1, "s")});
    row.erase("code");
    ASSERT_TRUE(catalog_.load({orders("e", {row})}));
    const auto found = catalog_.find("e", "s");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].order_code.front(), '?');
}

TEST_F(OrdersPretix, WhatIsNoOrderEndsTheImport) {
    for (const char* row :
         {"1", "null", "[]", "{", "{\"code\":\"\xC3\x28\"}",
          R"({"code":"A","status":"p","positions":5})", R"({"code":"A","status":"p"})"}) {
        EXPECT_FALSE(catalog_.load({{Resource::Orders, "e", {row}}})) << row;
    }
    const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
    EXPECT_FALSE(catalog_.load({{Resource::Orders, "e", {"{\"code\":" + deep + "}"}}}));
}

TEST_F(OrdersPretix, AnAnswerThatIsNotUnderstoodIsNone) {
    const KnownPosition position =
        loaded({{"answers",
                 {{{"question", 1}, {"answer", "True"}},
                  {{"question", "2"}, {"answer", "x"}},
                  {{"question", 3}, {"answer", nullptr}},
                  {{"question", 4}, {"answer", "A"}, {"option_identifiers", {"P", "Q"}}}}}});
    ASSERT_EQ(position.answers.size(), 2U);
    EXPECT_EQ(position.answers[1].options, "P,Q");
}

TEST_F(OrdersPretix, AMediumThatIsNotUnderstoodOpensNothing) {
    const Json good{{"id", 1}, {"type", "nfc_uid"}, {"identifier", "X"}, {"active", true}};
    for (const Json& bad : {Json{{"expires", "never"}}, Json{{"active", "yes"}}, Json{{"id", 0}},
                            Json{{"type", nullptr}}, Json{{"linked_orderpositions", {1, "2"}}}}) {
        ASSERT_TRUE(catalog_.load({rows(Resource::Media, "", {good})}));
        Json row = good;
        row.update(bad);
        const auto done = catalog_.load({rows(Resource::Media, "", {row})});
        ASSERT_TRUE(done);
        EXPECT_EQ(done->refused, 1U) << bad;
        FoundMedia media;
        ASSERT_TRUE(catalog_.orders().view()->find_medium("nfc_uid", "X", media));
        EXPECT_EQ(media.size(), 0U) << bad;
    }
}

TEST_F(OrdersPretix, ASecretOfTheListsThatIsNotUnderstoodEndsTheImport) {
    for (const Resource list : {Resource::Revoked, Resource::Blocked}) {
        EXPECT_FALSE(catalog_.load({rows(list, "e", {{{"id", 1}}})}));
        EXPECT_FALSE(catalog_.load({rows(list, "e", {{{"id", 1}, {"secret", 5}}})}));
        EXPECT_FALSE(catalog_.load({rows(list, "e", {{{"secret", "s"}}})}));
        const auto long_one =
            catalog_.load({rows(list, "e", {{{"id", 1}, {"secret", std::string(9'000, 's')}}})});
        ASSERT_TRUE(long_one);
        EXPECT_EQ(long_one->refused, 1U);
    }
}

}  // namespace
}  // namespace stile::test
