// SPDX-License-Identifier: Apache-2.0
// Events, products, lists and questions: what is read of them, and what a doubt does.
#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

class OrdersBook : public ::testing::Test {
protected:
    static Json event(Json more = Json::object()) {
        Json out{{"slug", "e"}, {"name", {{"de", "Fest"}, {"en", "Feast"}}}, {"timezone", "UTC"}};
        out.update(more);
        return out;
    }
    UpdateSummary load(const std::vector<Rows>& rows) {
        const auto done = catalog_.load(rows);
        EXPECT_TRUE(done) << done.error().context;
        book_ = load_book(catalog_.environment()).value_or(nullptr);
        EXPECT_NE(book_, nullptr);
        return done.value_or(UpdateSummary{});
    }
    UpdateSummary load(Resource resource, const std::vector<Json>& list) {
        return load({rows(Resource::Event, "e", {event()}), rows(resource, "e", list)});
    }
    const EventBook& e() {
        static const EventBook none;
        const EventBook* found = book_->find("e");
        EXPECT_NE(found, nullptr);
        return found == nullptr ? none : *found;
    }
    OrderCatalog catalog_;
    std::shared_ptr<const Book> book_;
};

TEST_F(OrdersBook, IsEmptyBeforeTheFirstImport) {
    const auto book = load_book(catalog_.environment());
    ASSERT_TRUE(book);
    EXPECT_EQ((*book)->version(), 0U);
    EXPECT_EQ((*book)->find("e"), nullptr);
}

TEST_F(OrdersBook, NamesAreEnglishOrTheFirst) {
    load({rows(Resource::Event, "e", {event()}),
          rows(Resource::Items, "e",
               {{{"id", 1}, {"name", {{"de", "Karte"}, {"fr", "Billet"}}}},
                {{"id", 2}, {"name", "T"}},
                {{"id", 3}, {"name", nullptr}}})});
    EXPECT_EQ(e().event.name, "Feast");
    EXPECT_EQ(e().product(1)->name, "Karte");
    EXPECT_EQ(e().product(2)->name, "T");
    EXPECT_EQ(e().product(3)->name, "");
    EXPECT_EQ(e().product(4), nullptr);
}

TEST_F(OrdersBook, AnEventWithoutAZoneHasNone) {
    Json row = event();
    row.erase("timezone");
    load({rows(Resource::Event, "e", {row})});
    EXPECT_EQ(e().event.zone, "");
}

TEST_F(OrdersBook, AnEventWhoseTimesCannotBeReadIsNotKnown) {
    load({rows(Resource::Event, "e", {event()})});
    for (const Json& time : {Json("1969-01-01T00:00:00Z"), Json("2107-01-01T00:00:00Z"), Json(5)}) {
        EXPECT_EQ(load({rows(Resource::Event, "e", {event({{"date_to", time}})})}).refused, 1U);
        EXPECT_EQ(book_->find("e"), nullptr);
    }
}

TEST_F(OrdersBook, KeysThatCannotBeReadAreLeftOut) {
    load(
        {rows(Resource::Event, "e",
              {event({{"valid_keys", {{"pretix_sig1", {"rubbish", 5, std::string(64, 'a')}}}}})})});
    EXPECT_EQ(e().keys.size(), 1U);
}

TEST_F(OrdersBook, ListsKeepTheirRulesAsText) {
    load(Resource::Lists, {{{"id", 1}, {"rules", {{"and", {false, true}}}}},
                           {{"id", 2}, {"rules", Json::object()}},
                           {{"id", 3}, {"rules", nullptr}},
                           {{"id", 4}, {"rules", 7}}});
    EXPECT_EQ(e().list(1)->rules, R"({"and":[false,true]})");
    EXPECT_EQ(e().list(2)->rules, "");
    EXPECT_EQ(e().list(3)->rules, "");
    EXPECT_EQ(e().list(4)->rules, "7");
}

TEST_F(OrdersBook, AListThatIsNotUnderstoodIsNotThere) {
    load(Resource::Lists, {{{"id", 1}, {"all_products", true}}});
    const auto summary = load(Resource::Lists, {{{"id", 1}, {"all_products", "yes"}},
                                                {{"id", 2}, {"limit_products", {1, -1}}},
                                                {{"id", 3}, {"subevent", "x"}}});
    EXPECT_EQ(summary.refused, 3U);
    EXPECT_EQ(summary.warnings.size(), 3U);
    EXPECT_TRUE(e().lists.empty());
}

TEST_F(OrdersBook, AListWithRulesNestedTooDeepIsNotThere) {
    load(Resource::Lists, {{{"id", 1}}, {{"id", 2}}});
    const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
    const Rows lists{Resource::Lists, "e", {R"({"id":1,"rules":)" + deep + "}", R"({"id":2})"}};
    EXPECT_EQ(load({lists}).refused, 1U);
    EXPECT_EQ(e().list(1), nullptr);
    EXPECT_NE(e().list(2), nullptr);
    EXPECT_FALSE(catalog_.change({lists}));  // here the old list would stay
}

