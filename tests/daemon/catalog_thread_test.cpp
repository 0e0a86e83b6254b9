// SPDX-License-Identifier: Apache-2.0
// Look-ups while another thread imports, and the thread that does it.
#include "daemon/catalog/catalog_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

// Serials of one remainder mod 2, dense and foreign.
std::string half_list(int remainder) {
    std::string text;
    for (int serial = remainder; serial < 6'000; serial += 2)
        text += fmt::format("acme 7 {0}\nfar 7 {0}\nacme 7 {0} <2\n", serial);
    return text;
}

TEST(CatalogThread, LookUpsSeeWholeListsWhileAnotherThreadImports) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import(half_list(0)));
    std::atomic<bool> done = false;
    std::jthread writer{[&] {
        for (int i = 1; i <= 4; ++i)
            EXPECT_TRUE(catalog.import(half_list(i % 2)));
        done = true;
    }};
    std::uint64_t look_ups = 0;
    std::uint64_t serial = 0;
    while (!done) {
        serial = (serial + 7) % 6'000;
        const auto dense = catalog.status(ticket(kIssuer, 7, serial));
        ASSERT_EQ(dense.revoked, dense.lowest_valid_reissue == 2) << "from two lists at once";
        (void)catalog.revoked(ticket("far", 7, serial));
        ++look_ups;
    }
    writer.join();
    EXPECT_GT(look_ups, 100U);
    EXPECT_TRUE(catalog.revoked(ticket("far", 7, 0)));
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 1)));
    EXPECT_EQ(catalog.keys(CatalogTable::Hashed), 3'000U);
}

// Keeps the outcomes for the test's thread.
class Outcomes {
public:
    void add(CatalogEvent event) {
        if (!std::holds_alternative<ImportOutcome>(event)) return;
        const std::lock_guard lock{mutex_};
        outcomes_.push_back(std::get<ImportOutcome>(std::move(event)));
        changed_.notify_all();
    }
    std::vector<ImportOutcome> wait_for(std::size_t count) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return outcomes_.size() >= count; });
        return std::exchange(outcomes_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ImportOutcome> outcomes_;
};

ImportJob job(std::uint32_t request, std::string_view text) {
    return {.request = request,
            .text = file_of(text),
            .size = text.size(),
            .at = std::chrono::sys_seconds{std::chrono::seconds{1'800'000'000}},
            .dense = acme_range()};
}

TEST(CatalogThread, AnswersEachJobInOrder) {
    Catalog catalog;
    Outcomes outcomes;
    CatalogThread thread{catalog.environment(), catalog.folder(),
                         [&](CatalogEvent event) { outcomes.add(std::move(event)); }};
    ASSERT_TRUE(thread.submit(job(11, "acme 7 1\n")));
    ASSERT_TRUE(thread.submit(job(12, "acme 7 x\n")));
    ASSERT_TRUE(thread.submit(job(13, "acme 7 2\n")));
    const auto answers = outcomes.wait_for(3);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].request, 11U);
    EXPECT_TRUE(answers[0].list);
    EXPECT_EQ(answers[1].request, 12U);
    EXPECT_EQ(error_text(answers[1].list), "line 1: serial is not a number");
    EXPECT_EQ(answers[2].list->generation, 2U);
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 2)));
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 1)));
}

TEST(CatalogThread, RefusesAJobWhenTooManyWait) {
    Catalog catalog;
    Outcomes outcomes;
    std::atomic<int> refused = 0;
    {
        // The first outcome holds the thread until all jobs were offered.
        std::atomic<bool> offered = false;
        CatalogThread thread{catalog.environment(), catalog.folder(), [&](CatalogEvent event) {
                                 offered.wait(false);
                                 outcomes.add(std::move(event));
                             }};
        for (std::uint32_t i = 0; i < 10; ++i) {
            const auto taken = thread.submit(job(i, "acme 7 1\n"));
            if (taken) continue;
            EXPECT_EQ(taken.error().code, Errc::Full);
            ++refused;
        }
        offered = true;
        offered.notify_all();
        (void)outcomes.wait_for(static_cast<std::size_t>(10 - refused));
    }
    EXPECT_GE(refused, 5);
    EXPECT_LE(refused, 6);
}

TEST(CatalogThread, EndsARunningImportWhenItIsDestroyed) {
    Catalog catalog;
    std::string text;
    for (int i = 0; i < 300'000; ++i)
        text += fmt::format("far 7 {}\n", i);
    std::vector<ImportOutcome> outcomes;
    {
        CatalogThread thread{catalog.environment(), catalog.folder(), [&](CatalogEvent event) {
                                 if (auto* outcome = std::get_if<ImportOutcome>(&event))
                                     outcomes.push_back(std::move(*outcome));
                             }};
        ASSERT_TRUE(thread.submit(job(1, text)));
    }
    // Stopped before its turn, or while it ran.
    ASSERT_LE(outcomes.size(), 1U);
    for (const ImportOutcome& outcome : outcomes)
        EXPECT_EQ(outcome.list.error().code, Errc::Closed);
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 1)));
}

TEST(CatalogThread, RemovesLeftoversWhenItStarts) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1\n"));
    catalog.put(CatalogTable::Hashed, hashed_key(9, 1), Buffer(8));
    catalog.put(CatalogTable::Bits, bits_key(0, crypto::IssuerId{1}, 1, 1), Buffer(kChunkBytes));
    Outcomes outcomes;
    CatalogThread thread{catalog.environment(), catalog.folder(),
                         [&](CatalogEvent event) { outcomes.add(std::move(event)); }};
    ASSERT_TRUE(thread.submit(job(1, "bad\n")));  // its outcome comes after the removal
    (void)outcomes.wait_for(1);
    EXPECT_EQ(catalog.keys(CatalogTable::Hashed), 0U);
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 1U);
}

}  // namespace
}  // namespace stile::test
