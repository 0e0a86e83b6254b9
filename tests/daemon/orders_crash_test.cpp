// SPDX-License-Identifier: Apache-2.0
// Kills an import of orders at random points: the old orders or the new ones are there, completely.
#include <random>

#include <fmt/format.h>

#include "daemon/catalog/orders/import.hpp"
#include "tests/daemon/catalog_fixture.hpp"
#include "tests/daemon/killed_child.hpp"
#include "tests/daemon/orders_fixture.hpp"

namespace stile::test {
namespace {

constexpr int kKills = 20;
constexpr int kOrders = 2'000;
constexpr int kSteps = 5;  // about as many as the import has

std::string secret_of(int state, int order) {
    return fmt::format("state{}-{}", state, order);
}

std::string state_text(int state) {
    std::string rows;
    for (int i = 0; i < kOrders; ++i)
        rows += order(fmt::format("O{}", i),
                      {position(static_cast<std::uint64_t>(i) + 1, secret_of(state, i))})
                    .dump() +
                "\n";
    return "{\"catalog\":1,\"update\":\"full\"}\n" +
           fmt::format(R"({{"resource":"orders","event":"e","bytes":{}}})", rows.size()) + "\n" +
           rows;
}

// Says one byte at each step of the import, so that the parent can choose one.
[[noreturn]] void import_in_child(const std::filesystem::path& folder, const std::string& text,
                                  int steps) {
    auto catalog = open_catalog(folder, kMapBytes);
    if (!catalog) ::_exit(1);
    const UniqueFd fd = file_of(text);
    const auto progress = [&](std::uint64_t, std::uint64_t) {
        if (::write(steps, ".", 1) != 1) ::_exit(1);
    };
    const auto done = import_catalog(
        *catalog, {.fd = fd.get(), .size = text.size(), .batch_bytes = 16U << 10U}, progress, {});
    ::_exit(done ? 0 : 1);
}

bool import_and_kill(const std::filesystem::path& folder, const std::string& text, int after) {
    return kill_child_after(after, [&](int steps) { import_in_child(folder, text, steps); });
}

bool is_state(OrderCatalog& catalog, int state) {
    for (int i = 0; i < kOrders; i += 37) {
        if (catalog.find("e", secret_of(state, i)).size() != 1) return false;
        if (!catalog.find("e", secret_of(state + 1, i)).empty()) return false;
    }
    return catalog.in_use(event_number("e")).rows == kOrders;
}

TEST(OrdersCrash, AKilledImportLeavesTheOldOrTheNewOrders) {
    OrderCatalog catalog{kMapBytes};
    catalog.close();
    std::mt19937 random{3};  // NOLINT(bugprone-random-generator-seed): the same run each time
    ASSERT_FALSE(import_and_kill(catalog.folder(), state_text(0), 1'000));
    int state = 0;
    int killed = 0;
    for (int round = 0; round < kKills; ++round) {
        catalog.close();
        if (import_and_kill(catalog.folder(), state_text(state + 1),
                            static_cast<int>(random() % kSteps)))
            ++killed;
        catalog.reopen();
        if (!is_state(catalog, state)) ++state;
        ASSERT_TRUE(is_state(catalog, state)) << "round " << round;
        ASSERT_TRUE(remove_old_loads(catalog.environment(), 500, {}));
        EXPECT_EQ(catalog.keys(CatalogTable::Orders), std::uint64_t{kOrders});
    }
    EXPECT_GT(killed, kKills / 2);
}

}  // namespace
}  // namespace stile::test