TEST_F(OrdersBook, AListMayNameProductsThatNobodyKnows) {
    load(Resource::Lists, {{{"id", 1}, {"limit_products", {99}}, {"subevent", 5}}});
    EXPECT_EQ(e().list(1)->list.products, std::vector<std::uint64_t>{99});
    EXPECT_EQ(e().list(1)->list.subevent, 5U);
}

TEST_F(OrdersBook, AMediumIsWantedByPolicyAndTypeTogether) {
    load(Resource::Items, {{{"id", 1}, {"media_policy", "new"}, {"media_type", "nfc_uid"}},
                           {{"id", 2}, {"media_policy", "something else"}, {"media_type", "x"}},
                           {{"id", 3}, {"media_policy", nullptr}, {"media_type", "nfc_uid"}},
                           {{"id", 4}, {"media_policy", "reuse"}, {"media_type", nullptr}},
                           {{"id", 5}}});
    EXPECT_EQ(e().product(1)->media, MediaPolicy::Wanted);
    EXPECT_EQ(e().product(2)->media, MediaPolicy::Wanted);
    EXPECT_EQ(e().product(3)->media, MediaPolicy::None);
    EXPECT_EQ(e().product(4)->media, MediaPolicy::None);
    EXPECT_EQ(e().product(5)->media, MediaPolicy::None);
    EXPECT_FALSE(e().event.media_enforced);
}

TEST_F(OrdersBook, SettingsMayEnforceMedia) {
    load(Resource::Settings, {{{"reusable_media_usage_enforced", true}}});
    EXPECT_TRUE(e().event.media_enforced);
    load(Resource::Settings, {{{"reusable_media_usage_enforced", false}}});
    EXPECT_FALSE(e().event.media_enforced);
}

TEST_F(OrdersBook, AQuestionIsReadWithItsOptionsAndItsDependency) {
    load(Resource::Questions,
         {{{"id", 4},
           {"question", {{"en", "Meal?"}}},
           {"type", "C"},
           {"required", true},
           {"ask_during_checkin", true},
           {"items", {1, 2}},
           {"position", -3},
           {"options", {{{"id", 1}, {"identifier", "X"}, {"answer", {{"en", "Fish"}}}}}},
           {"dependency_question", 9},
           {"dependency_values", {"True"}}},
          {{"id", 5}, {"type", "?"}, {"dependency_value", "A"}}});
    const Question* meal = e().question(4);
    ASSERT_NE(meal, nullptr);
    EXPECT_EQ(meal->type, QuestionType::Choice);
    EXPECT_EQ(meal->position, -3);
    EXPECT_EQ(meal->options.at(0).text, "Fish");
    EXPECT_EQ(meal->depends_on, 9U);
    EXPECT_EQ(meal->depends_values, std::vector<std::string>{"True"});
    EXPECT_EQ(e().question(5)->type, QuestionType::Line);
    EXPECT_EQ(e().question(5)->depends_values, std::vector<std::string>{"A"});
}

TEST_F(OrdersBook, AQuestionThatIsNotUnderstoodEndsTheImportBecauseItWouldNotBeAsked) {
    for (const Json& bad : {Json{{"id", 1}, {"required", "x"}}, Json{{"id", 1}, {"items", 5}},
                            Json{{"id", -1}}, Json::array()})
        EXPECT_FALSE(catalog_.load({rows(Resource::Questions, "e", {bad})})) << bad;
}

TEST_F(OrdersBook, AFullAnswerRemovesWhatItDoesNotName) {
    load(Resource::Items, {{{"id", 1}}, {{"id", 2}}});
    const std::uint64_t version = book_->version();
    load({rows(Resource::Items, "e", {{{"id", 2}}})});
    EXPECT_EQ(e().products.size(), 1U);
    EXPECT_GT(book_->version(), version);
    load({rows(Resource::Items, "e", {})});
    EXPECT_TRUE(e().products.empty());
}

TEST_F(OrdersBook, ADifferenceRemovesNothing) {
    load(Resource::Items, {{{"id", 1}}, {{"id", 2}}});
    ASSERT_TRUE(catalog_.change({rows(Resource::Items, "e", {{{"id", 2}, {"name", "N"}}})}));
    book_ = *load_book(catalog_.environment());
    EXPECT_EQ(e().products.size(), 2U);
    EXPECT_EQ(e().product(2)->name, "N");
}

TEST_F(OrdersBook, AnEventUnderAnotherNameEndsTheImport) {
    EXPECT_FALSE(catalog_.load({rows(Resource::Event, "f", {event()})}));
}

TEST_F(OrdersBook, TwoEventsWithOneNumberEndTheImport) {
    CatalogUpdate update{catalog_.environment(), {.numbers = {{"e", 7}, {"f", 7}}}};
    ASSERT_TRUE(update.open(Resource::Items, "e"));
    const auto second = update.open(Resource::Items, "f");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Invalid);
}

TEST_F(OrdersBook, EventNumbersAreTheSameEverywhere) {
    EXPECT_EQ(event_number("demo"), event_number("demo"));
    EXPECT_NE(event_number("demo"), event_number("demo2"));
    EXPECT_GE(event_number("demo"), 0x8000'0000U);
}

}  // namespace
}  // namespace stile::test
