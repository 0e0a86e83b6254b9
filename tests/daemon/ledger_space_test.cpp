// SPDX-License-Identifier: Apache-2.0
// A full disk drops refusals before admissions, and the ledger says so when there is room again.
#include "tests/daemon/ledger_fixture.hpp"
#include "tests/daemon/lmdb_fixture.hpp"
#include "tests/support/small_disk.hpp"

namespace stile::test {
namespace {

constexpr int kGood = 0;
constexpr int kImpossible = 99;

struct Stored {
    bool admission = false;
    bool refusal = false;
};

// One refusal and one admission together, as the gate stores them.
Stored store(Ledger& ledger, FakeClock& clock, std::uint32_t serial) {
    crypto::Identity guest;
    std::ranges::copy(big_endian(serial), guest.bytes.begin());
    for (const Refusals refusals : {Refusals::Store, Refusals::CountOnly}) {
        auto batch = ledger.begin(refusals);
        if (!batch) return {};
        const auto refusal = batch->append(refused(Reason::Used), clock.now());
        const bool put = refusal && batch->admit({admitted(), guest, {}}, clock.now());
        if (put && std::move(*batch).commit()) return {true, *refusal != 0};
    }
    return {};
}

// Runs in a child that has its own mounts; the number of the expectation that failed.
int use_up_the_reserve(const std::filesystem::path& disk) {
    if (!mount_small_disk(disk, 16)) return kImpossible;
    FakeClock clock{kLedgerNoon};
    auto ledger = Ledger::open(
        {.folder = disk / "ledger", .map_bytes = 64U << 20U, .reserve_bytes = 4U << 20U}, clock);
    if (!ledger) return 1;
    fill_up(disk / "filler");
    std::uint32_t serial = 0;
    std::uint32_t without_refusals = 0;
    for (Stored stored{true, true}; stored.admission && serial < 20'000; ++serial) {
        stored = store(*ledger, clock, serial);
        if (stored.admission && !stored.refusal) ++without_refusals;
        if (serial == 0 && !stored.refusal) return 2;  // the first half of the reserve is for all
        if (!stored.admission && without_refusals < 500) return 3;
    }
    if (serial == 20'000) return 4;  // it must end some time
    std::filesystem::remove(disk / "filler");
    if (!store(*ledger, clock, serial).refusal) return 5;
    const auto last = decode_entry(ledger->entries(ledger->head().seq, 1)->front());
    const auto* told = std::get_if<NotStored>(&last->body);
    if (told == nullptr || told->refusals < without_refusals) return 6;
    if (ledger->head().totals.not_stored != told->refusals) return 7;
    return ledger->verify() ? kGood : 8;
}

TEST(LedgerSpace, IsKeptForAdmissionsWhenTheDiskIsFull) {
    const TempDir temp;
    const int ended = in_child([&] { return use_up_the_reserve(temp.path()); });
    if (ended == kImpossible) GTEST_SKIP() << "a file system can be mounted by root only";
    EXPECT_EQ(ended, kGood);
}

class LedgerLosses : public LedgerFixture {};

TEST_F(LedgerLosses, AreToldOnceWithTheirTimes) {
    Ledger ledger = open();
    ledger.refusal_lost(kLedgerNoon);
    ledger.refusal_lost(kLedgerNoon + std::chrono::minutes{1});
    (void)admit(ledger, 1);
    const auto told = std::get<NotStored>(last_entry(ledger).body);
    EXPECT_EQ(told, (NotStored{2, 1'800'000'000'000, 1'800'000'060'000}));
    (void)admit(ledger, 2);
    EXPECT_TRUE(std::holds_alternative<Decided>(last_entry(ledger).body));
}

TEST_F(LedgerLosses, AreCountedByABatchThatLeavesRefusalsOut) {
    Ledger ledger = open();
    auto batch = ledger.begin(Refusals::CountOnly);
    EXPECT_EQ(*batch->append(refused(Reason::Used), clock_.now()), 0U);
    ASSERT_TRUE(std::move(*batch).commit());
    (void)admit(ledger, 1);
    EXPECT_EQ(std::get<NotStored>(last_entry(ledger).body).refusals, 1U);
    EXPECT_EQ(ledger.head().totals.not_stored, 1U);
}

TEST_F(LedgerLosses, AreNotCountedForABatchThatIsNotCommitted) {
    Ledger ledger = open();
    {
        auto batch = ledger.begin(Refusals::CountOnly);
        EXPECT_EQ(*batch->append(refused(Reason::Used), clock_.now()), 0U);
    }
    (void)admit(ledger, 1);
    EXPECT_TRUE(std::holds_alternative<Decided>(last_entry(ledger).body));
}

}  // namespace
}  // namespace stile::test
