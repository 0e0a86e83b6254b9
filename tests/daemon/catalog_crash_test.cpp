// SPDX-License-Identifier: Apache-2.0
// Kills an import at random points: afterwards the list is exactly the old one or the new one.
#include <random>

#include <fmt/format.h>

#include "tests/daemon/catalog_fixture.hpp"
#include "tests/daemon/killed_child.hpp"

namespace stile::test {
namespace {

constexpr int kKills = 30;
constexpr int kRecords = 30'000;
constexpr int kSteps = 15;  // about as many as the import of such a list has

// List `n` revokes the serials that have remainder n mod 3.
std::string list_text(int n) {
    std::string text;
    for (int serial = n % 3; serial < kRecords; serial += 3)
        text += fmt::format("acme 7 {0}\nfar 7 {0}\nfar 8 {0} <4\n", serial);
    return text;
}

// Says one byte at each step of the import, so that the parent can choose one.
[[noreturn]] void import_in_child(const std::filesystem::path& folder, const std::string& text,
                                  int steps) {
    auto catalog = open_catalog(folder, kMapBytes);
    if (!catalog) ::_exit(1);
    const UniqueFd fd = file_of(text);
    RevocationImport import{*catalog, folder, {.run_records = 1'000, .batch_bytes = 16U << 10U}};
    const auto progress = [&](std::uint64_t, std::uint64_t) {
        if (::write(steps, ".", 1) != 1) ::_exit(1);
    };
    const auto list = import.run(
        {.fd = fd.get(), .size = text.size(), .at = {}, .dense = acme_range()}, progress, {});
    ::_exit(list ? 0 : 1);
}

bool import_and_kill(const std::filesystem::path& folder, const std::string& text, int after) {
    return kill_child_after(after, [&](int steps) { import_in_child(folder, text, steps); });
}

// Which list is in use, if it is exactly that one.
int list_in_use(Catalog& catalog) {
    for (int n = 0; n < 3; ++n) {
        bool all = true;
        for (int serial = 0; serial < kRecords && all; serial += serial < 50 ? 1 : 97) {
            const auto number = static_cast<std::uint64_t>(serial);
            const bool expected = serial % 3 == n;
            all =
                catalog.revoked(ticket(kIssuer, 7, number)) == expected &&
                catalog.revoked(ticket("far", 7, number)) == expected &&
                catalog.status(ticket("far", 8, number)).lowest_valid_reissue == (expected ? 4 : 0);
        }
        if (all) return n;
    }
    return -1;
}

void expect_no_leftovers(Catalog& catalog) {
    RevocationImport import{catalog.environment(), catalog.folder(), kSmallLimits};
    ASSERT_TRUE(import.remove_leftovers({}));
    const auto list = catalog.revocations().list();
    ASSERT_TRUE(list);
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 1U);
    EXPECT_EQ(catalog.keys(CatalogTable::Reissue), list->reissues);
    EXPECT_EQ(catalog.keys(CatalogTable::Hashed), list->hashed);
}

TEST(CatalogCrash, AKilledImportLeavesTheOldOrTheNewList) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import(list_text(0)));
    std::mt19937 random{2};  // NOLINT(bugprone-random-generator-seed): the same run each time
    int in_use = 0;
    int killed = 0;
    for (int round = 0; round < kKills; ++round) {
        catalog.close();
        const int next = (in_use + 1) % 3;
        if (import_and_kill(catalog.folder(), list_text(next), static_cast<int>(random() % kSteps)))
            ++killed;
        catalog.reopen();
        const int found = list_in_use(catalog);
        ASSERT_TRUE(found == in_use || found == next) << "round " << round << ": " << found;
        in_use = found;
        if (round % 2 == 0) expect_no_leftovers(catalog);
    }
    EXPECT_GT(killed, kKills / 2);
}

}  // namespace
}  // namespace stile::test
