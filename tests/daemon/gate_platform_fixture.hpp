// SPDX-License-Identifier: Apache-2.0
// A gate that asks the lists of a small event, with a real catalog.
#pragma once

#include <string>
#include <vector>

#include "daemon/admission/platform_record.hpp"
#include "tests/crypto/pretix.hpp"
#include "tests/daemon/gate_fixture.hpp"
#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {

// Event "demo" with the products 1 and 2. List 7 has both, list 8 lets in again after an exit, list
// 9 once a day.
class GatePlatformTest : public GateTest {
protected:
    GatePlatformTest() {
        load({order("A", {position(1, "first"), position(2, "second", {{"item", 2}})}),
              order("B", {position(3, "unpaid")}, {{"status", "n"}}),
              order("C", {position(4, "cancelled")}, {{"status", "c"}})});
        platform_ = PlatformSetup{.orders = &catalog_.orders()};
        make_lanes(2);
    }
    ~GatePlatformTest() override { gate_.reset(); }

    static Json event() {
        return {{"slug", "demo"}, {"name", "Demo"}, {"timezone", "Europe/Berlin"}};
    }
    static std::vector<Json> lists() {
        const Json rule{{"<", {{{"var", "entries_today"}}, 1}}};
        return {
            {{"id", 7}, {"all_products", true}},
            {{"id", 8}, {"all_products", true}, {"allow_entry_after_exit", true}},
            {{"id", 9}, {"all_products", true}, {"allow_multiple_entries", true}, {"rules", rule}}};
    }
    static std::vector<Json> products() {
        return {{{"id", 1}, {"name", "Day"}, {"checkin_text", "Welcome"}},
                {{"id", 2}, {"name", "Crew"}, {"checkin_attention", true}}};
    }
    void load(const std::vector<Json>& sold, const std::vector<Rows>& more = {}) {
        std::vector<Rows> all{rows(Resource::Event, "demo", {event()}),
                              rows(Resource::Items, "demo", products()),
                              rows(Resource::Lists, "demo", lists()), orders("demo", sold)};
        all.insert(all.end(), more.begin(), more.end());
        const auto done = catalog_.load(all);
        ASSERT_TRUE(done) << done.error().context;
        EXPECT_EQ(done->refused, 0U);
    }
    void take_book() { gate_->take_book(load_access_book(catalog_.environment()).value()); }

    void make_lanes(std::size_t count, std::uint64_t list = 7,
                    std::chrono::milliseconds timeout = 60'000ms) {
        make_gate(
            std::vector<LaneWish>(count, {.passage_timeout = timeout, .lists = {{"demo", list}}}));
        take_book();
    }
    [[nodiscard]] static std::string signed_ticket() {
        return tests::pretix_text(tests::kPretixPayload, tests::test_key(2));
    }

    // What the platform has to hear, in order.
    [[nodiscard]] std::vector<Json> records() const {
        std::vector<Json> out;
        const auto queued = ledger_.queued(kPlatformQueue, 0, 1000, device_key());
        EXPECT_TRUE(queued) << queued.error().context;
        for (const Queued& record : *queued)
            out.push_back(Json::parse(as_text(record.plain)));
        return out;
    }

    OrderCatalog catalog_;
};

}  // namespace stile::test
