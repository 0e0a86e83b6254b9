// SPDX-License-Identifier: Apache-2.0
// Catalog texts: several answers in one file, and what is missing at the end.
#include <fmt/format.h>

#include "daemon/catalog/orders/import.hpp"
#include "tests/daemon/catalog_fixture.hpp"
#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

constexpr std::string_view kFull = R"({"catalog":1,"update":"full"})";

std::string part(std::string_view resource, std::string_view event, std::string_view content,
                 std::string_view more = "") {
    return fmt::format(R"({{"resource":"{}","event":"{}"{},"bytes":{}}})", resource, event, more,
                       content.size()) +
           "\n" + std::string{content};
}

std::string text(std::string_view parts, std::string_view first = kFull) {
    return std::string{first} + "\n" + std::string{parts};
}

class OrdersImport : public ::testing::Test {
protected:
    Result<UpdateSummary> import(std::string_view content, const std::stop_token& stop = {}) {
        const UniqueFd file = file_of(content);
        return import_catalog(
            catalog_.environment(), {.fd = file.get(), .size = content.size()},
            [this](std::uint64_t, std::uint64_t) { ++steps_; }, stop);
    }
    std::string fault(std::string_view content) { return error_text(import(content)); }
    OrderCatalog catalog_;
    int steps_ = 0;
};

const std::string kOrder = order("A", {position(1, "a")}).dump();

TEST_F(OrdersImport, ReadsAllFormsOfAnAnswer) {
    const std::string b = order("B", {position(2, "b")}).dump();
    const std::string page = R"({"count":1,"next":null,"results":[)" + b + "]}";
    const auto done = import(
        text(part("orders", "e", "[" + kOrder + "]") + part("orders", "f", page) +
             part("items", "e", "{\"id\":1}\n{\"id\":2}\n") + part("reusablemedia", "", "[]")));
    ASSERT_TRUE(done) << done.error().context;
    EXPECT_EQ(done->orders, 2U);
    EXPECT_EQ(done->documents, 2U);
    EXPECT_EQ(catalog_.find("e", "a").size(), 1U);
    EXPECT_EQ(catalog_.find("f", "b").size(), 1U);
    EXPECT_GT(steps_, 0);
}

TEST_F(OrdersImport, TwoPartsOfOneResourceAreOneAnswer) {
    const std::string b = order("B", {position(2, "b")}).dump();
    ASSERT_TRUE(import(text(part("orders", "e", kOrder) + part("orders", "e", b))));
    EXPECT_EQ(catalog_.find("e", "a").size() + catalog_.find("e", "b").size(), 2U);
}

TEST_F(OrdersImport, AnEventMayBeGivenANumber) {
    ASSERT_TRUE(import(text(part("orders", "e", kOrder, R"(,"number":7)"))));
    EXPECT_EQ(catalog_.in_use(7).rows, 1U);
    EXPECT_EQ(catalog_.in_use(event_number("e")).number, 0U);
}

TEST_F(OrdersImport, AMissingLastPageLeavesTheOldOrders) {
    ASSERT_TRUE(import(text(part("orders", "e", kOrder))));
    const std::string page = R"({"next":"https://x","results":[]})";
    const std::string last = R"({"next":null,"results":[]})";
    EXPECT_EQ(fault(text(part("orders", "e", page))), "e: the last page is missing");
    EXPECT_EQ(catalog_.find("e", "a").size(), 1U);
    EXPECT_TRUE(import(text(part("orders", "e", page) + part("orders", "e", last))));
    EXPECT_TRUE(import(text(part("orders", "e", page), R"({"catalog":1,"update":"difference"})")));
}

TEST_F(OrdersImport, ErrorsNameThePartAndTheRow) {
    EXPECT_EQ(fault(text(part("orders", "e", "[" + kOrder + ",5]"))),
              "e: row 2: the order is no object");
    EXPECT_EQ(fault(text(part("orders", "e", "[" + kOrder))), "e: row 2: the file ends too early");
}

TEST_F(OrdersImport, WhatIsNoCatalogTextIsRefused) {
    for (const std::string& bad :
         {std::string{}, std::string{"\n"}, std::string{kFull}, std::string{"[]\n"},
          text("", R"({"catalog":2,"update":"full"})"), text("", R"({"catalog":1})"), text("x"),
          text("x\n"),
          text(R"({"resource":"orders","event":"e"})"
               "\n"),
          text(R"({"resource":"orders","bytes":0})"
               "\n"),
          text(R"({"resource":"other","event":"e","bytes":0})"
               "\n"),
          text(R"({"resource":"orders","event":"e","bytes":-1})"
               "\n"),
          text(R"({"resource":"orders","event":"e","bytes":1})"
               "\n"),
          text(R"({"resource":"orders","event":"e","bytes":18446744073709551615})"
               "\n"),
          text(part("orders", "e", "[]", R"(,"number":0)")),
          text(part("orders", "e", "[]", R"(,"number":4294967296)")),
          text(std::string(10'000, ' '))})
        EXPECT_FALSE(import(bad)) << bad.substr(0, 100);
}

TEST_F(OrdersImport, ATextThatIsCutShortAnywhereLeavesTheOldOrders) {
    ASSERT_TRUE(import(text(part("orders", "e", kOrder))));
    const std::string b = order("B", {position(2, "b")}).dump();
    const std::string whole = text(part("orders", "e", "[" + b + "]") + part("items", "e", "[]"));
    const std::size_t between = whole.rfind(R"({"resource")");
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        if (size == between || size == kFull.size() + 1) continue;
        EXPECT_FALSE(import(whole.substr(0, size))) << size;
    }
    EXPECT_EQ(catalog_.find("e", "a").size(), 1U);
}

TEST_F(OrdersImport, AnUpdateCanBeStopped) {
    std::stop_source source;
    source.request_stop();
    const auto stopped = import(text(part("orders", "e", kOrder)), source.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Closed);
    EXPECT_TRUE(catalog_.find("e", "a").empty());
}

TEST_F(OrdersImport, SummariesFitIntoAnAnswer) {
    UpdateSummary summary;
    summary.orders = 3;
    for (int i = 0; i < 100; ++i)
        summary.warnings.emplace_back(1'000, 'w');
    const std::string json = summary_json(summary);
    EXPECT_LE(json.size(), 4'000U);
    EXPECT_EQ(Json::parse(json)["orders"], 3);
}

}  // namespace
}  // namespace stile::test
